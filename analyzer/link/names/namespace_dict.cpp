// NamespaceReader: what a module writes into its own dict other than by a name, and calls that may.
#include "link/names/executed_text.h"
#include "link/names/namespace_reader.h"
#include "link/names/own_namespace.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

// `globals()["x"] = 1`, `sys.modules[__name__] = obj`, `sys.modules[__name__].x = 1`; also within
// tuples, `globals()[a], globals()[b] = make()`.
void NamespaceReader::ReadDynamicTargets(uint32_t i, llvm::ArrayRef<ExprId> operands) {
  llvm::SmallVector<std::pair<ExprId, ExprId>, 4> waiting; // with the value, where it is known
  for (ExprId target : operands.drop_back()) {
    waiting.push_back({target, operands.back()});
  }
  while (!waiting.empty()) {
    const auto [target, value] = waiting.pop_back_val();
    if (view_.Is(target, ExprKind::Tuple) || view_.Is(target, ExprKind::List)) {
      for (ExprId each : view_.Children(target)) {
        waiting.push_back({each, ExprId()});
      }
    } else if (view_.Is(target, ExprKind::Subscript)) {
      const ExprId base = view_.Child(target);
      const ExprId key = view_.Child(target, 1);
      if (IsOwnDict(view_, base)) {
        BindKey(i, key, value);
      } else if (IsOwnEntry(target) && !IsOtherTable(base)) {
        value.valid() ? ReadReplacement(i, value)
                      : Open("replaced in `sys.modules`", OpenedBy::Others);
      }
    } else if (view_.Is(target, ExprKind::Attribute)) {
      const ExprId base = view_.Child(target);
      if (IsOwnModule(view_, base) || NamesItself(base)) {
        if (view_.TextOf(target) == "__class__") {
          Open("the module's class is replaced"); // possible_names.h may know that class
        } else {
          BindExpr(EventKind::Value, view_.At(target).text, i, value, ExprId());
        }
      }
    }
  }
}

void NamespaceReader::ReadReplacement(uint32_t i, ExprId value) {
  log_.replaced_at = i;
  log_.replaced_by = value;
  if (view_.Dotted(value)) {
    return;
  }
  Open("replaced in `sys.modules`");
  log_.lazy = true;
}

void NamespaceReader::BindKey(uint32_t i, ExprId key, ExprId value) {
  if (view_.Is(key, ExprKind::String)) {
    BindExpr(EventKind::Value, view_.At(key).text, i, value, ExprId());
  } else if (!BindLoopKey(i, key, value)) {
    Open("names bound through `globals()`");
  }
}

void NamespaceReader::AddCopy(uint32_t i, const NamespaceCopy &copy) {
  Event event{.kind = EventKind::Copy, .copy = copy.what, .statement = i};
  event.value = copy.source;
  event.target = copy.names;
  log_.events.push_back(event);
  // Of a list that has a name, others may make more.
  const bool named =
      view_.Is(copy.names, ExprKind::Name) || view_.Is(copy.names, ExprKind::Attribute);
  if (copy.what == CopyOf::Listed && named && view_.TextOf(copy.names) != "__all__") {
    Open("names bound through `globals()`");
  }
}

// Whether `modules` is another dict than the one of `sys`.
bool NamespaceReader::IsOtherTable(ExprId id) const {
  if (!view_.Is(id, ExprKind::Name)) {
    return false;
  }
  const auto bound = llvm::find_if(llvm::reverse(log_.events), [&](const Event &event) {
    return event.name == view_.At(id).text;
  });
  return bound == log_.events.rend() || bound->kind != EventKind::From ||
         view_.Text(view_.Of(facts_.statements[bound->statement]).text) != "sys";
}

// `sys.modules[__name__]`, or with the module's name itself.
bool NamespaceReader::IsOwnEntry(ExprId id) const {
  return IsOwnModule(view_, id) ||
         (view_.Is(id, ExprKind::Subscript) && view_.Dotted(view_.Child(id)) == "sys.modules" &&
          view_.String(view_.Child(id, 1)) == module_name_);
}

// Whether the name was bound by an import of the module that it stands in: `import pkg.part` in the
// package itself.
bool NamespaceReader::NamesItself(ExprId id) const {
  if (!view_.Is(id, ExprKind::Name)) {
    return false;
  }
  const auto bound = llvm::find_if(llvm::reverse(log_.events), [&](const Event &event) {
    return event.name == view_.At(id).text;
  });
  if (bound == log_.events.rend() || bound->kind != EventKind::Import) {
    return false;
  }
  const llvm::StringRef dotted = view_.TextOf(bound->value);
  return module_name_ == (view_.Child(bound->value).valid() ? dotted : dotted.split('.').first);
}

