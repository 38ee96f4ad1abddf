#include "link/resolve/module_reads.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

static bool IsInWord(char c) {
  return llvm::isAlnum(c) || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0;
}

static llvm::StringRef WordAtEnd(llvm::StringRef text) {
  size_t begin = text.size();
  while (begin > 0 && IsInWord(text[begin - 1])) {
    --begin;
  }
  return text.drop_front(begin);
}

llvm::StringRef LineBefore(llvm::StringRef text) {
  const size_t end = text.rfind('\n');
  return (end == llvm::StringRef::npos ? text : text.drop_front(end + 1)).ltrim(" \t");
}

bool AnyWord(llvm::StringRef text, llvm::StringRef word,
             llvm::function_ref<bool(llvm::StringRef, llvm::StringRef)> visit) {
  for (size_t at = text.find(word); at != llvm::StringRef::npos; at = text.find(word, at + 1)) {
    const llvm::StringRef before = text.take_front(at);
    const llvm::StringRef behind = text.drop_front(at + word.size());
    if ((before.empty() || !IsInWord(before.back())) &&
        (behind.empty() || !IsInWord(behind.front())) && visit(before, behind)) {
      return true;
    }
  }
  return false;
}

llvm::StringRef UpToClosing(llvm::StringRef text) {
  int depth = 1;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      i += c == '\\' ? 1 : 0;
      quote = c == quote ? 0 : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if (c == ')' || c == ']' || c == '}') {
      if (--depth == 0) {
        return text.take_front(i);
      }
    }
  }
  return text;
}

// The string that begins with a quote, with its quotes.
static llvm::StringRef StringAt(llvm::StringRef text) {
  const llvm::StringRef three = text.take_front(3);
  const bool triple = three == "\"\"\"" || three == "'''";
  const llvm::StringRef quote = triple ? three : text.take_front(1);
  size_t at = quote.size();
  while (at < text.size() && !text.drop_front(at).starts_with(quote) &&
         (triple || text[at] != '\n')) {
    at += text[at] == '\\' ? 2 : 1;
  }
  return text.take_front(std::min(at + quote.size(), text.size()));
}

std::string CodeOf(llvm::StringRef text) {
  std::string code;
  code.reserve(text.size());
  while (!text.empty()) {
    const char c = text.front();
    if (c == '#') {
      text = text.drop_until([](char each) { return each == '\n'; });
      continue;
    }
    if (c != '"' && c != '\'') {
      code.push_back(c);
      text = text.drop_front();
      continue;
    }
    const llvm::StringRef string = StringAt(text);
    const llvm::StringRef prefix = WordAtEnd(code);
    const bool formats = prefix.size() < 3 && prefix.contains_insensitive("f");
    code += formats ? string : llvm::StringRef(c == '"' ? "\"\"" : "''");
    text = text.drop_front(string.size());
  }
  return code;
}

// Whether what stands behind an expression reads an attribute of it, and does nothing to that.
static bool ReadsAttribute(llvm::StringRef behind) {
  if (!behind.consume_front(".")) {
    return false;
  }
  const llvm::StringRef name = behind.take_while(IsInWord);
  llvm::StringRef rest = behind.drop_front(name.size());
  if (rest.consume_front("[")) {
    rest = rest.drop_front(std::min(UpToClosing(rest).size() + 1, rest.size()));
  }
  rest = rest.ltrim(" ");
  const bool reads = llvm::StringSwitch<bool>(name)
                         .Cases("__file__", "__path__", "__spec__", "__doc__", "__name__", true)
                         .Cases("__loader__", "__package__", "__version__", true)
                         .Default(!name.empty() && !name.starts_with("__"));
  const bool stored = rest.starts_with("=")
                          ? !rest.starts_with("==")
                          : rest.size() > 1 && llvm::StringRef("+-*/|&^%@:<>").contains(rest[0]) &&
                                rest.drop_front().ltrim("*/<>").starts_with("=");
  return reads && !stored && !rest.starts_with(".") && !rest.starts_with("[") &&
         !rest.starts_with(",");
}

// `getattr(HERE, ...)`, `hasattr(HERE, ...)`
static bool IsAsked(llvm::StringRef before, llvm::StringRef behind) {
  const llvm::StringRef call = before.rtrim(" \t\n");
  return (call.ends_with("getattr(") || call.ends_with("hasattr(")) &&
         behind.ltrim(" ").starts_with(",");
}

// `module = HERE`, and the function does nothing with `module` but read its attributes.
static bool IsReadByName(llvm::StringRef function, llvm::StringRef before, llvm::StringRef behind) {
  llvm::StringRef line = LineBefore(before);
  const llvm::StringRef name = line.take_while(IsInWord);
  line = line.drop_front(name.size()).trim(" ");
  const llvm::StringRef rest = behind.ltrim(" ");
  const bool assigns = !name.empty() && line == "=" && (rest.empty() || rest.front() == '\n');
  return assigns && !AnyWord(function, name, [&](llvm::StringRef left, llvm::StringRef right) {
           if (left.ends_with(".")) {
             return false; // an attribute of something
           }
           const llvm::StringRef next = right.ltrim(" ");
           const bool bound =
               LineBefore(left).empty() && next.starts_with("=") && !next.starts_with("==");
           const bool tested = next.starts_with("is None") || next.starts_with("is not None");
           return !bound && !tested && !ReadsAttribute(right) && !IsAsked(left, right);
         });
}

