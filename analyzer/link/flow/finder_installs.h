// Finder installs: expressions that the project's code, or an installed file that was read, puts
// into `sys.meta_path` or `sys.path_hooks` when it is imported. The few files that speak of these
// lists are read again as whole trees; what calls a function that installs something is told by its
// name alone. Entry point: FindFinderInstalls.
#pragma once

#include "link/flow/file_trees.h"
#include "link/names/statement_signs.h"
#include "link/project.h"
#include "link/syntax_view.h"

#include <vector>

namespace pydefrag {

struct FinderInstall {
  FileId file;
  const SourceTree *tree = nullptr; // null: the file cannot be read again
  uint32_t value = 0;               // what is put there
  uint32_t use = 0;                 // the name of the list
};

// In order of files and places.
std::vector<FinderInstall> FindFinderInstalls(const Project &project, const SyntaxView &view,
                                              const StatementSigns &signs, FileTrees &trees,
                                              unsigned jobs);

} // namespace pydefrag
