#include "link/defects/warnings.h"

#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

static std::string OneLine(llvm::StringRef text) {
  std::string line;
  bool space = false;
  for (char c : text) {
    if (c == '\n' || c == '\r' || c == '\t' || c == ' ') {
      space = !line.empty();
      continue;
    }
    if (space) {
      line += ' ';
      space = false;
    }
    line += c;
  }
  return line;
}

std::string LiteralText(const SyntaxView &view, ExprId root, bool &whole) {
  std::string text;
  llvm::SmallVector<ExprId, 8> stack{root};
  while (!stack.empty()) {
    const ExprId expr = stack.pop_back_val();
    if (!expr.valid()) {
      whole = false;
      continue;
    }
    switch (view.At(expr).kind) {
    case ExprKind::String:
      text += view.TextOf(expr);
      break;
    case ExprKind::FString:
      text += view.TextOf(expr);
      whole = false;
      break;
    case ExprKind::Binary:
      if (view.At(expr).op == Op::Add) {
        stack.push_back(view.Child(expr, 1));
      } else {
        whole = false;
      }
      stack.push_back(view.Child(expr, 0));
      break;
    case ExprKind::Call: // "...".format(...), DeprecationWarning("...")
      whole = false;
      if (view.Is(view.Child(expr), ExprKind::Attribute)) {
        stack.push_back(view.Child(view.Child(expr)));
      } else if (!view.Arguments(expr).empty()) {
        stack.push_back(view.Arguments(expr)[0]);
      }
      break;
    default:
      whole = false;
      break;
    }
  }
  return OneLine(text);
}

static bool IsDeprecationName(llvm::StringRef name) {
  const llvm::StringRef last = name.contains('.') ? name.rsplit('.').second : name;
  return last == "DeprecationWarning" || last == "PendingDeprecationWarning" ||
         last == "FutureWarning" || (last.ends_with("Warning") && last.contains("Deprecat")) ||
         (last.starts_with("RemovedIn") && last.ends_with("Warning"));
}

enum class Category : uint8_t { None, Deprecation, NamedLikeOne };

// By the bases of a class of the project, as far as they are known; else by its name.
static Category CategoryOf(Resolver &resolver, const Project &project, ModuleId module,
                           uint32_t statement, ExprId category, int depth = 0) {
  constexpr int kDeepest = 8;
  const SyntaxView &view = resolver.view();
  if (view.Is(category, ExprKind::Call)) { // warn(DeprecationWarning("..."))
    category = view.Child(category);
  }
  Category by_name = Category::None;
  for (; depth < kDeepest && category.valid(); ++depth) {
    const auto dotted = view.Dotted(category);
    if (!dotted) {
      return by_name;
    }
    const llvm::StringRef name = *dotted;
    const Found found = resolver.Evaluate(module, category, resolver.EventLimit(module, statement));
    if (!found.IsObject() || !resolver.HasLog(found.module)) {
      if (name == "Warning" || name == "UserWarning" || name == "RuntimeWarning") {
        return by_name == Category::None ? Category::None : Category::NamedLikeOne;
      }
      return IsDeprecationName(name) ? Category::Deprecation : by_name;
    }
    by_name = IsDeprecationName(name) ? Category::Deprecation : by_name;
    const Event &event = resolver.Log(found.module).events[found.event];
    const PlacedStatement &placed = project.StatementsOf(found.module)[event.statement];
    const Statement &made = view.Of(placed);
    const bool is_class = event.kind == EventKind::Define && made.kind == StatementKind::Class;
    category = is_class ? made.bases : event.value;
    module = found.module;
    statement = event.statement;
    // Of further bases one that is a deprecation for sure.
    for (ExprId base = is_class && category.valid() ? view.Next(category) : ExprId(); base.valid();
         base = view.Next(base)) {
      if (!view.Is(base, ExprKind::Keyword) &&
          CategoryOf(resolver, project, module, statement, base, depth + 1) ==
              Category::Deprecation) {
        return Category::Deprecation;
      }
    }
  }
  return by_name;
}

static int StackLevel(const SyntaxView &view, ExprId call, size_t position) {
  ExprId level = view.KeywordArgument(call, "stacklevel");
  const auto arguments = view.Arguments(call);
  if (!level.valid() && arguments.size() > position) {
    level = arguments[position];
  }
  int n = 1;
  if (view.Is(level, ExprKind::Number) && !view.TextOf(level).getAsInteger(10, n)) {
    return n;
  }
  return level.valid() ? 2 : 1;
}

