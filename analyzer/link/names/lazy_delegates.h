// Modules that a `__getattr__` asks for the name that it is asked for.
#pragma once

#include "link/names/lazy_names.h"

#include "llvm/ADT/ArrayRef.h"

namespace pydefrag {

// `getattr(owner, asked)`, perhaps with a default: what `owner` is, as far as the hook that begins
// at this statement tells; nothing where that takes more.
std::optional<LazyDelegate> ReadDelegate(const SyntaxView &view,
                                         llvm::ArrayRef<PlacedStatement> statements, uint32_t hook,
                                         ExprId value);

// Whether a statement of the hook may give the name a value.
bool IsBoundInHook(const SyntaxView &view, llvm::ArrayRef<PlacedStatement> statements,
                   uint32_t hook, NameId name);

} // namespace pydefrag
