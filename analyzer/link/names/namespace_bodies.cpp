// NamespaceReader: bodies that do not bind in the module, except through `global` and `globals()`,
// and what else they do to it.
#include "link/names/namespace_reader.h"
#include "link/names/own_namespace.h"

#include "stdlib/stdlib.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace pydefrag {

static constexpr char kRenamed[] = "`globals()` goes by another name in a function";
static constexpr char kHandedOut[] = "`globals()` is handed to a call in a function";

void NamespaceReader::ReadGlobals(uint32_t header, uint32_t end, bool class_body) {
  const size_t first = log_.events.size();
  for (uint32_t i = header + 1; i < end; ++i) {
    const Statement &statement = view_.Of(facts_.statements[i]);
    const bool of_class = class_body && facts_.statements[i].parent == int32_t(header);
    if (!of_class && WritesAll(statement)) { // or a method of a class that is used
      log_.all_written_in_function |= IsCalled(header);
    } else if (!class_body && statement.kind == StatementKind::Expression &&
               view_.Callee(statement.first) == "exec" &&
               llvm::any_of(view_.Arguments(statement.first),
                            [&](ExprId argument) { return IsOwnDict(view_, argument); })) {
      execs_.insert(view_.Of(facts_.statements[header]).text);
    }
    if (statement.kind == StatementKind::Global) {
      for (ExprId name : view_.Operands(statement)) {
        BindExpr(EventKind::Value, view_.At(name).text, header, ExprId(), ExprId(), !of_class);
      }
    } else {
      ReadDictWrites(header, statement);
      ReadHandedOut(header, statement);
      NoteReexport(header, i);
    }
  }
  const bool weak = log_.events.size() > first && !class_body && !IsCalled(header);
  for (size_t k = first; k < log_.events.size(); ++k) {
    log_.events[k].weak |= weak;
  }
}

// `globals()["x"] = 1`, `globals().update(...)` in a body that may run later.
void NamespaceReader::ReadDictWrites(uint32_t header, const Statement &statement) {
  if (statement.kind == StatementKind::Assign || statement.kind == StatementKind::AugAssign) {
    const llvm::SmallVector<ExprId, 8> operands = view_.Operands(statement);
    for (ExprId target : llvm::ArrayRef(operands).drop_back()) {
      if (view_.Is(target, ExprKind::Subscript) && IsGlobals(view_, view_.Child(target))) {
        BindLater(header, view_.Child(target, 1));
      } else if (IsOwnModule(view_, target)) {
        Open("replaced in `sys.modules` by a function", OpenedBy::Others);
      }
    }
  } else if (statement.kind == StatementKind::Expression) {
    const ExprId root = statement.first;
    const ExprId function = view_.Is(root, ExprKind::Call) ? view_.Child(root) : ExprId();
    if (view_.Is(function, ExprKind::Attribute) && IsGlobals(view_, view_.Child(function)) &&
        !OnlyReads(view_.TextOf(function))) {
      Open("names bound through `globals()` in a function");
    } else if (view_.Callee(root) == "setattr" && view_.Arguments(root).size() == 3 &&
               IsOwnModule(view_, view_.Arguments(root)[0])) {
      BindLater(header, view_.Arguments(root)[1]);
    }
  }
}

// `for name in module.__all__: globals()[name] = ...` in a function, or `setattr(this, name, ...)`:
// a call of it may bring what the module lists (link/resolve/reexports.h).
void NamespaceReader::NoteReexport(uint32_t header, uint32_t i) {
  const Statement &write = view_.Of(facts_.statements[i]);
  const bool assigns = write.kind == StatementKind::Assign &&
                       view_.Is(write.first, ExprKind::Subscript) &&
                       IsGlobals(view_, view_.Child(write.first));
  const bool sets =
      write.kind == StatementKind::Expression && view_.Callee(write.first) == "setattr";
  for (int32_t p = facts_.statements[i].parent; (assigns || sets) && p > int32_t(header);
       p = facts_.statements[size_t(p)].parent) {
    const Statement &loop = view_.Of(facts_.statements[size_t(p)]);
    const ExprId listed = loop.kind == StatementKind::For ? view_.Next(loop.first) : ExprId();
    if (view_.Is(listed, ExprKind::Attribute) && view_.TextOf(listed) == "__all__") {
      reexports_.insert(view_.Of(facts_.statements[header]).text);
    }
  }
}

