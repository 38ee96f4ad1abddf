// FoldText: the text that an expression gives, as far as it can be told without running it:
// literals, `+`, `%`, f-strings, constants of the project written in capitals, `__name__`,
// `module.__name__`. Entry point: FoldText.
#pragma once

#include "link/resolve/resolve.h"

#include <string>

namespace pydefrag {

// `expr` stands at `statement` of `file`. Empty when the text hangs on something else.
std::string FoldText(Resolver &resolver, FileId file, uint32_t statement, ExprId expr);

} // namespace pydefrag
