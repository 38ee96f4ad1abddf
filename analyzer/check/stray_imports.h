// Stray imports: whether one import of a stray path surely is to be changed, or may as well stay,
// for what else its statement and file import, and for where it stands. What the path itself tells
// is PathInfo::arguable (docs/decisions/0006-canonical-paths.md, Warning or note).
#pragma once

#include "link/project.h"

#include <cstddef>

namespace pydefrag {

struct StrayImport {
  bool clear = false; // nobody would keep it
  size_t others = 0;  // names that the file takes from the same module and that may stay
};

// `id` takes `path`, which is neither canonical nor accepted. `inside`: it is to take the
// definition's own path, since it stands in the package whose path is canonical.
StrayImport JudgeStray(const Project &project, const Definition &definition, const PathInfo &path,
                       RowId id, bool inside);

} // namespace pydefrag
