// Aliases: values that are what they name, and no object of their own: `x = y`, `x = m.y`,
// `x = getattr(m, "y")`.
#pragma once

#include "link/syntax_view.h"

namespace pydefrag {

// Whether the value is `getattr(owner, "name")`, with or without a default.
inline bool AsksAttribute(const SyntaxView &view, ExprId value) {
  if (!view.Calls(value, "getattr")) {
    return false;
  }
  const auto arguments = view.Arguments(value);
  return (arguments.size() == 2 || arguments.size() == 3) &&
         view.Is(arguments[1], ExprKind::String);
}

inline bool MayBeAlias(const SyntaxView &view, ExprId value) {
  return view.Is(value, ExprKind::Name) || view.Is(value, ExprKind::Attribute) ||
         AsksAttribute(view, value);
}

} // namespace pydefrag
