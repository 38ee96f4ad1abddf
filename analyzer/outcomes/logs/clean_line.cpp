#include "outcomes/logs/clean_line.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {

// Drops "ESC [ ... letter" and "ESC ] ... BEL".
static std::string WithoutEscapes(llvm::StringRef line) {
  std::string text;
  text.reserve(line.size());
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\x1b') {
      text += line[i];
      continue;
    }
    ++i;
    if (i < line.size() && line[i] == '[') {
      i = std::min(line.find_if(llvm::isAlpha, i + 1), line.size());
    } else if (i < line.size() && line[i] == ']') {
      i = std::min(line.find_first_of("\x07\x1b", i + 1), line.size());
      i += i < line.size() && line[i] == '\x1b' ? 1 : 0; // ESC \ ends it too
    }
  }
  return text;
}

// "2026-11-22T11:44:23.0668850Z " (GitHub, Azure, GitLab with its "00O "), "[2026-...Z] "
// (Jenkins).
static llvm::StringRef WithoutTimeStamp(llvm::StringRef line) {
  llvm::StringRef rest = line;
  const bool bracketed = rest.consume_front("[");
  const llvm::StringRef stamp = rest.take_until([](char c) { return c == 'Z'; });
  if (stamp.size() < 19 || stamp.size() > 30 || stamp[4] != '-' || stamp[7] != '-' ||
      stamp[10] != 'T' || !llvm::all_of(stamp.take_front(4), llvm::isDigit)) {
    return line;
  }
  rest = rest.drop_front(stamp.size());
  if (!rest.consume_front("Z") || (bracketed && !rest.consume_front("]"))) {
    return line;
  }
  rest.consume_front(" ");
  if (rest.size() >= 3 && llvm::isDigit(rest[0]) && llvm::isDigit(rest[1]) &&
      (rest[2] == 'O' || rest[2] == 'E')) {
    rest = rest.drop_front(3);
    if (!rest.consume_front("+")) {
      rest.consume_front(" ");
    }
  }
  return rest;
}

std::string CleanLogLine(llvm::StringRef line) {
  std::string text = WithoutEscapes(WithoutTimeStamp(line));
  const llvm::StringRef trimmed = llvm::StringRef(text).rtrim("\r");
  const size_t hidden = trimmed.rfind('\r');
  return trimmed.drop_front(hidden == llvm::StringRef::npos ? 0 : hidden + 1).str();
}

} // namespace pydefrag