void NamespaceReader::ReadExpression(uint32_t i, const Statement &statement) {
  const ExprId root = statement.first;
  const auto callee = view_.Callee(root);
  if (callee && IsExit(*callee)) {
    log_.exits.push_back(i);
    return;
  }
  if (callee && llvm::StringRef(*callee).starts_with("__all__.")) {
    log_.all_ops.push_back(i);
    return;
  }
  if (callee && *callee == "setattr" && view_.Arguments(root).size() == 3 &&
      (IsOwnModule(view_, view_.Arguments(root)[0]) || NamesItself(view_.Arguments(root)[0]))) {
    BindKey(i, view_.Arguments(root)[1], view_.Arguments(root)[2]);
    return;
  }
  if (callee && *callee == "exec") {
    ReadExec(i, root);
    return;
  }
  if (callee && view_.Arguments(root).size() == 1 && reexports_.contains(view_.CalledName(root))) {
    AddCopy(i, {view_.Arguments(root)[0], ExprId(), CopyOf::Reexport});
  }
  const NameId executor = view_.CalledName(root);
  if (executor.valid() && executors_.contains(executor) && view_.Arguments(root).size() > 1) {
    Open("`exec` at module level, under another name", OpenedBy::Others); // in a dict that it gets
    return;
  }
  if (callee && CallsExec(*callee)) {
    const auto arguments = view_.Arguments(root);
    const uint32_t bound = LastBinding(view_.CalledName(root));
    const bool own = bound != kUnbound && log_.events[bound].kind == EventKind::Define;
    if (!own && BindsElsewhere(arguments)) {
      return;
    }
    const auto text = arguments.size() == 1 ? view_.String(arguments[0]) : std::nullopt;
    if (!text || !BindExecuted(i, *text)) {
      Open("`exec` at module level, under another name", OpenedBy::Others);
    }
    return;
  }
  if (ReadBuilderCall(i, root)) {
    return;
  }
  // globals().update(a=1, **x) and globals().update({...})
  const ExprId function = view_.Is(root, ExprKind::Call) ? view_.Child(root) : ExprId();
  if (view_.Is(function, ExprKind::Attribute) && IsOwnDict(view_, view_.Child(function))) {
    ReadDictCall(i, root, view_.TextOf(function));
    return;
  }
  ReadEscapes(i, root);
}

// `exec_(...)`, `six.exec_(...)`, a name that stands for `exec`, a function here that calls it.
bool NamespaceReader::CallsExec(llvm::StringRef callee) const {
  const NameId name = scanned_.names.Find(callee);
  return callee.ends_with(".exec_") || callee.ends_with(".exec") ||
         (name.valid() && execs_.contains(name));
}

// `{}`, `dict(a=1)`, `globals().copy()`, or a name that is bound to nothing else.
bool NamespaceReader::IsMadeHere(ExprId value) const {
  const auto is_new = [&](ExprId id) {
    const ExprId method = view_.Is(id, ExprKind::Call) ? view_.Child(id) : ExprId();
    size_t calls = 0; // what they give may lead back here
    view_.WalkAll(id, [&](ExprId each) { calls += view_.Is(each, ExprKind::Call); });
    return (view_.Is(id, ExprKind::Dict) && calls == 0) ||
           (view_.Callee(id) == "dict" &&
            (calls == 1 || (calls == 2 && view_.Arguments(id).size() == 1 &&
                            IsOwnDict(view_, view_.Arguments(id)[0])))) ||
           (view_.Is(method, ExprKind::Attribute) && view_.TextOf(method) == "copy" &&
            IsOwnDict(view_, view_.Child(method)));
  };
  if (!view_.Is(value, ExprKind::Name)) {
    return is_new(value);
  }
  bool bound = false;
  for (const Event &event : log_.events) {
    if (event.name == view_.At(value).text) {
      bound = true;
      if (event.kind != EventKind::Value || !is_new(event.value)) {
        return false;
      }
    }
  }
  return bound;
}

// `exec(text, {})`, `exec(text, names, more)`: where these are dicts of their own.
bool NamespaceReader::BindsElsewhere(llvm::ArrayRef<ExprId> arguments) const {
  return arguments.size() > 1 && IsMadeHere(arguments[1]) &&
         llvm::all_of(arguments.drop_front(2), [&](ExprId locals) {
           return view_.Is(locals, ExprKind::None) || IsMadeHere(locals);
         });
}

void NamespaceReader::ReadExec(uint32_t i, ExprId call) {
  const auto arguments = view_.Arguments(call);
  const auto literal = arguments.empty() ? std::nullopt : view_.String(arguments[0]);
  if (BindsElsewhere(arguments) && !(literal && ReachesOut(*literal))) {
    return;
  }
  const auto text = arguments.size() == 1 ? literal : std::nullopt;
  if (!text || !BindExecuted(i, *text)) {
    Open("`exec` at module level");
  }
}