// `plugin.install(globals())`, `here = globals()`, `return globals()` in a body: whoever has the
// dict may bind anything, once somebody calls it. What is only looked at stays as it is.
void NamespaceReader::ReadHandedOut(uint32_t header, const Statement &statement) {
  const auto own = [&](ExprId value) {
    return IsGlobals(view_, value) || IsOwnModule(view_, value);
  };
  const auto operands = view_.Operands(statement);
  const bool passes = statement.kind == StatementKind::Assign ||
                      statement.kind == StatementKind::AnnAssign ||
                      statement.kind == StatementKind::Return;
  const char *why = passes && !operands.empty() && own(operands.back()) ? kRenamed : nullptr;
  view_.WalkAll(statement, [&](ExprId id) {
    if (view_.Is(id, ExprKind::Walrus) && own(view_.Child(id, 1))) {
      why = kRenamed;
    }
    const bool hands = view_.Is(id, ExprKind::Call) && !LooksOnly(view_.TextOf(view_.Child(id)));
    const auto parts = hands ? view_.Children(id) : llvm::SmallVector<ExprId, 8>();
    for (size_t i = 1; i < parts.size(); ++i) { // behind what is called
      // `exec_(source, globals(), names)` binds in the other dict, `import_(...)` nowhere.
      const bool beside = i == 2 && parts.size() == 4 && !own(parts[3]);
      const bool named = view_.Is(parts[i], ExprKind::Keyword);
      if (!beside && own(named ? view_.Child(parts[i]) : parts[i])) {
        why = kHandedOut;
      }
    }
  });
  if (why != nullptr && MayBeCalled(header)) {
    Open(why);
  }
}

// Whether the file speaks of the function or class outside of it, be that in another function.
bool NamespaceReader::MayBeCalled(uint32_t header) const {
  const NameId name = view_.Of(facts_.statements[header]).text;
  bool said = false;
  for (uint32_t i = 0; i < facts_.statements.size() && !said; ++i) {
    i = i == header ? facts_.statements[header].end : i;
    if (i < facts_.statements.size()) {
      view_.WalkAll(view_.Of(facts_.statements[i]), [&](ExprId id) {
        said |= view_.Is(id, ExprKind::Name) && view_.At(id).text == name;
      });
    }
  }
  return said;
}

// The last event so far that binds the name; kUnbound: none. What was found the last time holds
// unless it was bound since.
uint32_t NamespaceReader::LastBinding(NameId name) {
  LastBound &last = last_bound_[name];
  const auto count = static_cast<uint32_t>(log_.events.size());
  for (uint32_t k = count; k-- > last.read;) {
    if (log_.events[k].name == name) {
      last.event = k;
      break;
    }
  }
  last.read = count;
  return last.event;
}

// `public(config=Configuration())`: what another distribution's function is handed by keywords
// only, and for what it does, it may bind in the module that calls it.
void NamespaceReader::ReadKeywordCall(uint32_t i, const Statement &statement) {
  const ExprId call = statement.first;
  if (!view_.Is(call, ExprKind::Call) || !view_.Is(view_.Child(call), ExprKind::Name)) {
    return;
  }
  const uint32_t bound = LastBinding(view_.At(view_.Child(call)).text);
  if (bound == kUnbound || log_.events[bound].kind != EventKind::From) {
    return;
  }
  const Statement &from = view_.Of(facts_.statements[log_.events[bound].statement]);
  if (from.level > 0 || FindStdlibModule(view_.Text(from.text).split('.').first)) {
    return;
  }
  llvm::SmallVector<NameId, 4> names;
  for (ExprId id = view_.Next(view_.Child(call)); id.valid(); id = view_.Next(id)) {
    if (!view_.Is(id, ExprKind::Keyword)) {
      return;
    }
    names.push_back(view_.At(id).text);
  }
  for (NameId name : names) {
    BindExpr(EventKind::Value, name, i, ExprId(), ExprId(), true);
  }
}

// `moved("shop.new.cart")` of another distribution, in a module that holds nothing else: the call
// makes what the module is, and most often puts another one in its place.
void NamespaceReader::ReadModuleMadeByCall() {
  NameId maker;
  for (const PlacedStatement &placed : facts_.statements) {
    const Statement &statement = view_.Of(placed);
    const ExprId call = statement.first;
    if (statement.kind == StatementKind::Docstring) {
      continue;
    }
    if (statement.kind == StatementKind::FromImport) {
      const llvm::StringRef top = view_.Text(statement.text).split('.').first;
      if (statement.level > 0 || FindStdlibModule(top) || top == module_name_.split('.').first) {
        return;
      }
      continue;
    }
    const bool named = statement.kind == StatementKind::Expression &&
                       view_.Is(call, ExprKind::Call) &&
                       view_.Is(view_.Child(call), ExprKind::Name);
    const auto arguments = named ? view_.Arguments(call) : llvm::SmallVector<ExprId, 4>();
    if (arguments.empty() || !view_.Is(arguments[0], ExprKind::String) ||
        !view_.TextOf(arguments[0]).contains('.')) {
      return;
    }
    maker = view_.CalledName(call);
  }
  if (maker.valid() && llvm::any_of(log_.events, [&](const Event &event) {
        return event.name == maker && event.kind == EventKind::From;
      })) {
    Open(("`" + view_.Text(maker) + "` makes what the module is").str(), OpenedBy::Others);
  }
}

