// Tokens of one statement's text, as coarse as reducing needs them: words, strings, brackets,
// operators. Blanks, comments and line continuations are passed over. Entry point: NextToken.
#pragma once

#include "scan/lines/bytes.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <array>
#include <cstdint>

namespace pydefrag {

enum class TokenKind : uint8_t {
  End,
  Word,     // identifier, keyword, or a piece of a number
  String,   // with its prefix
  Open,     // ( [ {
  Close,    // ) ] }
  Operator, // one character
};

struct Token {
  TokenKind kind = TokenKind::End;
  uint32_t begin = 0;
  uint32_t end = 0;
  bool spaced = false;      // blanks, a comment or a line end stand before it
  bool on_new_line = false; // a line end that is no continuation stands before it
};

// The first token at or behind `at`.
inline Token NextToken(llvm::StringRef text, uint32_t at);

// Past the bracket that closes the one at `open`; the end of `text` when none does.
uint32_t SkipBrackets(llvm::StringRef text, uint32_t open);

// Line ends that are a lone \r hide from tree-sitter what follows a comment.
bool HasLoneReturn(llvm::StringRef text);
// Makes them \n, so that all offsets stay.
void ReplaceLoneReturns(llvm::MutableArrayRef<char> text);

// Whether `:=` stands anywhere in it, were it in a string.
bool HasWalrus(llvm::StringRef text);

// The rest of this file makes NextToken, of which all that looks at statements lives.

// What a token may begin with, or what may stand before it. Those up to Close are tokens of one
// byte.
enum class ByteClass : uint8_t {
  Operator,
  Open,
  Close,
  Word,
  Quote,
  Blank,
  Break,
  Comment,
  Backslash,
};

inline constexpr std::array<ByteClass, 256> kByteClasses = [] {
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

inline ByteClass ClassOf(char c) {
  return kByteClasses[static_cast<unsigned char>(c)];
}

// Of a token of one byte.
inline TokenKind KindOfByte(ByteClass byte) {
  return byte == ByteClass::Operator ? TokenKind::Operator
         : byte == ByteClass::Open   ? TokenKind::Open
                                     : TokenKind::Close;
}

// The first byte at or behind `at` that no word holds.
uint32_t EndOfWord(llvm::StringRef text, uint32_t at);

// NextToken for any token.
Token NextOddToken(llvm::StringRef text, uint32_t at);

// Most tokens are a word or one byte, behind one blank or none.
inline Token NextToken(llvm::StringRef text, uint32_t at) {
  const size_t size = text.size();
  const bool spaced = at < size && text[at] == ' ';
  const uint32_t begin = at + (spaced ? 1 : 0);
  if (begin >= size) {
    return NextOddToken(text, at);
  }
  const ByteClass first = ClassOf(text[begin]);
  Token token = {.kind = TokenKind::Word, .begin = begin, .spaced = spaced};
  if (first <= ByteClass::Close) {
    token.kind = KindOfByte(first);
    token.end = begin + 1;
    return token;
  }
  if (first != ByteClass::Word) {
    return NextOddToken(text, at);
  }
  token.end = EndOfWord(text, begin);
  const bool prefix = token.end < size && ClassOf(text[token.end]) == ByteClass::Quote;
  return prefix ? NextOddToken(text, at) : token;
}

} // namespace pydefrag
