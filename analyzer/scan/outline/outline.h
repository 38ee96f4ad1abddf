// Outline: the relevant statements of one file, placed under their headers. Two makers: the line
// lexer (OutlineLines, fast) and a whole-file tree-sitter parse (scan/whole_file.h); the statement
// parser (scan/syntax/statement.h) takes either.
//
// What is relevant is said atop facts/facts.h. Words of interest make a statement in a function
// body relevant: `import` (import_module, __import__, importorskip), `warn`, `deprecat`, `patch`,
// `setattr`, `sys.`, `globals`, `find_spec`, `resolve_name`, `create_module` and the like; the list
// stands in scan/words/words.cpp.
#pragma once

#include "facts/facts.h"
#include "scan/lines/line_lexer.h"

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pydefrag {

struct OutlineItem {
  StatementKind kind = StatementKind::Expression; // from the leading keyword; Assign, AnnAssign,
                                                  // AugAssign and Expression all say Expression
  uint32_t begin = 0;                             // first byte, decorators included
  uint32_t head = 0;                              // first byte of the statement proper
  uint32_t text_end = 0;    // past the last byte; a header ends behind its `:`; no trailing comment
  uint32_t line = 0;        // 1-based, of `head`
  uint32_t last_line = 0;   // 1-based, of the byte before `text_end`
  uint32_t subtree_end = 0; // index past the last item under this one
  int32_t parent = -1;      // index of the header above; -1: module level
  uint32_t last_open = 0;   // the bracket that its last byte closes, where that is known; else 0
  bool lazy = false;        // `lazy` stood before `import` or `from`; `head` is behind it
  bool in_function = false;
  bool in_class = false;    // directly in a class body (of a class at any depth)
  bool in_hook = false;     // in a function whose whole body is kept (KeepsWholeBody)
  bool interesting = false; // holds a word of interest: keep its literals (statement.h)
};

struct Outline {
  LexStatus status = LexStatus::Certain;
  uint32_t at = 0;      // not Certain: byte offset of the trouble
  std::string why;      // not Certain: lower case, one line
  bool python2 = false; // Rejected because of print/exec statements, backticks, `except X, e:`...
  std::vector<OutlineItem> items;
  std::vector<Suppression> suppressions;
  uint32_t lines = 0;
  bool has_main_guard = false;
  bool has_shebang = false;
  bool keep_literals =
      false; // the file serves names lazily or dynamically (__getattr__, globals(),
             // sys.modules, lazy loaders): long literals at module level and in hooks are kept
};

// `text` is UTF-8 without its BOM removed (a BOM is skipped). Reuses the capacity of `outline`.
void OutlineLines(llvm::StringRef text, Outline &outline);

// The same, for many files: keeps its buffers from one to the next.
class LineOutliner {
public:
  LineOutliner();
  ~LineOutliner();
  LineOutliner(LineOutliner &&) noexcept;
  void Make(llvm::StringRef text, Outline &outline);

private:
  struct Buffers;
  std::unique_ptr<Buffers> buffers_;
};

} // namespace pydefrag