void NamespaceReader::BindLater(uint32_t header, ExprId key) {
  if (view_.Is(key, ExprKind::String)) {
    BindExpr(EventKind::Value, view_.At(key).text, header, ExprId(), ExprId(), true);
    // Of a class it is a method, most likely, which nobody calls here.
    const StatementKind kind = view_.Of(facts_.statements[header]).kind;
    log_.events.back().weak = kind == StatementKind::Class;
  } else {
    Open("names bound through `globals()` in a function");
  }
}

// `__all__.append(x)`, `__all__ += x`.
bool NamespaceReader::WritesAll(const Statement &statement) const {
  if (statement.kind == StatementKind::Expression) {
    const auto callee = view_.Callee(statement.first);
    return callee && llvm::StringRef(*callee).starts_with("__all__.");
  }
  return (statement.kind == StatementKind::Assign || statement.kind == StatementKind::AugAssign) &&
         view_.IsName(statement.first, "__all__");
}

// Does code of this module, outside of functions, call it by its name or decorate with it?
bool NamespaceReader::IsCalled(uint32_t header) const {
  const NameId name = view_.Of(facts_.statements[header]).text;
  bool called = false;
  for (uint32_t i = facts_.statements[header].end; i < facts_.statements.size() && !called;) {
    const Statement &statement = view_.Of(facts_.statements[i]);
    llvm::SmallVector<ExprId, 8> passed = TargetsOf(statement);
    if (!passed.empty() && statement.kind != StatementKind::Delete) {
      passed.push_back(view_.LastOperand(statement)); // `g = f` gives it another name
    }
    const bool imports =
        statement.kind == StatementKind::Import || statement.kind == StatementKind::FromImport;
    view_.Walk(statement, [&](ExprId id) {
      called |= view_.Is(id, ExprKind::Name) && view_.At(id).text == name && !imports &&
                !llvm::is_contained(passed, id);
    });
    if (IsNamedAgain(header, i)) {
      break;
    }
    i = statement.kind == StatementKind::Function ? facts_.statements[i].end : i + 1;
  }
  return called;
}

// The names that an assignment binds or `del` unbinds, also within tuples.
llvm::SmallVector<ExprId, 8> NamespaceReader::TargetsOf(const Statement &statement) const {
  llvm::SmallVector<ExprId, 8> names;
  llvm::SmallVector<ExprId, 8> todo;
  if (statement.kind == StatementKind::Delete) {
    llvm::copy_if(view_.Operands(statement), std::back_inserter(names),
                  [&](ExprId target) { return view_.Is(target, ExprKind::Name); });
    return names;
  }
  if (statement.kind == StatementKind::Assign || statement.kind == StatementKind::AnnAssign) {
    todo = view_.Operands(statement);
  }
  if (todo.size() < 2) {
    return names;
  }
  todo.pop_back(); // the value
  while (!todo.empty()) {
    const ExprId target = todo.pop_back_val();
    if (view_.Is(target, ExprKind::Name)) {
      names.push_back(target);
    } else if (view_.Is(target, ExprKind::Tuple) || view_.Is(target, ExprKind::List) ||
               view_.Is(target, ExprKind::Splat)) {
      const auto items = view_.Children(target);
      todo.append(items.begin(), items.end());
    }
  }
  return names;
}

// Whether it is an import that binds the name.
static bool Imports(const SyntaxView &view, const Statement &statement, NameId name) {
  const bool whole = statement.kind == StatementKind::Import;
  return (whole || statement.kind == StatementKind::FromImport) &&
         llvm::any_of(view.Operands(statement), [&](ExprId alias) {
           const ExprId as = view.Child(alias);
           const llvm::StringRef dotted = view.TextOf(alias);
           return as.valid() ? view.At(as).text == name
                             : (whole ? dotted.split('.').first : dotted) == view.Text(name);
         });
}

// Whether the statement gives the function's name to something else or takes it away, in the same
// block.
bool NamespaceReader::IsNamedAgain(uint32_t header, uint32_t i) const {
  const NameId name = view_.Of(facts_.statements[header]).text;
  const Statement &statement = view_.Of(facts_.statements[i]);
  const bool defines =
      statement.kind == StatementKind::Function || statement.kind == StatementKind::Class;
  const bool assigns = llvm::any_of(TargetsOf(statement),
                                    [&](ExprId target) { return view_.At(target).text == name; });
  return facts_.statements[i].parent == facts_.statements[header].parent &&
         ((defines && statement.text == name) || assigns || Imports(view_, statement, name));
}

// Imports in a class body bind there, but load submodules all the same.
void NamespaceReader::ReadSubmodulesIn(uint32_t begin, uint32_t end) {
  for (uint32_t i = begin; i < end;) {
    const PlacedStatement &placed = facts_.statements[i];
    const Statement &statement = view_.Of(placed);
    if (statement.kind == StatementKind::FromImport && is_package_ && statement.level == 1 &&
        statement.text.valid()) {
      BindSubmodule(i, view_.Text(statement.text).split('.').first);
    }
    i = statement.kind == StatementKind::Function ? placed.end : i + 1;
  }
}

} // namespace pydefrag
