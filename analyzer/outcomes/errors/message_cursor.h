// A place in an error message, and the steps by which the grammar of messages is read. Used only by
// python_errors.cpp and call_errors.cpp.
#pragma once

#include "outcomes/errors/python_errors.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace pydefrag {

inline bool IsWordChar(char c) {
  return llvm::isAlnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// A place in a message. Every Eat* moves only when it matches.
struct MessageCursor {
  llvm::StringRef left;

  bool Eat(llvm::StringRef text) { return left.consume_front(text); }

  // 'text' or "text", as repr() writes a name.
  bool EatQuoted(llvm::StringRef &text) {
    if (left.empty() || (left.front() != '\'' && left.front() != '"')) {
      return false;
    }
    const size_t end = left.find(left.front(), 1);
    if (end == llvm::StringRef::npos) {
      return false;
    }
    text = left.slice(1, end);
    left = left.drop_front(end + 1);
    return true;
  }

  // name, name.attr, f.<locals>.<lambda>
  bool EatQualified(llvm::StringRef &text) {
    size_t end = 0;
    while (end < left.size() &&
           (IsWordChar(left[end]) || left[end] == '.' || left[end] == '<' || left[end] == '>')) {
      ++end;
    }
    text = left.take_front(end);
    left = left.drop_front(end);
    return end > 0;
  }

  bool EatNumber(uint32_t &number) { return !left.consumeInteger(10, number); }
};

// Takes a final ". Did you mean: 'x'?" off `message`; in 3.15 also "'.x' instead of '.y'?".
llvm::StringRef TakeSuggestion(llvm::StringRef &message);

// What a TypeError's message says, into `error`; nothing when no rule matches.
void MatchTypeError(llvm::StringRef message, PythonError &error);

} // namespace pydefrag
