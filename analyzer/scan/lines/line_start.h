// Where the first byte of a line stands behind its indentation, and how far it is indented.
#pragma once

#include "scan/lines/indentation.h"

#include "llvm/ADT/StringRef.h"

#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace pydefrag {

struct LineStart {
  size_t at = 0;
  Indent indent;
};

// The first byte at or behind `at` that is no space. How deep a line is indented cannot be guessed:
// up to 16 spaces are counted without a jump that depends on it.
inline size_t EndOfSpaces(llvm::StringRef text, size_t at) {
#if defined(__x86_64__)
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(text.data() + at));
    const int spaces = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')));
    if (spaces != 0xffff) [[likely]] {
      return at + static_cast<size_t>(std::countr_one(static_cast<uint32_t>(spaces)));
    }
  }
#endif
  while (at < text.size() && text[at] == ' ') {
    ++at;
  }
  return at;
}

// From a first tab or form feed on.
inline void ReadTabs(llvm::StringRef text, LineStart &start) {
  for (; start.at < text.size(); ++start.at) {
    switch (text[start.at]) {
    case ' ':
      ++start.indent.column;
      ++start.indent.alternate;
      break;
    case '\t':
      start.indent.column = (start.indent.column / 8 + 1) * 8;
      ++start.indent.alternate;
      break;
    case '\f':
      start.indent = {};
      break;
    default:
      return;
    }
  }
}

// `from`: where the line begins.
inline LineStart ReadIndentation(llvm::StringRef text, size_t from) {
  size_t at = EndOfSpaces(text, from);
  auto column = static_cast<uint32_t>(at - from);
  LineStart start = {.at = at, .indent = {.column = column, .alternate = column}};
  if (at < text.size() && (text[at] == '\t' || text[at] == '\f')) [[unlikely]] {
    ReadTabs(text, start);
  }
  return start;
}

} // namespace pydefrag
