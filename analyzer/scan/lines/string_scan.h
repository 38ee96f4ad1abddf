// String literals by hand, byte by byte: their prefixes, where they end, and f-/t-strings with
// everything that may stand in their braces. Entry points: ReadStringPrefix, SkipString. The line
// lexer skips plain strings by their events (events.h) and comes here for the rest.
#pragma once

#include "source/span.h"

#include "llvm/ADT/StringRef.h"

#include <cstddef>
#include <vector>

namespace pydefrag {

struct StringPrefix {
  unsigned length = 0;
  bool format = false; // f or t: braces hold expressions
  bool raw = false;
  bool bytes = false;
  bool python2 = false; // ur"..."
};

// The prefix of the string whose opening quote stands at `quote`. A word that merely ends in such
// letters (`or"x"`) is not a prefix.
StringPrefix ReadStringPrefix(llvm::StringRef text, size_t quote);

struct SkippedString {
  size_t end = 0;            // past the closing quote; if `why`: where the trouble is
  const char *why = nullptr; // CPython rejects the text for this reason; static lifetime
};

// Skips the string whose opening quote stands at `quote`. `comments`, if given, gets the comments
// inside the braces of a format string. Braces follow the rules of Python 3.12 (PEP 701), which
// accept whatever the older ones do.
SkippedString SkipString(llvm::StringRef text, size_t quote, const StringPrefix &prefix,
                         std::vector<Span> *comments);

} // namespace pydefrag
