// What the branch of a `__getattr__` says of the name that it asks for.
#pragma once

#include "link/names/lazy_names.h"

#include <optional>
#include <vector>

namespace pydefrag {

// The entry for `name`, asked for by the statement at `branch` of the hook whose definition stands
// at `hook`: where its value comes from, and whether the branch warns.
LazyEntry ReadLazyEntry(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                        uint32_t hook, uint32_t branch, NameId name);

// The same for a branch that raises for all other names, so that what stands behind it serves this
// one, where that is a few plain statements that ask a module for it; else nothing:
//
//     if name not in __all__: raise AttributeError(name)
//     return getattr(_base, name)
std::optional<LazyEntry> ReadLazyEntryBehind(const SyntaxView &view,
                                             const std::vector<PlacedStatement> &statements,
                                             uint32_t hook, uint32_t branch, NameId name);

} // namespace pydefrag
