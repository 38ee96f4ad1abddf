#include "link/names/own_namespace.h"

#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

bool IsOwnDict(const SyntaxView &view, ExprId id) {
  if (view.Is(id, ExprKind::Call)) {
    const auto callee = view.Callee(id);
    return callee && (*callee == "globals" || *callee == "vars" || *callee == "locals") &&
           (view.Arguments(id).empty() || IsOwnModule(view, view.Arguments(id)[0]));
  }
  if (!view.Is(id, ExprKind::Attribute)) {
    return false;
  }
  if (view.TextOf(id) == "f_globals") { // of the frame that runs
    const auto callee = view.Callee(view.Child(id));
    return callee && view.Arguments(view.Child(id)).empty() &&
           (*callee == "sys._getframe" || *callee == "inspect.currentframe");
  }
  return view.TextOf(id) == "__dict__" && IsOwnModule(view, view.Child(id));
}

bool SpellsModules(llvm::StringRef text) {
  return text.ends_with("sys.modules") || text == "modules" || text == "sys_modules" ||
         text == "_modules" || text == "_sys_modules";
}

bool IsOwnModule(const SyntaxView &view, ExprId id) {
  const bool call = view.Is(id, ExprKind::Call);
  if ((!call && !view.Is(id, ExprKind::Subscript)) || !view.IsName(view.Child(id, 1), "__name__")) {
    return false;
  }
  ExprId modules = view.Child(id);
  if (call) {
    const bool get = view.Is(modules, ExprKind::Attribute) && view.TextOf(modules) == "get";
    modules = get ? view.Child(modules) : ExprId();
  }
  return modules.valid() && SpellsModules(view.Dotted(modules).value_or(""));
}

bool IsGlobals(const SyntaxView &view, ExprId id) {
  return view.Is(id, ExprKind::Call) ? view.Callee(id) == "globals" : IsOwnDict(view, id);
}

bool OnlyReads(llvm::StringRef method) {
  return method == "get" || method == "items" || method == "keys" || method == "values" ||
         method == "copy" || method == "__contains__" || method == "__getitem__";
}

bool LooksOnly(llvm::StringRef called) {
  return llvm::StringSwitch<bool>(called)
      .Cases("eval", "__import__", "import_module", "compile", true)
      .Cases("dict", "list", "set", "tuple", "sorted", "frozenset", true)
      .Cases("dir", "vars", "len", "iter", "id", "type", true)
      .Cases("repr", "str", "print", "pprint", "isinstance", "enumerate", true)
      .Cases("getattr", "hasattr", "delattr", "__getattr__", "__getattribute__", true)
      .Case("setattr", true) // ReadDictWrites
      .Cases("update", "get_type_hints", "getmembers", "getsource", "getfile", "getmodule", true)
      .Cases("testmod", "run_docstring_examples", "timeit", "repeat", "Timer", "runctx", true)
      .Default(false);
}

bool IsExec(const SyntaxView &view, ExprId value) {
  if (view.Is(value, ExprKind::Name) || view.Is(value, ExprKind::Attribute)) {
    return view.TextOf(value) == "exec";
  }
  const auto arguments =
      view.Callee(value) == "getattr" ? view.Arguments(value) : llvm::SmallVector<ExprId, 4>();
  return arguments.size() == 2 && view.String(arguments[1]) == "exec";
}

bool IsExit(llvm::StringRef callee) {
  return callee == "sys.exit" || callee == "exit" || callee == "quit" || callee == "os._exit";
}

} // namespace pydefrag
