// The part of a text that can say something about a few names: the lines that mention them, and the
// headers around these. What costs by the byte, such as a parse, then costs what the mentions cost.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pydefrag {

struct Excerpt {
  struct Piece {
    uint32_t begin = 0;  // in `text`
    uint32_t origin = 0; // of that byte in the whole text
  };
  std::string text;
  std::vector<Piece> pieces; // ascending; empty: the whole text

  // Where a byte of `text` stands in the whole text.
  uint32_t OriginOf(uint32_t at) const;
};

// Logical lines with their indentation. A block that loses all of its statements says `0`.
// Functions and classes without a mention are left out whole; other compound statements keep their
// headers. The whole text when the line lexer is not certain of it.
Excerpt KeepMentions(llvm::StringRef text, llvm::function_ref<bool(llvm::StringRef)> wanted);

} // namespace pydefrag
