// Python 2 syntax that no Python 3 accepts, so that a file is rejected for the right reason. Looks
// at single statements, handlers and numbers; `<>` and backticks are found by the line lexer.
#pragma once

#include "scan/lines/line_lexer.h"
#include "source/span.h"

#include "llvm/ADT/StringRef.h"

#include <cstddef>

namespace pydefrag {

// Each gives the reason, of static lifetime, or null if the text may be Python 3.

// Print and exec statements, `raise E, value`.
const char *FindPython2Statement(llvm::StringRef text, Span statement, Keyword keyword);

// `except E, name:`. Python 3.14 accepts `except A, B:` (PEP 758), so only names that nobody gives
// to an exception class count.
const char *FindPython2Handler(llvm::StringRef text, Span header);

// 0777 and 10L; `at` is at a byte of the word that may be one.
const char *FindPython2Number(llvm::StringRef text, size_t at);

} // namespace pydefrag