static bool IsPlainString(llvm::StringRef key) {
  const bool quoted =
      key.size() > 1 && (key.front() == '"' || key.front() == '\'') && key.back() == key.front();
  return quoted && !key.drop_front().drop_back().contains(key.front());
}

// `sys.modules` with what stands around it.
static bool IsHarmless(llvm::StringRef function, llvm::StringRef before, llvm::StringRef behind) {
  const llvm::StringRef left = before.rtrim(" ");
  const llvm::StringRef line = LineBefore(before);
  if (behind.starts_with("[")) {
    const llvm::StringRef key = UpToClosing(behind.drop_front());
    const llvm::StringRef rest = behind.drop_front(std::min(key.size() + 2, behind.size()));
    const llvm::StringRef plain = key.trim(" \t\n");
    return IsPlainString(plain) || plain == "__name__" || line == "del " || ReadsAttribute(rest) ||
           IsAsked(before, rest) || IsReadByName(function, before, rest);
  }
  if (behind.starts_with(".pop(")) {
    return line.empty(); // a statement of its own
  }
  if (behind.starts_with(".get(")) {
    const llvm::StringRef key = UpToClosing(behind.drop_front(5));
    const llvm::StringRef rest = behind.drop_front(std::min(key.size() + 6, behind.size()));
    return IsPlainString(key.split(',').first.trim(" \t\n")) || IsAsked(before, rest) ||
           IsReadByName(function, before, rest);
  }
  if (behind.starts_with(".keys()")) {
    return true;
  }
  const bool contained =
      left.size() > 3 && left.ends_with("in") && !IsInWord(left[left.size() - 3]);
  const bool listed = behind.starts_with(")") && before.ends_with("(") &&
                      llvm::StringSwitch<bool>(WordAtEnd(before.drop_back()))
                          .Cases("list", "set", "tuple", "frozenset", "sorted", "len", true)
                          .Default(false);
  return (contained && !behind.starts_with(".")) || listed;
}

// Whether an expression names something below another module: `name + ".part"`, `f"{name}.part"`.
static bool NamesPart(llvm::StringRef key) {
  return key.contains('+') || key.contains('%') || key.contains("format(") ||
         key.contains("join(") || (key.contains('{') && key.contains("}."));
}

// `import_module(name)`, `__import__(name)`
static bool ImportsByName(llvm::StringRef function, llvm::StringRef word) {
  return AnyWord(function, word, [&](llvm::StringRef before, llvm::StringRef behind) {
    while (before.ends_with(".")) {
      before = before.drop_back();
      before = before.drop_back(WordAtEnd(before).size());
    }
    if (!behind.starts_with("(") || WordAtEnd(before.rtrim(" ")) == "def") {
      return !LineBefore(before).starts_with("from ") && !LineBefore(before).starts_with("import ");
    }
    const llvm::StringRef arguments = UpToClosing(behind.drop_front());
    const llvm::StringRef key = arguments.split(',').first.trim(" \t\n");
    const llvm::StringRef rest = behind.drop_front(std::min(arguments.size() + 2, behind.size()));
    const bool alone = LineBefore(before).empty() && rest.ltrim(" ").starts_with("\n");
    return !alone && !IsPlainString(key) && !NamesPart(arguments) && !ReadsAttribute(rest) &&
           !IsAsked(before, rest) && !IsReadByName(function, before, rest);
  });
}

bool LooksUpModules(llvm::StringRef function, bool renamed) {
  if (ImportsByName(function, "import_module") || ImportsByName(function, "__import__")) {
    return true;
  }
  constexpr llvm::StringLiteral kModules = "modules";
  for (size_t at = function.find(kModules); at != llvm::StringRef::npos;
       at = function.find(kModules, at + 1)) {
    llvm::StringRef before = function.take_front(at);
    const llvm::StringRef behind = function.drop_front(at + kModules.size());
    if ((!before.empty() && IsInWord(before.back())) ||
        (!behind.empty() && IsInWord(behind.front()))) {
      continue;
    }
    const bool attribute = before.consume_back(".");
    const llvm::StringRef owner = attribute ? WordAtEnd(before) : "";
    if (!renamed && !owner.ends_with("sys")) {
      continue;
    }
    if (!IsHarmless(function, before.drop_back(owner.size()), behind)) {
      return true;
    }
  }
  return false;
}

bool PutsUnderParameter(llvm::StringRef function) {
  const auto [head, rest] = function.split('(');
  const llvm::StringRef parameters = UpToClosing(rest);
  constexpr llvm::StringLiteral kEntry = "modules[";
  for (size_t at = function.find(kEntry); at != llvm::StringRef::npos;
       at = function.find(kEntry, at + 1)) {
    const llvm::StringRef behind = function.drop_front(at + kEntry.size());
    const llvm::StringRef key = behind.take_while(IsInWord);
    const llvm::StringRef next = behind.drop_front(key.size());
    const bool put = next.starts_with("] =") && !next.starts_with("] ==");
    if (put && AnyWord(parameters, key, [](llvm::StringRef, llvm::StringRef) { return true; })) {
      return true;
    }
  }
  return false;
}

} // namespace pydefrag
