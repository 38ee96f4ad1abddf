// Stable text of one file's facts, for tests and for comparing the two scanning routes.
#pragma once

#include "facts/facts.h"

#include <string>

namespace pydefrag {

// One line a statement: indentation by depth, line:column-free offsets, the s-expression of its
// operands. Ids do not appear, so equal facts from different tables give equal text.
std::string DumpFacts(const ModuleFacts &facts, const SyntaxTable &syntax, const NameTable &names);

// The s-expression of one expression.
std::string DumpExpr(ExprId expr, const SyntaxTable &syntax, const NameTable &names);

} // namespace pydefrag
