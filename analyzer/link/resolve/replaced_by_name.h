// Modules that give their `__name__` away: a function of a file that puts modules of computed names
// into `sys.modules` may replace one that it gets the name of.
//
//     deprecate(__name__, {"Old": New})
#pragma once

#include "link/resolve/resolve.h"

#include "llvm/ADT/ArrayRef.h"

namespace pydefrag {

// `makers`: such files.
void OpenModulesReplacedByName(Resolver &resolver, llvm::ArrayRef<FileId> makers);

} // namespace pydefrag
