// See reduce_tokens.h.
#include "scan/reduce_tokens.h"

#include "scan/string_scan.h"

#include <algorithm>

namespace pydefrag {

static bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Passes over blanks, comments and continuations; notes what it passed.
static uint32_t SkipSpace(llvm::StringRef text, uint32_t at, Token &token) {
  while (at < text.size()) {
    switch (text[at]) {
    case '\n':
    case '\r':
      token.on_new_line = true;
      ++at;
      break;
    case ' ':
    case '\t':
    case '\f':
      ++at;
      break;
    case '#':
      at = static_cast<uint32_t>(std::min(text.find_first_of("\r\n", at), text.size()));
      break;
    case '\\':
      at += text.substr(at + 1).starts_with("\r\n") ? 3 : 2;
      break;
    default:
      return at;
    }
    token.spaced = true;
  }
  return static_cast<uint32_t>(text.size());
}

static uint32_t SkipLiteral(llvm::StringRef text, uint32_t quote) {
  const SkippedString skipped = SkipString(text, quote, ReadStringPrefix(text, quote), nullptr);
  return static_cast<uint32_t>(skipped.why == nullptr ? skipped.end : text.size());
}

Token NextToken(llvm::StringRef text, uint32_t at) {
  Token token;
  token.begin = SkipSpace(text, at, token);
  token.end = token.begin;
  if (token.begin == text.size()) {
    return token;
  }
  const char c = text[token.begin];
  if (IsWordByte(c)) {
    while (token.end < text.size() && IsWordByte(text[token.end])) {
      ++token.end;
    }
    token.kind = TokenKind::Word;
    const bool quoted =
        token.end < text.size() && (text[token.end] == '"' || text[token.end] == '\'');
    if (quoted && ReadStringPrefix(text, token.end).length == token.end - token.begin) {
      token.kind = TokenKind::String;
      token.end = SkipLiteral(text, token.end);
    }
    return token;
  }
  token.end = token.begin + 1;
  switch (c) {
  case '"':
  case '\'':
    token.kind = TokenKind::String;
    token.end = SkipLiteral(text, token.begin);
    break;
  case '(':
  case '[':
  case '{':
    token.kind = TokenKind::Open;
    break;
  case ')':
  case ']':
  case '}':
    token.kind = TokenKind::Close;
    break;
  default:
    token.kind = TokenKind::Operator;
  }
  return token;
}

uint32_t SkipBrackets(llvm::StringRef text, uint32_t open) {
  uint32_t depth = 0;
  for (Token token = NextToken(text, open); token.kind != TokenKind::End;
       token = NextToken(text, token.end)) {
    if (token.kind == TokenKind::Open) {
      ++depth;
    } else if (token.kind == TokenKind::Close && --depth == 0) {
      return token.end;
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

} // namespace pydefrag
