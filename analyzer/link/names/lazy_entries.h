// What the branch of a `__getattr__` says of the name that it asks for.
#pragma once

#include "link/names/lazy_names.h"

#include <vector>

namespace pydefrag {

// The entry for `name`, asked for by the statement at `branch` of the hook whose definition stands
// at `hook`: where its value comes from, and whether the branch warns.
LazyEntry ReadLazyEntry(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                        uint32_t hook, uint32_t branch, NameId name);

// A branch for names that are none of these entries, `if (x := TABLE.get(name)) is None:`, says
// nothing of them: they forget it. Where it raises, and a few plain statements behind it ask a
// module for the name, that is where they come from:
//
//     if name not in __all__: raise AttributeError(name)
//     return getattr(_base, name)
void ReadEntriesBehind(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                       uint32_t hook, uint32_t branch, llvm::MutableArrayRef<LazyEntry> entries);

} // namespace pydefrag
