// Warnings: reads `warnings.warn(...)` calls: is it about deprecation, what does it say, and what
// does it name as the replacement.
#pragma once

#include "link/resolve/resolve.h"

#include <optional>
#include <string>

namespace pydefrag {

struct WarnCall {
  std::string message;  // the literal part, one line; empty when there is none
  bool literal = false; // the message holds no parameter of a function
  int stacklevel = 1;
  bool other_category = false; // a class that only by its name speaks of deprecation
};

// `call` as a deprecation warning in `module`; nothing when it is no warning, or another category.
std::optional<WarnCall> ReadDeprecationWarning(Resolver &resolver, const Project &project,
                                               ModuleId module, uint32_t statement, ExprId call);

// The path or name that a message tells to use instead: "use shop.cart.Cart" -> "shop.cart.Cart".
// Empty when it names none.
std::string ReplacementIn(llvm::StringRef message);

// Literal text of a string, an f-string's prefix, a concatenation, `"..." % x`, `"...".format(x)`.
std::string LiteralText(const SyntaxView &view, ExprId expr, bool &whole);

} // namespace pydefrag
