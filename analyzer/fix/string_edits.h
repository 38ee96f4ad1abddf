// StringEdits: strings that name what a fix gave another path (`mock.patch("shop.api.Cart")`,
// `import_module("shop.api")`) follow it. Never safe: whether a patch must follow depends on the
// name that the code under test looks up. Entry point: PlanStringEdits.
#pragma once

#include "check/finding.h"
#include "report/report.h"

#include <map>
#include <vector>

namespace pydefrag {

// For all files of the project; sorted by place. A path that changes lead to several places, and a
// string that is not written down in one piece, are left alone.
std::map<FileId, std::vector<Edit>> PlanStringEdits(const Project &project, SourceCache &sources,
                                                    const std::vector<ImportChange> &changes);

} // namespace pydefrag
