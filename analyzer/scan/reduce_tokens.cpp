// See reduce_tokens.h.
#include "scan/reduce_tokens.h"

#include "scan/bytes.h"
#include "scan/string_scan.h"

#include <algorithm>
#include <array>

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

// Passes over blanks, comments and continuations; notes what it passed.
static uint32_t SkipSpace(llvm::StringRef text, uint32_t at, Token &token) {
  for (; at < text.size(); token.spaced = true) {
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
  return static_cast<uint32_t>(text.size());
}

static uint32_t SkipLiteral(llvm::StringRef text, uint32_t quote, const StringPrefix &prefix) {
  const SkippedString skipped = SkipString(text, quote, prefix, nullptr);
  return static_cast<uint32_t>(skipped.why == nullptr ? skipped.end : text.size());
}

// A word, or a string when the word turns out to be its prefix.
static void ReadWord(llvm::StringRef text, Token &token) {
  token.kind = TokenKind::Word;
  token.end = token.begin + 1;
  while (token.end < text.size() && IsWordByte(text[token.end])) {
    ++token.end;
  }
  if (token.end < text.size() && ClassOf(text[token.end]) == ByteClass::Quote) {
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
  token.end = token.begin + 1;
  switch (ClassOf(text[token.begin])) {
  case ByteClass::Word:
    ReadWord(text, token);
    break;
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
