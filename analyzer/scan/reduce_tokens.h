// Tokens of one statement's text, as coarse as reducing needs them: words, strings, brackets,
// operators. Blanks, comments and line continuations are passed over. Entry point: NextToken.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

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
Token NextToken(llvm::StringRef text, uint32_t at);

// Past the bracket that closes the one at `open`; the end of `text` when none does.
uint32_t SkipBrackets(llvm::StringRef text, uint32_t open);

// Line ends that are a lone \r hide from tree-sitter what follows a comment.
bool HasLoneReturn(llvm::StringRef text);
// Makes them \n, so that all offsets stay.
void ReplaceLoneReturns(llvm::MutableArrayRef<char> text);

// Whether `:=` stands anywhere in it, were it in a string.
bool HasWalrus(llvm::StringRef text);

} // namespace pydefrag
