// Byte classes of Python text as bit masks, 64 bytes at a time: the SIMD part of the line lexer.
// Entry point: ClassifyBlocks. Knows bytes only; what they mean in context is line_lexer.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pydefrag {

// Bit i speaks of byte i of the block.
struct ByteMasks {
  // Bytes that the lexer must look at outside strings: newlines, quotes, brackets, # \ ; and the
  // bytes that no Python 3 token holds: ` $ ? and the `<` of `<>`. Also digits that may belong to a
  // number of Python 2: the 0 of 0777, the last digit of 10L.
  uint64_t events;
  uint64_t newlines;     // the last byte of each line break: \n, or \r without \n behind it
  uint64_t string_stops; // quotes of both kinds and backslashes
  uint64_t nonspace;     // everything but ' '
};

inline constexpr size_t kBlockBytes = 64;

enum class SimdLevel : uint8_t { Scalar, Sse2, Avx2 };

// The best level that this machine has.
SimdLevel BestSimdLevel();

// Classifies `blocks` blocks. One byte past the last block must be readable (`<>` may straddle the
// border). Tells whether a NUL was seen. `level` must be available here.
bool ClassifyBlocks(const char *text, size_t blocks, ByteMasks *masks, SimdLevel level);

// Line breaks in [begin, end). A \r\n that straddles `end` counts as one line break.
size_t CountLineBreaks(const char *begin, const char *end);

} // namespace pydefrag
