// Reexports: functions that copy into their own module what another one lists.
//
//     def reexport(module):
//         for name in module.__all__:
//             globals()[name] = getattr(module, name)
//     reexport(parts)
#pragma once

#include "link/flow/source_trees.h"
#include "link/resolve/resolve.h"

namespace pydefrag {

struct Reexport {
  bool all = false;          // whatever is listed; else a condition decides
  llvm::StringRef base_name; // if that is `issubclass(value, Base)` alone: `Base`
  bool lists = false;        // what it copies, it puts into the own `__all__` as well
};

// What a call of the function, with the module as its only argument, does. Nothing: something else,
// or nobody can tell.
std::optional<Reexport> FindReexport(const SourceTree &tree, llvm::StringRef function);

// Whether a name that `source` lists surely is a class below the base that the condition asks for.
bool IsTaken(Resolver &resolver, ModuleId module, const Reexport &reexport, ModuleId source,
             NameId name);

// Adds what such calls put into `__all__`, where functions write into it; false: there may be more.
bool AddReexportedLists(Resolver &resolver, ModuleId module, AllNames &all);

} // namespace pydefrag