bool NamespaceReader::BindExecuted(uint32_t i, llvm::StringRef source) {
  const auto bound = NamesBoundByText(source);
  for (llvm::StringRef name : bound ? *bound : llvm::SmallVector<llvm::StringRef, 4>()) {
    const NameId id = scanned_.names.Find(name);
    BindText(name, i);
    const bool runs =
        source.contains((name + " = exec").str()) || source.contains((name + "=exec").str());
    if (id.valid() && runs) { // `run = exec`
      execs_.insert(id);
    } else if (id.valid() && source.contains("exec")) {
      executors_.insert(id);
    }
  }
  return bound.has_value();
}

void NamespaceReader::ReadDictCall(uint32_t i, ExprId call, llvm::StringRef method) {
  if (OnlyReads(method)) {
    return;
  }
  if (method != "update" && method != "setdefault") {
    Open("names changed through `globals()`");
    return;
  }
  for (ExprId argument = view_.Next(view_.Child(call)); argument.valid();
       argument = view_.Next(argument)) {
    if (view_.Is(argument, ExprKind::Keyword)) {
      BindExpr(EventKind::Value, view_.At(argument).text, i, view_.Child(argument), ExprId());
    } else if (view_.Is(argument, ExprKind::Dict)) {
      for (ExprId pair : view_.Children(argument)) {
        const bool whole = view_.Is(pair, ExprKind::Pair);
        BindKey(i, whole ? view_.Child(pair) : pair, whole ? view_.Child(pair, 1) : ExprId());
      }
    } else if (method == "setdefault" && view_.Is(argument, ExprKind::String)) {
      Bind(EventKind::Value, view_.At(argument).text, i);
      break;
    } else if (const auto copy = ReadCopy(view_, argument)) {
      AddCopy(i, *copy);
    } else {
      Open("names bound through `globals()`");
    }
  }
}

// `build(globals())`: someone else may bind anything here; and so may what is written within
// expressions, `[globals().update(x) for x in xs]`.
void NamespaceReader::ReadEscapes(uint32_t i, ExprId root) {
  bool loops = false; // whose names are the module's from 3.12 on
  view_.Walk(root, [&](ExprId id) {
    loops |= view_.Is(id, ExprKind::Comprehension);
    if (view_.Callee(id) == "exec") { // `done = exec(text)`
      loops ? Open("`exec` at module level") : ReadExec(i, id);
    }
  });
  view_.WalkAll(root, [&](ExprId id) {
    if (!view_.Is(id, ExprKind::Call) || IsOwnDict(view_, id)) {
      return;
    }
    const ExprId function = view_.Child(id);
    if (view_.Is(function, ExprKind::Attribute) && IsOwnDict(view_, view_.Child(function)) &&
        !OnlyReads(view_.TextOf(function))) {
      Open("names bound through `globals()`");
    }
    for (ExprId argument = view_.Next(view_.Child(id)); argument.valid();
         argument = view_.Next(argument)) {
      const ExprId value = view_.Is(argument, ExprKind::Keyword) ? view_.Child(argument) : argument;
      const bool own = IsOwnDict(view_, value) || IsOwnModule(view_, value) ||
                       (view_.Is(value, ExprKind::Name) && aliases_.contains(view_.At(value).text));
      if (!own && !view_.IsName(value, "__name__")) {
        continue;
      }
      const auto callee = view_.Callee(id);
      if (callee && llvm::StringRef(*callee).contains("_convert") &&
          view_.IsName(value, "__name__")) {
        ReadEnumConversion(i, id);
      }
      const bool reads_only =
          callee &&
          (*callee == "dir" || *callee == "sorted" || *callee == "list" || *callee == "set" ||
           *callee == "dict" || *callee == "len" || *callee == "doctest.testmod" ||
           *callee == "__import__" || llvm::StringRef(*callee).ends_with(".__dict__.update"));
      if (own && !reads_only) {
        Open("`globals()` is handed to a call"); // possible_names.h may know what it does
      }
    }
  });
}

// IntEnum._convert_("Signals", __name__, filter) binds the new class, and what the filter picks
// of the names that are there: these again, unless they come from another `source`.
void NamespaceReader::ReadEnumConversion(uint32_t i, ExprId call) {
  const auto arguments = view_.Arguments(call);
  const llvm::StringRef method = view_.TextOf(view_.Child(call)); // of the enum module
  const bool own_names = (method == "_convert_" || method == "_convert") && arguments.size() <= 3 &&
                         !view_.KeywordArgument(call, "source").valid();
  if (own_names && view_.Is(arguments[0], ExprKind::String)) {
    Bind(EventKind::Value, view_.At(arguments[0]).text, i);
  } else {
    Open("names made by `_convert_`", OpenedBy::Others);
  }
}

} // namespace pydefrag
