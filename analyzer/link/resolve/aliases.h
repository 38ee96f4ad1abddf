// Aliases: values that are what they name, and no object of their own: `x = y`, `x = m.y`,
// `x = getattr(m, "y")`, `x = importlib.import_module("m")`, and one of two such.
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

// Whether the value is a call of an importer, by what it is called.
inline bool ImportsByName(const SyntaxView &view, ExprId value) {
  const ExprId callee = view.Is(value, ExprKind::Call) ? view.Child(value) : ExprId();
  return (view.Is(callee, ExprKind::Name) || view.Is(callee, ExprKind::Attribute)) &&
         (view.TextOf(callee) == "import_module" || view.TextOf(callee) == "__import__");
}

inline bool MayBeAlias(const SyntaxView &view, ExprId value) {
  if (view.Is(value, ExprKind::Conditional)) {
    return MayBeAlias(view, view.Child(value)) || MayBeAlias(view, view.Child(value, 2));
  }
  return view.Is(value, ExprKind::Name) || view.Is(value, ExprKind::Attribute) ||
         AsksAttribute(view, value) || ImportsByName(view, value);
}

} // namespace pydefrag
