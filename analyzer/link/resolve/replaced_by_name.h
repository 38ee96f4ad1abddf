// Modules that give their `__name__` away: a function of a file that puts modules of computed names
// into `sys.modules` may replace one that it gets the name of.
//
//     deprecate(__name__, {"Old": New})
//
// Calls are found by bare names and aliases of these; then the definition that is called tells what
// it does (link/flow/given_name.h). Where nobody knows which is called, the name counts.
#pragma once

#include "link/resolve/resolve.h"

#include "llvm/ADT/ArrayRef.h"

namespace pydefrag {

// `makers`: such files.
void OpenModulesReplacedByName(Resolver &resolver, llvm::ArrayRef<FileId> makers);

} // namespace pydefrag
