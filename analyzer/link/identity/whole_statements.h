// Names that one statement imports from one module go together: advice to take some of them from a
// package, while the others can only stay, would make two statements of one.
#pragma once

#include "link/identity/declared_paths.h"

namespace pydefrag {

// Marks as internal the imports whose statement would be taken apart for a package around the
// module that it asks, and those from a package that gives all names of the statement. After the
// canonical paths are chosen.
void KeepStatementsWhole(Project &project, DeclaredPaths &declared);

} // namespace pydefrag
