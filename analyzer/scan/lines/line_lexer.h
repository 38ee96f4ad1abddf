// Line lexer: the logical lines of a Python text, with their block depth and leading keyword, in
// one pass over the bytes. Entry point: LexLines. Knows strings, comments, brackets, continuations
// and indentation as CPython's tokenizer does; does not look at other tokens, so it neither splits
// `;` lists nor checks expressions (scan/lines/split.h, scan/outline/outline.cpp).
#pragma once

#include "scan/lines/events.h"
#include "source/span.h"

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <vector>

namespace pydefrag {

// The word that a statement starts with. Soft keywords (match, case, type, lazy, print, exec) are
// reported wherever they stand first; the caller tells whether they are names.
enum class Keyword : uint8_t {
  None,
  Decorator, // @
  Quote,     // a string without prefix
  Assert,
  Async,
  Break,
  Case,
  Class,
  Continue,
  Def,
  Del,
  Elif,
  Else,
  Except,
  Exec,
  Finally,
  For,
  From,
  Global,
  If,
  Import,
  Lazy,
  Match,
  Nonlocal,
  Pass,
  Print,
  Raise,
  Return,
  Try,
  Type,
  While,
  With,
};

enum class LexStatus : uint8_t {
  Certain,
  Uncertain, // the line lexer cannot tell: take the whole-file route
  Rejected,  // CPython rejects this for sure: unterminated string or bracket, bad indentation...
};

struct LogicalLine {
  uint32_t begin = 0;      // first byte of the first token
  uint32_t end = 0;        // past the last byte of the last token
  uint32_t first_line = 0; // 1-based
  uint32_t last_line = 0;
  uint32_t last_open = 0; // the bracket that the line's last byte closes; 0: there is none
  uint8_t level = 0;      // depth of the block it stands in; 0: module level
  Keyword keyword = Keyword::None;
  bool has_semicolon = false;   // a `;` outside brackets
  bool ends_with_colon = false; // an indented block follows
};

struct Lines {
  std::vector<LogicalLine> lines; // in order, up to the trouble if there is one
  std::vector<Span> comments;     // `#` to the end of its line, in order
  LexStatus status = LexStatus::Certain;
  uint32_t at = 0;           // not Certain: byte offset of the trouble
  const char *why = nullptr; // not Certain; static lifetime
  bool python2 = false;      // Rejected because of Python 2 syntax
  uint32_t line_count = 0;   // physical lines
};

// Texts over 4 GB are not for this function. Reuses the capacity of `lines`.
void LexLines(llvm::StringRef text, Lines &lines, SimdLevel level = BestSimdLevel());

// The keyword that the word at `at` is.
Keyword ReadKeyword(llvm::StringRef text, size_t at);

} // namespace pydefrag
