#include "link/execute/import_failure.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

// Built-in exceptions and the base that `except` may name instead; `Exception` is everyone's.
static llvm::StringRef BaseOf(llvm::StringRef name) {
  static constexpr std::pair<const char *, const char *> kBases[] = {
      {"ModuleNotFoundError", "ImportError"},
      {"KeyError", "LookupError"},
      {"IndexError", "LookupError"},
      {"UnicodeError", "ValueError"},
      {"UnicodeDecodeError", "UnicodeError"},
      {"UnicodeEncodeError", "UnicodeError"},
      {"NotImplementedError", "RuntimeError"},
      {"RecursionError", "RuntimeError"},
      {"ZeroDivisionError", "ArithmeticError"},
      {"OverflowError", "ArithmeticError"},
      {"FileNotFoundError", "OSError"},
      {"PermissionError", "OSError"},
      {"TimeoutError", "OSError"},
      {"ConnectionError", "OSError"},
      {"UnboundLocalError", "NameError"},
      {"IndentationError", "SyntaxError"},
      {"TabError", "IndentationError"},
      {"SystemExit", "BaseException"},
      {"KeyboardInterrupt", "BaseException"},
      {"GeneratorExit", "BaseException"},
      {"Exception", "BaseException"},
  };
  for (const auto &[derived, base] : kBases) {
    if (name == derived) {
      return base;
    }
  }
  static constexpr const char *kPlain[] = {
      "ImportError", "AttributeError", "LookupError",  "ValueError",      "TypeError",
      "NameError",   "OSError",        "RuntimeError", "ArithmeticError", "SyntaxError",
      "EOFError",    "AssertionError", "Warning",      "StopIteration",   "MemoryError"};
  return llvm::is_contained(kPlain, name) ? "Exception" : "";
}

static llvm::StringRef ExceptionName(const Failure &failure) {
  switch (failure.kind) {
  case ExceptionKind::NoModule:
    return "ModuleNotFoundError";
  case ExceptionKind::NoName:
  case ExceptionKind::BeyondTop:
    return "ImportError";
  case ExceptionKind::Attribute:
    return "AttributeError";
  case ExceptionKind::Syntax:
    return "SyntaxError";
  case ExceptionKind::Exit:
    return "SystemExit";
  case ExceptionKind::Raised:
    return failure.name;
  }
  return "";
}

static Tri CatchesName(llvm::StringRef caught, const Failure &failure) {
  caught = caught == "IOError" || caught == "EnvironmentError" ? "OSError" : caught;
  const llvm::StringRef raised = ExceptionName(failure);
  if (caught == "BaseException" || caught == raised) {
    return Tri::Yes;
  }
  for (llvm::StringRef at = raised; !at.empty(); at = BaseOf(at)) {
    if (at == caught) {
      return Tri::Yes;
    }
  }
  const bool known = caught == "Exception" || !BaseOf(caught).empty();
  return known && !BaseOf(raised).empty() ? Tri::No : Tri::Unknown;
}

static llvm::SmallVector<llvm::StringRef, 4> NamesOf(const SyntaxView &view, ExprId types,
                                                     std::vector<std::string> &storage) {
  llvm::SmallVector<ExprId, 8> each{types};
  if (view.Is(types, ExprKind::Tuple)) {
    each = view.Children(types);
  }
  for (ExprId type : each) {
    const std::string dotted = view.Dotted(type).value_or("");
    const size_t dot = dotted.rfind('.');
    storage.push_back(dot == std::string::npos ? dotted : dotted.substr(dot + 1));
  }
  return {storage.begin(), storage.end()};
}

Tri Catches(const SyntaxView &view, ExprId types, const Failure &failure) {
  if (!types.valid()) {
    return Tri::Yes;
  }
  Tri all = Tri::No;
  std::vector<std::string> storage;
  for (llvm::StringRef name : NamesOf(view, types, storage)) {
    all = std::max(all, CatchesName(name, failure));
  }
  return all;
}

bool CatchesImportErrors(const SyntaxView &view, ExprId types) {
  Failure failure;
  failure.kind = ExceptionKind::NoName;
  return Catches(view, types, failure) == Tri::Yes;
}

} // namespace pydefrag