// `warnings.warn`, `warn` and the like, or `w.warn` after `import warnings as w`.
static bool IsWarn(Resolver &resolver, const Project &project, ModuleId module, uint32_t statement,
                   ExprId call, llvm::StringRef name) {
  if (name == "warnings.warn" || name == "warn" || name == "_warnings.warn" ||
      name == "warnings.warn_explicit" || name == "_warn") {
    return true;
  }
  if (!name.ends_with(".warn")) {
    return false;
  }
  const SyntaxView &view = resolver.view();
  const Found base = resolver.Evaluate(module, view.Child(view.Child(call)),
                                       resolver.EventLimit(module, statement));
  return base.IsModule() && project.Text(project.modules[base.module].name) == "warnings";
}

std::optional<WarnCall> ReadDeprecationWarning(Resolver &resolver, const Project &project,
                                               ModuleId module, uint32_t statement, ExprId call) {
  const SyntaxView &view = resolver.view();
  const auto callee = view.Callee(call);
  if (!callee) {
    return std::nullopt;
  }
  const llvm::StringRef name = *callee;
  const auto arguments = view.Arguments(call);
  WarnCall warn;
  if (name == "warnings._deprecated" || name == "_deprecated") {
    warn.message = "deprecated";
    warn.literal = true;
    return warn;
  }
  if (!IsWarn(resolver, project, module, statement, call, name)) {
    return std::nullopt;
  }
  ExprId message = arguments.empty() ? view.KeywordArgument(call, "message") : arguments[0];
  ExprId category = view.KeywordArgument(call, "category");
  if (!category.valid() && arguments.size() > 1) {
    category = arguments[1];
  }
  if (!category.valid() && view.Is(message, ExprKind::Call)) {
    category = message;
  }
  const Category kind = category.valid()
                            ? CategoryOf(resolver, project, module, statement, category)
                            : Category::None;
  if (kind == Category::None) {
    return std::nullopt;
  }
  warn.other_category = kind == Category::NamedLikeOne;
  warn.literal = true;
  warn.message = LiteralText(view, message, warn.literal);
  warn.stacklevel = StackLevel(view, call, 2);
  return warn;
}

static bool IsPathChar(char c) {
  return llvm::isAlnum(c) || c == '_' || c == '.';
}

// The first word at `at` that looks like a path or name, without quotes and a closing dot.
static llvm::StringRef PathAt(llvm::StringRef text) {
  text = text.ltrim(" \t`'\"(:");
  llvm::StringRef path = text.take_while(IsPathChar);
  while (path.ends_with(".")) {
    path = path.drop_back();
  }
  return path;
}

static bool LooksLikePath(llvm::StringRef word, llvm::StringRef original) {
  if (word.empty() || llvm::isDigit(word[0]) || word.starts_with(".")) {
    return false;
  }
  if (word.contains('.') || word.contains('_')) {
    return true;
  }
  // A bare word counts when it is quoted, a call, a class name, or in "use x instead".
  const size_t at = original.find(word);
  if (original.substr(at + word.size()).starts_with(" instead")) {
    return true;
  }
  const bool quoted =
      at != llvm::StringRef::npos && at > 0 && llvm::StringRef("`'\"").contains(original[at - 1]);
  const bool call = original.substr(at + word.size()).starts_with("(");
  const bool class_name = llvm::isUpper(word[0]) && llvm::any_of(word, llvm::isLower);
  return quoted || call || (class_name && word.size() > 3);
}

std::string ReplacementIn(llvm::StringRef message) {
  const std::string lower = message.lower();
  for (llvm::StringRef cue : {"import it from ", "import from ", "please use ", "use ", "moved to ",
                              "replaced by ", "replaced with ", "in favor of ", "in favour of ",
                              "renamed to ", "switch to ", "superseded by ", "migrate to "}) {
    for (size_t at = lower.find(cue.str()); at != std::string::npos;
         at = lower.find(cue.str(), at + 1)) {
      if (at > 0 && llvm::isAlnum(lower[at - 1])) {
        continue;
      }
      llvm::StringRef rest = message.drop_front(at + cue.size());
      for (llvm::StringRef filler : {"the ", "module ", "class ", "function ", "method "}) {
        if (rest.starts_with_insensitive(filler)) {
          rest = rest.drop_front(filler.size());
        }
      }
      if (rest.consume_front("from ")) { // from a.b import C
        const llvm::StringRef module = PathAt(rest);
        const size_t import_at = rest.find(" import ");
        if (import_at == module.size()) {
          return (module + "." + PathAt(rest.drop_front(import_at + 8))).str();
        }
      }
      const llvm::StringRef word = PathAt(rest);
      if (LooksLikePath(word, rest)) {
        return word.str();
      }
    }
  }
  return "";
}

} // namespace pydefrag
