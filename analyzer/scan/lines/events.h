// The events of Python text, the few bytes that the line lexer must look at: the SIMD part of the
// line lexer. Entry point: FindEvents. Knows bytes only; what they mean in context is
// line_lexer.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pydefrag {

inline constexpr size_t kBlockBytes = 64;

// FindEvents may write so many places more than it finds.
inline constexpr size_t kSpareEvents = 8;

enum class SimdLevel : uint8_t { Scalar, Sse2, Avx2 };

// The best level that this machine has.
SimdLevel BestSimdLevel();

struct FoundEvents {
  uint32_t *end = nullptr; // past the last one
  bool saw_nul = false;
};

// Writes to `events`, ascending, where in `blocks` blocks of 64 bytes the events stand: quotes,
// brackets, # \ ; and the bytes that no Python 3 token holds: ` $ ? and the `<` of `<>`; the last
// byte of each line break: \n, or \r without \n behind it; digits that may belong to a number of
// Python 2: the 0 of 0777, the last digit of 10L. `begin` is what the first byte counts as. One
// byte past the last block must be readable (pairs may straddle the border). `events` has room for
// all bytes and kSpareEvents. `level` must be available here.
FoundEvents FindEvents(const char *text, size_t blocks, uint32_t begin, uint32_t *events,
                       SimdLevel level);

// Line breaks in [begin, end). A \r\n that straddles `end` counts as one line break.
size_t CountLineBreaks(const char *begin, const char *end);

} // namespace pydefrag
