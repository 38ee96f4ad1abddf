#include "scan/words/attribute_chains.h"

#include "scan/lines/string_scan.h"

#include "llvm/ADT/StringExtras.h"

#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace pydefrag {

static bool IsNameByte(char c) {
  return llvm::isAlnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// A byte at which something may begin or end: quotes, comments, dots.
static bool IsStop(char c) {
  return c == '.' || c == '"' || c == '\'' || c == '#';
}

// The first such byte at or after `at`; the end of the text when there is none.
static size_t NextStop(llvm::StringRef text, size_t at) {
#if defined(__SSE2__)
  const __m128i dot = _mm_set1_epi8('.');
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i apostrophe = _mm_set1_epi8('\'');
  const __m128i hash = _mm_set1_epi8('#');
  for (; at + 16 <= text.size(); at += 16) {
    __m128i block;
    std::memcpy(&block, text.data() + at, 16);
    const __m128i stops =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, dot), _mm_cmpeq_epi8(block, quote)),
                     _mm_or_si128(_mm_cmpeq_epi8(block, apostrophe), _mm_cmpeq_epi8(block, hash)));
    if (const int mask = _mm_movemask_epi8(stops); mask != 0) {
      return at + static_cast<size_t>(std::countr_zero(static_cast<unsigned>(mask)));
    }
  }
#endif
  while (at < text.size() && !IsStop(text[at])) {
    ++at;
  }
  return at;
}

static size_t EndOfLine(llvm::StringRef text, size_t at) {
  while (at < text.size() && text[at] != '\n' && text[at] != '\r') {
    ++at;
  }
  return at;
}

// The end of `a.b.c` that goes on at `at` (a dot); chains over several lines end at the line.
static size_t EndOfChain(llvm::StringRef text, size_t at) {
  while (at + 1 < text.size() && text[at] == '.' && IsNameByte(text[at + 1]) &&
         !llvm::isDigit(text[at + 1])) {
    ++at;
    while (at < text.size() && IsNameByte(text[at])) {
      ++at;
    }
  }
  return at;
}

void FindAttributeChains(llvm::StringRef text, llvm::function_ref<bool(llvm::StringRef)> wanted,
                         llvm::function_ref<void(const AttributeChain &)> visit) {
  for (size_t at = NextStop(text, 0); at < text.size(); at = NextStop(text, at)) {
    if (text[at] == '#') {
      at = EndOfLine(text, at);
      continue;
    }
    if (text[at] != '.') {
      const bool prefixed = at > 0 && IsNameByte(text[at - 1]);
      const StringPrefix prefix = prefixed ? ReadStringPrefix(text, at) : StringPrefix();
      const SkippedString skipped = SkipString(text, at, prefix, nullptr);
      at = std::max(skipped.end, at + 1);
      continue;
    }
    size_t begin = at;
    while (begin > 0 && IsNameByte(text[begin - 1])) {
      --begin;
    }
    const size_t end = EndOfChain(text, at);
    const bool starts_chain = begin < at && !llvm::isDigit(text[begin]) &&
                              (begin == 0 || text[begin - 1] != '.') && end > at;
    if (starts_chain && wanted(text.slice(begin, at))) {
      visit({static_cast<uint32_t>(begin), text.slice(begin, at), text.slice(at + 1, end)});
    }
    at = std::max(end, at + 1);
  }
}

} // namespace pydefrag
