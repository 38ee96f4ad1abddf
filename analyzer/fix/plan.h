// PlanImports: what rows should import instead -> edits of their file. Splits statements whose
// names part ways, merges names into an import that is there, keeps aliases, comments, brackets and
// line ends. Knows no rule, and does not judge whether a change is right (fix/safety.h).
#pragma once

#include "check/finding.h"
#include "fix/file_rows.h"
#include "link/project.h"
#include "source/source_file.h"

#include "llvm/ADT/ArrayRef.h"

#include <vector>

namespace pydefrag {

struct ImportPlan {
  std::vector<Edit> edits; // sorted by place, none overlaps another
  std::vector<bool> done;  // by change: the edits make it
};

// `changes` are all in the file of `rows`, whose text is `source`. Of two changes to one row the
// first counts.
ImportPlan PlanImports(const Project &project, const FileRows &rows, const SourceText &source,
                       llvm::ArrayRef<ImportChange> changes);

} // namespace pydefrag
