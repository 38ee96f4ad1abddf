// PlanFixes: the fixes of many findings at once -> edits by file. What cannot be made together with
// the rest is left for the next round.
#pragma once

#include "report/report.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <map>
#include <vector>

namespace pydefrag {

struct FixBatch {
  std::map<FileId, std::vector<Edit>> edits; // sorted, none overlaps another
  std::vector<ImportChange> changes;         // that the edits make
  std::vector<size_t> fixed;                 // findings whose fix is among the edits
};

// `findings` are prepared (fix/prepare.h). Takes each one's preferred fix when it is `at_most` that
// unsure and `allowed` says so. With unsafe ones, strings follow the paths that imports got.
FixBatch PlanFixes(const std::vector<Finding> &findings, const Project &project,
                   SourceCache &sources, Applicability at_most,
                   llvm::function_ref<bool(const Fix &)> allowed);

} // namespace pydefrag
