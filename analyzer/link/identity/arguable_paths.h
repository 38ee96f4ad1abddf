// Stray paths that some who keep such a project would rather keep: two paths are in use, and which
// one was meant is a matter of taste or of few imports.
#pragma once

#include "link/identity/declared_paths.h"

namespace pydefrag {

// Fills `arguable` in the stray paths of a definition whose canonical path is chosen and whose
// accepted paths are marked. Not arguable are:
// - what a module imports for its own use, and others take from it;
// - a path that far fewer take than the canonical one;
// - a private path beside a public one, unless tests alone take it or more than the public one;
// - a path that warns of its deprecation.
void MarkArguable(Definition &definition, DeclaredPaths &declared);

} // namespace pydefrag
