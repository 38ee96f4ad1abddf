// Imports of a definition's own path that may as well stay, for how the folder or the file that
// they stand in imports, though a package's path is canonical.
#pragma once

#include "link/identity/declared_paths.h"

#include "llvm/ADT/DenseSet.h"

namespace pydefrag {

// Of the definitions whose canonical and accepted paths are known, and whose own is as public:
// - where the defining module lists the name, those from a folder in which three or more take it
//   from there, and less than three times as many from the package;
// - those from a file that takes names which three or more packages offer, the canonical one and
//   its neighbours, from the modules that define them, and none from the packages.
llvm::DenseSet<RowId> FindArguableImports(Project &project, Resolver &resolver,
                                          DeclaredPaths &declared);

} // namespace pydefrag
