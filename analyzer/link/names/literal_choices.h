// Literal choices: the strings among which an expression made of literals chooses.
//
//     {"Warm": "should_stop", "Cold": "should_terminate"}[how]
//     "fast" if compiled else "slow"
#pragma once

#include "link/syntax_view.h"

#include "llvm/ADT/SmallVector.h"

namespace pydefrag {

// All of them, a plain string among them; none where it may be anything else too.
llvm::SmallVector<NameId, 4> LiteralChoices(const SyntaxView &view, ExprId expr);

} // namespace pydefrag
