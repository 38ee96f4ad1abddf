// ModuleFacts: what one file says, frozen after the scan. Entry point for readers: the statements
// in source order, each placed under the header it stands in. Nothing here knows other files.
//
// Layout: statements are in preorder. The direct statements of a block that starts at index i are
// i, statements[i].end, statements[statements[i].end].end, ... ; what a compound header holds are
// the indices (header, statements[header].end). `elif`, `else`, `except`, `finally` and `case` are
// headers of their own: siblings right after the `if`, `try`..., `case` inside its `match`.
//
// What is kept: every module-level and class-level statement that can bind, delete, raise or call
// (plain literals and docstrings are dropped). In function bodies only imports, `global`, and
// statements that hold a word of interest (scan/outline/outline.h), with the headers above them;
// whole bodies for functions called `__getattr__`; the handlers of a `try` that holds an import.
#pragma once

#include "facts/syntax.h"
#include "source/span.h"

#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pydefrag {

struct PlacedStatement {
  StatementId statement;
  uint32_t begin = 0;     // byte offset of the first byte (the first decorator, if any)
  uint32_t head = 0;      // byte offset that the statement's positions are relative to
  uint32_t line = 0;      // 1-based, of `head`
  uint32_t last_line = 0; // 1-based line on which the statement (a header: its `:`) ends
  uint32_t end = 0;       // index just past the last statement that stands under this one
  int32_t parent = -1;    // index of the header it stands under; -1: module level
  bool lazy = false;      // `lazy import` (PEP 810)
};

struct Suppression {
  uint32_t begin = 0; // byte offset of the comment's `#`
  uint32_t end = 0;
  uint32_t line = 0;              // 1-based line the comment stands on
  bool own_line = false;          // alone on its line: speaks of the line below
  bool whole_file = false;        // `# pydefrag: ignore-file[...]`
  bool noqa = false;              // `# noqa: DFG...`: honoured, never reported as unused
  std::vector<std::string> codes; // codes or names as written; empty: a bare ignore, all codes
  std::string reason;             // text behind the bracket, if any
};

enum class FileState : uint8_t {
  Parsed,
  SyntaxError, // CPython rejects the file too; importing it fails; reported as DFG901
  Uncertain,   // not understood, and nobody knows whether CPython does: the module is open
  Unread,      // could not be read, or over the size cap: the module is open
};

struct ModuleFacts {
  FileState state = FileState::Parsed;
  bool python2 = false;      // SyntaxError because of Python 2 syntax
  Span error_span;           // SyntaxError: where
  std::string error_message; // SyntaxError: lower case, one line, e.g. "unterminated string"
  std::vector<PlacedStatement> statements;
  std::vector<Suppression> suppressions;
  uint32_t bytes = 0;
  uint32_t lines = 0;
  uint64_t content_hash = 0;   // xxh3 of the bytes as read; 0: not asked for
  bool has_main_guard = false; // `if __name__ == "__main__":` at module level
  bool has_shebang = false;
  bool own_environment = false;  // a script that says itself what it needs (PEP 723)
  bool whole_file_route = false; // came through the whole-file parse
};

} // namespace pydefrag
