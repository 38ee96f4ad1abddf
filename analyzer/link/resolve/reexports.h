// Reexports: functions that copy into their own module what another one lists.
//
//     def reexport(module):
//         for name in module.__all__:
//             globals()[name] = getattr(module, name)
//     reexport(parts)
#pragma once

#include "link/flow/source_trees.h"

namespace pydefrag {

struct Reexport {
  bool all = false;          // whatever is listed; else a condition decides
  llvm::StringRef base_name; // if that is `issubclass(value, Base)` alone: `Base`
};

// What a call of the function, with the module as its only argument, does. Nothing: something else,
// or nobody can tell.
std::optional<Reexport> FindReexport(const SourceTree &tree, llvm::StringRef function);

} // namespace pydefrag
