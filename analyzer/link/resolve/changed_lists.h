// Whether a list of names may hold more or less than the statements show that `__all__` is read
// from: `names.append(key)` in a loop, `fill(names)`, `also = names`. Such a list is not known.
#pragma once

#include "base/id.h"
#include "base/names.h"
#include "link/project.h"

namespace pydefrag {

class Resolver;

// Of a list that the module binds to a name at its top. `fixed`: a tuple, which only another
// assignment changes.
bool MayChangeList(Resolver &resolver, ModuleId module, llvm::StringRef name, bool fixed);

// Of the module's `__all__`, besides what NamespaceLog::all_ops does to it.
bool MayChangeAll(Resolver &resolver, ModuleId module);

// Whether the module speaks of its own object and of some `module.__all__`: that may be the same.
bool SpeaksOfOwnList(const Resolver &resolver, ModuleId module);

} // namespace pydefrag
