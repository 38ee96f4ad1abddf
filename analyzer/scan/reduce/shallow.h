// What is left of an expression of which only names and operators count: strings and what stands in
// brackets go, and something that nobody knows stands in their place. Never an empty list or text,
// which would say that nothing is in it.
//
//   f(1, 2) + g["k"]             f() + g[0]
//   ["a", "b"], {1: 2}, (3, 4)   [...], {**0}, (...,)
//   "text" if a else ("b")       ""[0] if a else (""[0])
#pragma once

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace pydefrag {

// `arguments` stands for the arguments of a call that has some. `last_open`: the bracket that the
// last byte of `text` is known to close, or null. Groups after the word `as`, which bind names, are
// kept.
void AppendShallow(llvm::StringRef text, llvm::StringRef arguments, const char *last_open,
                   llvm::SmallString<1024> &out);

// Past the bracket that closes the one at `open`, with what is known of the last one.
uint32_t EndOfBrackets(llvm::StringRef text, uint32_t open, const char *last_open);

} // namespace pydefrag
