// Reads the text in which a failure is shown: pytest's long, short, line and native tracebacks,
// collection errors, doctests, chained exceptions and exception groups. Entry points:
// ParseErrorText for a body, ParseErrorMessage for a lone "Type: message". What a message means is
// python_errors.h's business, which file a path is, test_ids.h's.
#pragma once

#include "outcomes/outcome.h"

#include "llvm/ADT/StringRef.h"

namespace pydefrag {

// Never fails: text in which no exception can be told apart becomes one segment without a type.
// Empty text gives an empty chain.
ErrorChain ParseErrorText(llvm::StringRef text);

// "ImportError: no" with several lines allowed, as reports keep it in one field.
ErrorChain ParseErrorMessage(llvm::StringRef text);

// Whether a frame of pytest, its plugin manager or the import system, which explains nothing.
bool IsMachineryPath(llvm::StringRef path);

// "path:12: in f", "path:12: ValueError" or "path:12: " at the start of a line.
struct TracebackLine {
  llvm::StringRef path;
  uint32_t line = 0;
  llvm::StringRef function; // after "in "
  llvm::StringRef type;
  bool matched = false;
};
TracebackLine MatchFrameLine(llvm::StringRef line);

// `message` cut to kMaxMessage bytes at a character's border.
std::string CutMessage(llvm::StringRef message);

} // namespace pydefrag
