#include "link/names/executed_text.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

// Words that reach into a module in other ways, and marks that make lines no statements of their
// own: a text with one is not read.
static bool IsPlain(llvm::StringRef source) {
  constexpr llvm::StringRef kOtherwise[] = {
      "exec",    "eval",    "globals",  "locals",      "vars",   "setattr", "modules", "global ",
      "import*", "__all__", "import *", "__getattr__", "\"\"\"", "'''",     "\\",      ";"};
  return llvm::none_of(kOtherwise, [&](llvm::StringRef word) { return source.contains(word); });
}

static llvm::StringRef NameAtFront(llvm::StringRef text) {
  return text.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
}

// What a statement at the left margin binds; empty: it is none of the plain ones.
static llvm::StringRef BoundBy(llvm::StringRef line) {
  line.consume_front("async ");
  if (line.consume_front("def ") || line.consume_front("class ")) {
    return NameAtFront(line.ltrim());
  }
  const bool from = line.starts_with("from ");
  if (from || line.starts_with("import ")) {
    const llvm::StringRef imported = line.split("import ").second.trim();
    const llvm::StringRef bound = imported.contains(" as ") ? imported.split(" as ").second.trim()
                                                            : imported.split('.').first;
    return NameAtFront(bound).size() == bound.size() ? bound : "";
  }
  const llvm::StringRef name = NameAtFront(line);
  llvm::StringRef rest = line.drop_front(name.size()).ltrim();
  return rest.consume_front("=") && !rest.contains('=') ? name : "";
}

std::optional<llvm::SmallVector<llvm::StringRef, 4>> NamesBoundByText(llvm::StringRef source) {
  llvm::SmallVector<llvm::StringRef, 4> names;
  if (!IsPlain(source)) {
    return std::nullopt;
  }
  for (llvm::StringRef rest = source.trim(); !rest.empty();) {
    const auto [line, behind] = rest.split('\n');
    rest = behind;
    const bool margin = !line.trim().empty() && !llvm::isSpace(line.front());
    if (!margin || line.starts_with("#") || line.starts_with("@")) {
      continue;
    }
    const llvm::StringRef name = BoundBy(line.rtrim());
    if (name.empty()) {
      return std::nullopt;
    }
    names.push_back(name);
  }
  return names;
}

} // namespace pydefrag
