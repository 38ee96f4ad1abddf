// Several statements on one logical line: `a; b`, `if x: a; b`. Entry point: SplitLine. Finds
// places by skipping strings and brackets; does not parse.
#pragma once

#include "scan/lines/line_lexer.h"
#include "source/span.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace pydefrag {

struct SplitResult {
  llvm::SmallVector<Span, 4> statements; // without the separators; a header ends behind its `:`
  bool has_header = false;               // the first is a compound header
  bool ok = true;                        // false: no `:` found for the header, or an empty part
};

enum class LineShape : uint8_t {
  Simple, // a list of simple statements
  Header, // a compound header with its body on the same line
};

SplitResult SplitLine(llvm::StringRef text, Span line, LineShape shape);

// The first byte at or behind `at` that is neither blank nor part of a line continuation.
uint32_t SkipBlanks(llvm::StringRef text, uint32_t at, uint32_t end);

// The first `wanted` outside brackets, strings and comments; `span.end` if there is none. A `:` of
// a lambda or of `:=` does not count.
uint32_t FindAtTopLevel(llvm::StringRef text, Span span, char wanted);

// Whether the statement is one or more string literals without interpolation, a number or `...`.
bool IsPlainLiteral(llvm::StringRef text, Span statement);

} // namespace pydefrag
