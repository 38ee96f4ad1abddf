#include "link/resolve/function_texts.h"

#include "link/flow/source_trees.h"

#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

llvm::StringRef TextOfBlock(Resolver &resolver, ModuleId module, uint32_t header) {
  SourceTrees *sources = resolver.sources();
  const Project &project = resolver.project();
  const auto &statements = project.StatementsOf(module);
  return sources != nullptr ? TextOfBlock(statements, statements[header], sources->TextOf(module))
                            : "";
}

static bool IsWordOrDot(char c) {
  return llvm::isAlnum(c) || c == '_' || c == '.';
}

// Whether what stands behind is the end of another name, or an attribute.
static bool IsWithinWord(llvm::StringRef before) {
  return !before.empty() && IsWordOrDot(before.back());
}

bool SaysWord(llvm::StringRef text, llvm::StringRef word) {
  for (size_t at = text.find(word); at != llvm::StringRef::npos; at = text.find(word, at + 1)) {
    const llvm::StringRef behind = text.drop_front(at + word.size());
    if (!IsWithinWord(text.take_front(at)) && (behind.empty() || !IsWordOrDot(behind.front()))) {
      return true;
    }
  }
  return false;
}

size_t CountBindings(llvm::StringRef text, llvm::StringRef name) {
  size_t count = 0;
  for (size_t at = text.find(name); at != llvm::StringRef::npos; at = text.find(name, at + 1)) {
    const llvm::StringRef before = text.take_front(at);
    const llvm::StringRef behind = text.drop_front(at + name.size());
    if (IsWithinWord(before) ||
        (!behind.empty() && (IsWordOrDot(behind.front()) && behind.front() != '.'))) {
      continue;
    }
    const llvm::StringRef rest = behind.ltrim(' ');
    const bool assigned = rest.starts_with(":") || // an annotation, or a walrus
                          (rest.starts_with("=") && !rest.starts_with("=="));
    const bool first = rest.starts_with(",") && before.rtrim(" \t(").ends_with("\n");
    count += assigned || first || before.ends_with("for ") || before.ends_with("as ") ||
             before.ends_with("import ");
  }
  return count;
}

constexpr int kMaxBrackets = 200; // more do not compile, nor are they worth to be read again

// How many bytes `[...]` at the beginning has, on one line; 0: it begins otherwise.
static size_t BracketsIn(llvm::StringRef text) {
  int depth = 0;
  for (size_t i = 0; i < text.size() && text[i] != '\n' && depth <= kMaxBrackets; ++i) {
    depth += (text[i] == '[') - (text[i] == ']');
    if (depth == 0) {
      return text[i] == ']' ? i + 1 : 0;
    }
  }
  return 0;
}

// Whether what follows a dict writes into it: `[key] = value`, `.update(`.
static bool WritesItem(llvm::StringRef rest) {
  rest = rest.ltrim(' ');
  const llvm::StringRef behind = rest.drop_front(BracketsIn(rest)).ltrim(' ');
  return rest.starts_with(".update(") || rest.starts_with(".setdefault(") ||
         rest.starts_with(".__setitem__(") || rest.starts_with(".__ior__(") ||
         (rest.starts_with("[") && behind.starts_with("=") && !behind.starts_with("=="));
}

bool WritesItems(llvm::StringRef text, llvm::StringRef name) {
  for (size_t at = text.find(name); at != llvm::StringRef::npos; at = text.find(name, at + 1)) {
    if (!IsWithinWord(text.take_front(at)) && WritesItem(text.drop_front(at + name.size()))) {
      return true;
    }
  }
  return false;
}

bool WritesAttributes(llvm::StringRef text, llvm::StringRef name) {
  for (size_t at = text.find(name); at != llvm::StringRef::npos; at = text.find(name, at + 1)) {
    const llvm::StringRef before = text.take_front(at);
    llvm::StringRef rest = text.drop_front(at + name.size());
    const llvm::StringRef call = before.rtrim(); // a line may end behind its parenthesis
    if ((call.ends_with("setattr(") || call.ends_with("__setattr__(")) &&
        rest.ltrim().starts_with(",")) {
      return true;
    }
    if (before.ends_with("vars(") && rest.consume_front(")")) {
      if (WritesItem(rest)) {
        return true;
      }
      continue;
    }
    if (IsWithinWord(before) || !rest.consume_front(".")) {
      continue;
    }
    const llvm::StringRef attribute =
        rest.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
    rest = rest.drop_front(attribute.size());
    const llvm::StringRef behind = rest.ltrim(' ');
    if ((attribute == "__dict__" && WritesItem(rest)) ||
        (attribute == "__setattr__" && rest.starts_with("(")) ||
        (behind.starts_with("=") && !behind.starts_with("=="))) {
      return true;
    }
  }
  return false;
}

// The key at the beginning of a text: of `"x"]` and `x.__name__,` it is x. Empty: it is computed.
static llvm::StringRef KeyAt(llvm::StringRef text) {
  const bool quoted = text.starts_with("\"") || text.starts_with("'");
  const llvm::StringRef rest = text.drop_front(quoted ? 1 : 0);
  const llvm::StringRef key =
      rest.take_while([](char c) { return llvm::isAlnum(c) || c == '_' || !llvm::isASCII(c); });
  const llvm::StringRef behind = rest.drop_front(key.size());
  return behind.starts_with(quoted ? text.take_front(1) : ".__name__") ? key : "";
}

void AddDeletedItems(llvm::StringRef text, llvm::StringRef name,
                     llvm::SmallVectorImpl<llvm::StringRef> &keys) {
  for (size_t at = text.find(name); at != llvm::StringRef::npos; at = text.find(name, at + 1)) {
    llvm::StringRef rest = text.drop_front(at + name.size());
    const llvm::StringRef before = text.take_front(at);
    const bool deletes = before.ends_with("del ") && rest.consume_front("[");
    const bool pops = !deletes && before.ends_with(" ") && rest.consume_front(".pop(");
    const llvm::StringRef key = deletes || pops ? KeyAt(rest) : "";
    if (!key.empty()) {
      keys.push_back(key);
    }
  }
}

} // namespace pydefrag
