#include "link/names/executed_text.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

// Whether the line at the left margin above this place is the whole header of a function.
static bool StandsInFunction(llvm::StringRef source, size_t at) {
  llvm::StringRef above = source.take_front(at);
  llvm::StringRef line;
  do {
    const size_t begin = above.rfind('\n') + 1; // 0 where there is none
    line = above.drop_front(begin);
    above = above.take_front(begin == 0 ? 0 : begin - 1);
  } while (!above.empty() && (line.trim().empty() || llvm::isSpace(line.front())));
  return (line.starts_with("def ") || line.starts_with("async def ")) &&
         line.rtrim().ends_with(":");
}

// `run = exec`, `exec_ = exec`, and no other use of the word but in functions, which run when they
// are called and bind nothing here.
static bool OnlyNamesExec(llvm::StringRef source) {
  for (size_t at = source.find("exec"); at != llvm::StringRef::npos;
       at = source.find("exec", at + 1)) {
    llvm::StringRef behind = source.drop_front(at + 4).ltrim("_");
    if (!behind.empty() && llvm::isAlnum(behind.front())) {
      continue; // "execute"
    }
    behind = behind.ltrim(' ');
    const size_t line = source.rfind('\n', at) + 1;
    const bool indented = llvm::isSpace(source[line]);
    if (indented ? line == 0 || ReachesOut(source) || !StandsInFunction(source, line - 1)
                 : !behind.empty() && !llvm::StringRef("\n;=").contains(behind.front())) {
      return false;
    }
  }
  return true;
}

// Whether the word is nothing but a parameter: `def execute(code, globals=None)`.
static bool IsParameter(llvm::StringRef source, llvm::StringRef word) {
  return !source.contains((word + "(").str()) && !source.contains((word + " (").str()) &&
         (source.contains((word + "=None").str()) || source.contains((word + " = None").str()));
}

// Words that reach into a module in other ways, and marks that make lines no statements of their
// own: a text with one is not read.
static bool IsPlain(llvm::StringRef source) {
  constexpr llvm::StringRef kOtherwise[] = {"eval",        "vars",    "setattr", "modules",
                                            "global ",     "import*", "__all__", "import *",
                                            "__getattr__", "\"\"\"",  "'''",     "\\"};
  const bool quotes = source.contains('"') || source.contains('\'');
  const auto reaches = [&](llvm::StringRef word) {
    return source.contains(word) && !IsParameter(source, word);
  };
  return llvm::none_of(kOtherwise, [&](llvm::StringRef word) { return source.contains(word); }) &&
         !reaches("globals") && !reaches("locals") && !(quotes && source.contains(';')) &&
         OnlyNamesExec(source);
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
    llvm::SmallVector<llvm::StringRef, 2> statements;
    line.split(statements, ';', -1, false);
    for (llvm::StringRef statement : statements) {
      const llvm::StringRef name = BoundBy(statement.trim());
      if (name.empty()) {
        return std::nullopt;
      }
      names.push_back(name);
    }
  }
  return names;
}

bool ReachesOut(llvm::StringRef source) {
  constexpr llvm::StringLiteral kWays[] = {"modules",     "_getframe",    "currentframe",
                                           "__globals__", "f_globals",    "f_back",
                                           "__import__",  "import_module"};
  return llvm::any_of(kWays, [&](llvm::StringRef way) { return source.contains(way); });
}

} // namespace pydefrag
