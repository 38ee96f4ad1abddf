// Messages are matched by prefix with a small cursor: the forms are few, fixed, and read in one
// pass.
#include "outcomes/errors/python_errors.h"

#include "outcomes/errors/message_cursor.h"

#include "llvm/ADT/StringExtras.h"

namespace pydefrag {
namespace {

// "(consider renaming 'PATH' since it has the same name as ...)"
bool EatRenaming(MessageCursor &cursor, PythonError &error) {
  if (!cursor.Eat("(consider renaming ") || !cursor.EatQuoted(error.path)) {
    return false;
  }
  error.shadows_stdlib = cursor.left.contains("standard library module");
  return true;
}

constexpr llvm::StringLiteral kCircular = "(most likely due to a circular import)";

// cannot import name 'N' from ...
void MatchImportName(MessageCursor cursor, PythonError &error) {
  error.suggestion = TakeSuggestion(cursor.left);
  if (!cursor.EatQuoted(error.name)) {
    return;
  }
  error.rule = ErrorRule::ImportName;
  if (!cursor.Eat(" from ")) {
    return;
  }
  if (cursor.Eat("partially initialized module ")) {
    error.rule = ErrorRule::ImportCycle;
  }
  cursor.EatQuoted(error.module);
  cursor.Eat(" ");
  if (EatRenaming(cursor, error)) {
    error.rule = ErrorRule::ImportShadow;
    return;
  }
  if (cursor.Eat(kCircular)) {
    cursor.Eat(" ");
  }
  // The path may hold parentheses itself; the last one closes.
  if (cursor.Eat("(") && cursor.left.consume_back(")") && cursor.left != "unknown location") {
    error.path = cursor.left;
  }
}

// No module named 'A.B'(; 'A' is not a package)?(. Did you mean: 'x'?)?
void MatchModuleNotFound(MessageCursor cursor, PythonError &error) {
  error.suggestion = TakeSuggestion(cursor.left);
  if (!cursor.EatQuoted(error.module)) {
    return;
  }
  error.rule = ErrorRule::ModuleNotFound;
  if (cursor.Eat("; ")) {
    cursor.EatQuoted(error.subject);
  }
}

void MatchImport(llvm::StringRef message, PythonError &error) {
  MessageCursor cursor{message};
  if (cursor.Eat("cannot import name ")) {
    MatchImportName(cursor, error);
  } else if (cursor.Eat("No module named ")) {
    MatchModuleNotFound(cursor, error);
  } else if (message == "attempted relative import with no known parent package") {
    error.rule = ErrorRule::RelativeNoParent;
  } else if (message == "attempted relative import beyond top-level package") {
    error.rule = ErrorRule::RelativeBeyondTop;
  } else if (cursor.Eat("import of ")) {
    if (cursor.EatQualified(error.module) && cursor.Eat(" halted; None in sys.modules")) {
      error.rule = ErrorRule::ModuleHalted;
    }
  } else if (cursor.Eat("Standard library module ")) {
    if (cursor.EatQuoted(error.module)) {
      error.rule = ErrorRule::StdlibModuleMissing;
    }
  } else if (cursor.Eat("Error importing plugin ")) {
    if (cursor.EatQuoted(error.name)) {
      const llvm::StringRef plugin = error.name;
      cursor.Eat(": ");
      MatchImport(cursor.left, error);
      error.name = plugin;
      error.rule = ErrorRule::PluginImport;
    }
  } else if (cursor.Eat("import error in ")) { // monkeypatch.setattr("a.b.c", ...)
    if (cursor.EatQualified(error.subject) && cursor.Eat(": No module named ")) {
      const llvm::StringRef target = error.subject;
      MatchModuleNotFound(cursor, error);
      error.subject = target;
    }
  }
}

// ... has no attribute 'N'...
void MatchAttributeTail(MessageCursor cursor, ErrorRule rule, PythonError &error) {
  if (!cursor.Eat(" has no attribute ") || !cursor.EatQuoted(error.name)) {
    return;
  }
  error.rule = rule;
  cursor.Eat(" ");
  EatRenaming(cursor, error);
}

// <module 'a.b' from 'path'> (does not have the|has no) attribute 'N': unittest.mock, monkeypatch
void MatchReprAttribute(MessageCursor cursor, PythonError &error) {
  const bool is_class = cursor.Eat("<class ");
  if (!is_class && !cursor.Eat("<module ")) {
    return;
  }
  llvm::StringRef owner;
  if (!cursor.EatQuoted(owner)) {
    return;
  }
  if (cursor.Eat(" from ")) {
    cursor.EatQuoted(error.path);
  }
  const size_t end = cursor.left.find('>');
  if (end == llvm::StringRef::npos) {
    return;
  }
  cursor.left = cursor.left.drop_front(end + 1);
  if ((cursor.Eat(" does not have the attribute ") || cursor.Eat(" has no attribute ")) &&
      cursor.EatQuoted(error.name)) {
    error.rule = is_class ? ErrorRule::ClassAttribute : ErrorRule::ModuleAttribute;
    (is_class ? error.subject : error.module) = owner;
  }
}

void MatchAttribute(llvm::StringRef message, PythonError &error) {
  error.suggestion = TakeSuggestion(message);
  MessageCursor cursor{message};
  if (cursor.Eat("partially initialized module ")) {
    cursor.EatQuoted(error.module);
    if (cursor.Eat(" from ")) {
      cursor.EatQuoted(error.path);
    }
    MatchAttributeTail(cursor, ErrorRule::PartialAttribute, error);
  } else if (cursor.Eat("cannot access submodule ")) {
    if (cursor.EatQuoted(error.name) && cursor.Eat(" of module ") &&
        cursor.EatQuoted(error.module)) {
      error.rule = ErrorRule::SubmoduleAttribute;
    }
  } else if (cursor.Eat("module ")) {
    cursor.EatQuoted(error.module);
    MatchAttributeTail(cursor, ErrorRule::ModuleAttribute, error);
  } else if (cursor.Eat("type object ")) {
    cursor.EatQuoted(error.subject);
    MatchAttributeTail(cursor, ErrorRule::ClassAttribute, error);
  } else if (cursor.Eat("'module' object at ")) { // monkeypatch.setattr("a.b.c", ...)
    cursor.EatQualified(error.module);
    MatchAttributeTail(cursor, ErrorRule::ModuleAttribute, error);
  } else if (cursor.EatQuoted(error.subject)) {
    cursor.Eat(" object");
    MatchAttributeTail(cursor, ErrorRule::ObjectAttribute, error);
  } else if (message.starts_with("<")) {
    MatchReprAttribute(cursor, error);
  } else if (!message.empty() && llvm::all_of(message, IsWordChar)) {
    error.rule = ErrorRule::BareAttribute;
    error.name = message;
  }
}

// name 'N' is not defined(. Did you mean: 'x'?)?( Or did you forget to import 'm'?)?
void MatchName(llvm::StringRef message, PythonError &error) {
  MessageCursor cursor{message};
  if (cursor.Eat("name ") && cursor.EatQuoted(error.name) && cursor.Eat(" is not defined")) {
    error.rule = ErrorRule::UndefinedName;
    if (cursor.Eat(". Did you mean: ")) {
      cursor.EatQuoted(error.suggestion);
    }
  }
}

// N validation errors for Model
bool MatchValidation(llvm::StringRef first_line, PythonError &error) {
  MessageCursor cursor{first_line};
  if (!cursor.EatNumber(error.count) || !cursor.Eat(" validation error")) {
    return false;
  }
  cursor.Eat("s");
  if (!cursor.Eat(" for ")) {
    return false;
  }
  error.subject = cursor.left;
  error.rule = ErrorRule::Validation;
  return true;
}

void MatchValue(llvm::StringRef first_line, PythonError &error) {
  if (first_line == "attempted relative import beyond top-level package") { // before 3.9
    error.rule = ErrorRule::RelativeBeyondTop;
    return;
  }
  const llvm::StringRef text = " is not a valid ";
  const size_t at = first_line.rfind(text);
  if (at != llvm::StringRef::npos) {
    const llvm::StringRef subject = first_line.drop_front(at + text.size());
    MessageCursor cursor{subject};
    if (cursor.EatQualified(error.subject) && cursor.left.empty()) {
      error.rule = ErrorRule::EnumValue;
      return;
    }
    error.subject = {};
  }
}

// What pytest says itself, and messages whose type the report did not keep.
void MatchUntyped(llvm::StringRef message, PythonError &error) {
  MessageCursor cursor{message};
  if (cursor.Eat("[XPASS(strict)]") || message == "Unexpected success") {
    error.rule = ErrorRule::StrictXPass;
  } else if (cursor.Eat("fixture ")) {
    if (cursor.EatQuoted(error.name) && cursor.Eat(" not found")) {
      error.rule = ErrorRule::FixtureNotFound;
    }
  } else if (cursor.Eat("DID NOT RAISE ")) {
    error.rule = ErrorRule::DidNotRaise;
    error.subject = cursor.left;
    if (error.subject.consume_front("<class ")) {
      error.subject = error.subject.rtrim('>').trim('\'');
    }
  } else if (message.starts_with("DID NOT WARN.")) {
    error.rule = ErrorRule::DidNotWarn;
  } else if (cursor.Eat("worker ")) {
    llvm::StringRef worker;
    if (cursor.EatQuoted(worker) && cursor.Eat(" crashed while running ")) {
      error.rule = ErrorRule::WorkerCrash;
      cursor.EatQuoted(error.subject);
    }
  }
}

void MatchAwaited(llvm::StringRef message, PythonError &error) {
  MessageCursor cursor{message};
  if (cursor.Eat("coroutine ") && cursor.EatQuoted(error.subject) &&
      cursor.left.starts_with(" was never awaited")) {
    error.rule = ErrorRule::NeverAwaited;
  }
}

} // namespace

llvm::StringRef BareType(llvm::StringRef type) {
  const size_t dot = type.rfind('.');
  return dot == llvm::StringRef::npos ? type : type.drop_front(dot + 1);
}

// Before pytest 8 a warning about an exception that nobody could catch holds its traceback as text.
static llvm::StringRef LastLine(llvm::StringRef message) {
  return message.rtrim().rsplit('\n').second;
}

PythonError ClassifyError(llvm::StringRef type, llvm::StringRef message) {
  PythonError error;
  const llvm::StringRef line = message.split('\n').first.rtrim();
  const llvm::StringRef bare = BareType(type);
  if (bare == "ImportError" || bare == "ModuleNotFoundError") {
    MatchImport(line, error);
  } else if (bare == "AttributeError") {
    MatchAttribute(line, error);
  } else if (bare == "TypeError") {
    MatchTypeError(line, error);
  } else if (bare == "NameError") {
    MatchName(line, error);
  } else if (bare == "RuntimeWarning") {
    MatchAwaited(line, error);
  } else if (bare == "PytestUnraisableExceptionWarning") {
    const TypedMessage inner = SplitTyped(LastLine(message));
    if (inner.type == "RuntimeWarning") {
      MatchAwaited(inner.message, error);
    }
  } else if (bare == "Failed" || bare.empty()) {
    MatchUntyped(line, error);
  } else if (bare == "ValidationError") {
    MatchValidation(line, error);
  } else if (bare == "ValueError" && !MatchValidation(line, error)) {
    MatchValue(line, error);
  }
  if (error.rule == ErrorRule::None) {
    error = PythonError();
  }
  return error;
}

bool IsImportRule(ErrorRule rule) {
  return rule >= ErrorRule::ImportName && rule <= ErrorRule::SubmoduleAttribute;
}

const ErrorSegment *FirstImportError(const ErrorChain &chain) {
  for (const ErrorSegment &segment : chain.segments) {
    if (IsImportRule(ClassifyError(segment).rule)) {
      return &segment;
    }
  }
  return nullptr;
}

TypedMessage SplitTyped(llvm::StringRef text) {
  size_t end = 0;
  while (end < text.size() && (IsWordChar(text[end]) || text[end] == '.')) {
    ++end;
  }
  const llvm::StringRef name = text.take_front(end);
  if (name.empty() || llvm::isDigit(name.front()) || name.front() == '.' || name.back() == '.') {
    return {{}, text};
  }
  if (end == text.size()) {
    // A bare name alone is a type only when it is written like one.
    const bool is_type = llvm::isUpper(BareType(name).front());
    return is_type ? TypedMessage{name, {}} : TypedMessage{{}, text};
  }
  if (text.substr(end).starts_with(":\n") || text.substr(end) == ":") {
    return {name, text.drop_front(end + 1).ltrim(" ")};
  }
  if (text[end] == '\n' && llvm::isUpper(BareType(name).front())) {
    return {name, text.drop_front(end + 1)};
  }
  if (text.substr(end).starts_with(": ")) {
    return {name, text.drop_front(end + 2)};
  }
  return {{}, text};
}

const char *ErrorRuleName(ErrorRule rule) {
  static constexpr const char *kNames[kErrorRules] = {
      "none",
      "import-name",
      "import-cycle",
      "import-shadow",
      "relative-no-parent",
      "relative-beyond-top",
      "module-not-found",
      "stdlib-module-missing",
      "module-halted",
      "plugin-import",
      "module-attribute",
      "partial-attribute",
      "submodule-attribute",
      "object-attribute",
      "class-attribute",
      "bare-attribute",
      "unexpected-keyword",
      "missing-arguments",
      "too-many-arguments",
      "repeated-argument",
      "positional-only",
      "exact-arguments",
      "no-keywords",
      "no-arguments",
      "abstract-class",
      "module-called",
      "bad-isinstance",
      "metaclass-conflict",
      "no-mro",
      "undefined-name",
      "enum-value",
      "validation",
      "never-awaited",
      "fixture-not-found",
      "did-not-raise",
      "did-not-warn",
      "strict-xpass",
      "worker-crash",
  };
  return kNames[static_cast<size_t>(rule)];
}

} // namespace pydefrag
