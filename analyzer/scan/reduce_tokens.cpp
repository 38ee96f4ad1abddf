// See reduce_tokens.h.
#include "scan/reduce_tokens.h"

#include "scan/bytes.h"
#include "scan/string_scan.h"

#include <algorithm>
#include <array>
#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace pydefrag {

namespace {

enum class ByteClass : uint8_t {
  Operator,
  Word,
  Blank,
  Break,
  Comment,
  Backslash,
  Quote,
  Open,
  Close
};

} // namespace

static constexpr std::array<ByteClass, 256> kClasses = [] {
  std::array<ByteClass, 256> classes{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    classes[byte] = kWordBytes[byte] ? ByteClass::Word : ByteClass::Operator;
  }
  classes[' '] = classes['\t'] = classes['\f'] = ByteClass::Blank;
  classes['\n'] = classes['\r'] = ByteClass::Break;
  classes['#'] = ByteClass::Comment;
  classes['\\'] = ByteClass::Backslash;
  classes['"'] = classes['\''] = ByteClass::Quote;
  classes['('] = classes['['] = classes['{'] = ByteClass::Open;
  classes[')'] = classes[']'] = classes['}'] = ByteClass::Close;
  return classes;
}();

static ByteClass ClassOf(char c) {
  return kClasses[static_cast<unsigned char>(c)];
}

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

// The first byte at or behind `at` that no word holds.
static const char *EndOfWord(const char *at, const char *end) {
#if defined(__x86_64__)
  const auto within = [](__m128i bytes, char first, char length) {
    const __m128i distance = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(distance, _mm_set1_epi8(length)), distance);
  };
  for (; end - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(at));
    const __m128i letters = within(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 25);
    const __m128i others =
        _mm_or_si128(within(bytes, '0', 9), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')));
    // The sign bits of `bytes` are those of what is not ASCII.
    const auto word = static_cast<unsigned>(
        _mm_movemask_epi8(_mm_or_si128(bytes, _mm_or_si128(letters, others))));
    if (word != 0xffff) {
      return at + std::countr_one(word);
    }
  }
#endif
  while (at != end && IsWordByte(*at)) {
    ++at;
  }
  return at;
}

// A word, or a string when the word turns out to be its prefix.
static void ReadWord(llvm::StringRef text, Token &token) {
  token.kind = TokenKind::Word;
  const char *const end = text.end();
  const char *const at = EndOfWord(text.data() + token.begin, end);
  token.end = static_cast<uint32_t>(at - text.data());
  if (at != end && ClassOf(*at) == ByteClass::Quote) [[unlikely]] {
    const StringPrefix prefix = ReadStringPrefix(text, token.end);
    if (prefix.length == token.end - token.begin) {
      token.kind = TokenKind::String;
      token.end = SkipLiteral(text, token.end, prefix);
    }
  }
}

Token NextToken(llvm::StringRef text, uint32_t at) {
  Token token;
  token.begin = SkipSpace(text, at, token);
  token.end = token.begin;
  if (token.begin >= text.size()) {
    token.begin = token.end = static_cast<uint32_t>(text.size());
    return token;
  }
  const ByteClass first = ClassOf(text[token.begin]);
  if (first == ByteClass::Word) [[likely]] {
    ReadWord(text, token);
    return token;
  }
  token.end = token.begin + 1;
  switch (first) {
  case ByteClass::Quote:
    token.kind = TokenKind::String;
    token.end = SkipLiteral(text, token.begin, StringPrefix());
    break;
  case ByteClass::Open:
    token.kind = TokenKind::Open;
    break;
  case ByteClass::Close:
    token.kind = TokenKind::Close;
    break;
  default:
    token.kind = TokenKind::Operator;
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
