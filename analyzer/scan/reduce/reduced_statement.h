// What reducing makes of a statement (scan/reduce/reduce.h).
#pragma once

#include "facts/syntax.h"

#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace pydefrag {

// One statement's text as it is parsed: with what it needs around it to stand alone.
struct ReducedStatement {
  llvm::StringRef text;
  uint32_t head = 0; // where in `text` the statement's own first byte is
  StatementKind kind = StatementKind::Expression; // as in OutlineItem
  bool reduced = false;
};

} // namespace pydefrag
