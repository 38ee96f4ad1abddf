// What a statement is, from its leading keyword and, for soft keywords, the word behind it. Entry
// points: HeaderKind, SimpleKind. Looks at single statements only; whether an arm may stand where
// it stands is outline.cpp.
#pragma once

#include "facts/syntax.h"
#include "scan/lines/line_lexer.h"
#include "source/span.h"

#include "llvm/ADT/StringRef.h"

#include <optional>

namespace pydefrag {

// The compound statement that begins with `statement`, which may have its body behind its `:`.
// `case` is one only in a `match`: the caller knows.
std::optional<StatementKind> HeaderKind(llvm::StringRef text, Span statement, Keyword keyword);

// The kind of a simple statement; all expressions and assignments are Expression.
StatementKind SimpleKind(llvm::StringRef text, Span statement, Keyword keyword);

// Whether the keyword always begins a compound statement or a decorator.
bool IsCompound(Keyword keyword);

} // namespace pydefrag
