// Namespace copies: statements that take many names over from another namespace into the module's
// own dict. Syntax only; what the source and the list of names are is asked in
// link/resolve/copies.cpp.
//
//     globals().update(vars(m))
//     globals().update({k: v for k, v in vars(m).items() if k[:2] != "__"})
//     globals().update((name, getattr(m, name)) for name in m.__all__)
//     globals().update(Color.__members__)
//     for name in dir(m): globals()[name] = getattr(m, name)
#pragma once

#include "link/syntax_view.h"

#include <cstdint>
#include <optional>

namespace pydefrag {

enum class CopyOf : uint8_t {
  All,        // every name of the source
  NotPrivate, // those without a leading `_`
  NotDunder,  // those without a leading `__`
  Capitals,   // those that `isupper()`
  Some,       // a part of them that is not decided
  SomeCapitals,
  Listed,   // those of a list
  Members,  // the members of an enum
  Reexport, // those that the source lists, if the function that is called copies these
};

struct NamespaceCopy {
  ExprId source; // what has the names; invalid: the values come from nowhere in particular
  ExprId names;  // Listed: the list
  CopyOf what = CopyOf::All;
};

// The argument of `globals().update`.
std::optional<NamespaceCopy> ReadCopy(const SyntaxView &view, ExprId argument);

// `for target in iterable:` around `globals()[key] = value`, without the conditions between.
std::optional<NamespaceCopy> ReadCopyLoop(const SyntaxView &view, ExprId target, ExprId iterable,
                                          ExprId key, ExprId value);

// What is left of `what` under a condition on the name `key`.
CopyOf NarrowCopy(const SyntaxView &view, CopyOf what, ExprId condition, NameId key);

// The object whose names `dir(x)` lists in `[name for name in dir(x) if ...]`, and which of them.
std::optional<NamespaceCopy> ReadListedNames(const SyntaxView &view, ExprId comprehension);

} // namespace pydefrag
