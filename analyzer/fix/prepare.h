// PrepareFixes: gives the fixes of findings their edits. A rule says which row should import what
// (Fix::changes); here that becomes text, and a fix that is less sure than the rule thought says
// so.
#pragma once

#include "report/report.h"

#include <vector>

namespace pydefrag {

// Fixes that cannot be made keep their title and are only shown.
void PrepareFixes(std::vector<Finding> &findings, const Project &project, SourceCache &sources);

} // namespace pydefrag
