// See reduce_tokens.h.
#include "scan/reduce/reduce_tokens.h"

#include "scan/lines/bytes.h"
#include "scan/lines/string_scan.h"

#include <algorithm>
#include <array>
#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace pydefrag {

// Behind a continuation; a lone backslash counts as one.
static uint32_t SkipContinuation(llvm::StringRef text, uint32_t backslash) {
  return backslash + (text.substr(backslash + 1).starts_with("\r\n") ? 3 : 2);
}

static bool IsSpace(char c) {
  const ByteClass found = ClassOf(c);
  return found == ByteClass::Blank || found == ByteClass::Break || found == ByteClass::Comment ||
         found == ByteClass::Backslash;
}

// Passes over blanks, comments and continuations; notes what it passed.
static uint32_t SkipSpace(llvm::StringRef text, uint32_t at, Token &token) {
  const auto size = static_cast<uint32_t>(text.size());
  if (at < size && text[at] == ' ') { // mostly there is one blank or none
    token.spaced = true;
    ++at;
  }
  if (at < size && !IsSpace(text[at])) [[likely]] {
    return at;
  }
  for (; at < size; token.spaced = true) {
    switch (ClassOf(text[at])) {
    case ByteClass::Break:
      token.on_new_line = true;
      ++at;
      break;
    case ByteClass::Blank:
      ++at;
      break;
    case ByteClass::Comment:
      at = static_cast<uint32_t>(std::min(text.find_first_of("\r\n", at), text.size()));
      break;
    case ByteClass::Backslash:
      at = SkipContinuation(text, at);
      break;
    default:
      return at;
    }
  }
  return size;
}

static uint32_t SkipLiteral(llvm::StringRef text, uint32_t quote, const StringPrefix &prefix) {
  const SkippedString skipped = SkipString(text, quote, prefix, nullptr);
  return static_cast<uint32_t>(skipped.why == nullptr ? skipped.end : text.size());
}

#if defined(__x86_64__)
// Which of the 16 bytes at `at` may stand in a word; bit i speaks of byte i.
static uint32_t WordBytesOf16(const char *at) {
  const auto within = [](__m128i bytes, char first, char length) {
    const __m128i distance = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(distance, _mm_set1_epi8(length)), distance);
  };
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(at));
  const __m128i letters = within(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 25);
  const __m128i others =
      _mm_or_si128(within(bytes, '0', 9), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')));
  // The sign bits of `bytes` are those of what is not ASCII.
  return static_cast<uint32_t>(
      _mm_movemask_epi8(_mm_or_si128(bytes, _mm_or_si128(letters, others))));
}
#endif

uint32_t EndOfWord(llvm::StringRef text, uint32_t at) {
  const auto size = static_cast<uint32_t>(text.size());
#if defined(__x86_64__)
  while (size >= 16 && at < size) {
    const uint32_t from = std::min(at, size - 16); // the end of the text needs no other way
    const uint32_t words = WordBytesOf16(text.data() + from) >> (at - from);
    const auto length = static_cast<uint32_t>(std::countr_one(words));
    at += length;
    if (length < 16) {
      return at;
    }
  }
#endif
  while (at < size && IsWordByte(text[at])) {
    ++at;
  }
  return at;
}

Token NextOddToken(llvm::StringRef text, uint32_t at) {
  Token token;
  token.begin = SkipSpace(text, at, token);
  token.end = token.begin;
  if (token.begin >= text.size()) {
    token.begin = token.end = static_cast<uint32_t>(text.size());
    return token;
  }
  const ByteClass first = ClassOf(text[token.begin]);
  if (first == ByteClass::Word) {
    token.kind = TokenKind::Word;
    token.end = EndOfWord(text, token.begin);
    if (token.end < text.size() && ClassOf(text[token.end]) == ByteClass::Quote) {
      const StringPrefix prefix = ReadStringPrefix(text, token.end);
      if (prefix.length == token.end - token.begin) { // the word turns out to be a prefix
        token.kind = TokenKind::String;
        token.end = SkipLiteral(text, token.end, prefix);
      }
    }
  } else if (first == ByteClass::Quote) {
    token.kind = TokenKind::String;
    token.end = SkipLiteral(text, token.begin, StringPrefix());
  } else {
    token.kind = KindOfByte(first);
    token.end = token.begin + 1;
  }
  return token;
}

// Looks at brackets and at what hides them; tokens between cost a look at each byte.
uint32_t SkipBrackets(llvm::StringRef text, uint32_t open) {
  uint32_t depth = 0;
  for (uint32_t at = open; at < text.size();) {
    switch (ClassOf(text[at])) {
    case ByteClass::Open:
      ++depth;
      ++at;
      break;
    case ByteClass::Close:
      ++at;
      if (--depth == 0) {
        return at;
      }
      break;
    case ByteClass::Quote: {
      const bool prefixed = at > open && IsWordByte(text[at - 1]);
      at = SkipLiteral(text, at, prefixed ? ReadStringPrefix(text, at) : StringPrefix());
      break;
    }
    case ByteClass::Comment:
      at = static_cast<uint32_t>(std::min(text.find_first_of("\r\n", at), text.size()));
      break;
    case ByteClass::Backslash:
      at = SkipContinuation(text, at);
      break;
    case ByteClass::Operator:
    case ByteClass::Word:
    case ByteClass::Blank:
    case ByteClass::Break:
      ++at;
    }
  }
  return static_cast<uint32_t>(text.size());
}

bool HasLoneReturn(llvm::StringRef text) {
  for (size_t at = text.find('\r'); at != llvm::StringRef::npos; at = text.find('\r', at + 1)) {
    if (at + 1 == text.size() || text[at + 1] != '\n') {
      return true;
    }
  }
  return false;
}

void ReplaceLoneReturns(llvm::MutableArrayRef<char> text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n')) {
      text[i] = '\n';
    }
  }
}

bool HasWalrus(llvm::StringRef text) {
  for (size_t at = text.find(':'); at != llvm::StringRef::npos; at = text.find(':', at + 1)) {
    if (text.substr(at + 1).starts_with("=")) {
      return true;
    }
  }
  return false;
}

} // namespace pydefrag
