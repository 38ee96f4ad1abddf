// Built modules: what a build makes, and no file holds yet, though a script names it:
//
//     ffi.set_source("shop._native", "int add(int a, int b) { ... }")   # cffi
//
// Its names are unknown. https://cffi.readthedocs.io/en/stable/cdef.html#ffi-set-source
#pragma once

#include "link/modules/file_tree.h"
#include "link/names/statement_signs.h"
#include "link/project.h"
#include "source/discover.h"

namespace pydefrag {

// Adds them to the tree, as files that are generated: below each folder around the script, or `src`
// in it, that has the package; of a name without a package, in the script's folder and those
// around.
void AddBuiltModules(const Project &project, const Discovery &discovery,
                     const StatementSigns &signs, FileTree &tree);

} // namespace pydefrag
