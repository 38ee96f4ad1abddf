#include "link/resolve/reexports.h"

#include "link/resolve/class_values.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace pydefrag {
namespace {

// `sys.modules[__name__]`, or a name that is given nothing else.
bool IsOwnModule(const SourceTree &tree, uint32_t node) {
  const auto scope = tree.Is(node, NodeKind::Identifier) ? tree.LookUp(node) : std::nullopt;
  if (!scope) {
    return tree.Text(node) == "sys.modules[__name__]";
  }
  const auto &bound = tree.Scope(*scope).bindings.find(tree.Text(node))->second;
  const uint32_t assignment = tree.Parent(bound.front());
  return bound.size() == 1 && tree.Is(assignment, NodeKind::Assignment) &&
         tree.Text(tree.LastChild(assignment)) == "sys.modules[__name__]";
}

// `__all__`, `sys.modules[__name__].__all__`
bool IsOwnList(const SourceTree &tree, uint32_t node) {
  return tree.Is(node, NodeKind::Identifier)
             ? tree.Text(node) == "__all__" && tree.LookUp(node).value_or(0) == 0
             : tree.Is(node, NodeKind::Attribute) && tree.Text(tree.LastChild(node)) == "__all__" &&
                   IsOwnModule(tree, tree.Child(node, 0));
}

class Reader {
public:
  Reader(const SourceTree &tree, uint32_t function)
      : tree_(tree), function_(function), scope_(tree.ScopeMadeBy(function)) {}

  std::optional<Reexport> Read() {
    const auto parameters = tree_.Parameters(function_);
    const bool plain =
        !parameters.empty() && parameters[0].kind == TreeParameter::Kind::Positional &&
        tree_.Decorators(function_).empty() && (tree_.At(function_).flags & kIsAsync) == 0;
    if (!plain || !IsBoundOnce(tree_.Text(parameters[0].name)) || !IsBuiltIn("getattr") ||
        !IsBuiltIn("setattr") || !IsBuiltIn("globals")) {
      return std::nullopt;
    }
    module_ = tree_.Text(parameters[0].name);
    const auto statements = tree_.Children(tree_.LastChild(function_));
    found_.lists = llvm::any_of(statements, [&](uint32_t each) {
      return CallsOfList(tree_.Is(each, NodeKind::ExpressionStatement) ? tree_.Child(each, 0) : 0,
                         "extend", (module_ + ".__all__").str());
    });
    for (size_t i = 0; i < statements.size(); ++i) {
      if (tree_.Is(statements[i], NodeKind::ForStatement) && ReadLoop(statements[i])) {
        return EndsIn(llvm::ArrayRef(statements).drop_front(i + 1)) ? std::optional(found_)
                                                                    : std::nullopt;
      }
      if (MayLeave(statements[i])) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

private:
  // Whether what follows a statement that copies does nothing to what it has copied.
  bool EndsIn(llvm::ArrayRef<uint32_t> statements) const {
    constexpr llvm::StringLiteral kWriters[] = {"globals", "setattr",  "delattr", "vars",
                                                "locals",  "__dict__", "exec",    "modules"};
    return llvm::all_of(statements, [&](uint32_t each) {
      const llvm::StringRef text = tree_.Text(each);
      const uint32_t call =
          tree_.Is(each, NodeKind::ExpressionStatement) ? tree_.Child(each, 0) : 0;
      return (tree_.Is(each, NodeKind::ReturnStatement) && tree_.Children(each).empty()) ||
             (tree_.Is(call, NodeKind::Call) &&
              llvm::none_of(kWriters, [&](llvm::StringRef word) { return text.contains(word); }));
    });
  }

  // Whether a name is the builtin function.
  bool IsBuiltIn(llvm::StringRef name) const {
    return !tree_.Scope(0).bindings.contains(name) && !tree_.Scope(scope_).bindings.contains(name);
  }

  bool IsBoundOnce(llvm::StringRef name) const {
    const auto bound = tree_.Scope(scope_).bindings.find(name);
    return bound != tree_.Scope(scope_).bindings.end() && bound->second.size() == 1;
  }

  // What the only assignment of the local name gives it; 0: there is another, or none.
  uint32_t ValueOf(llvm::StringRef name) const {
    const uint32_t assignment =
        IsBoundOnce(name) ? tree_.Parent(tree_.Scope(scope_).bindings.find(name)->second.front())
                          : 0;
    return tree_.Is(assignment, NodeKind::Assignment) ? tree_.LastChild(assignment) : 0;
  }

  // Whether what stands behind the statement may not be reached.
  bool MayLeave(uint32_t statement) const {
    for (uint32_t i = statement; i < tree_.At(statement).subtree_end; ++i) {
      switch (tree_.KindOf(i)) {
      case NodeKind::ReturnStatement:
      case NodeKind::RaiseStatement:
      case NodeKind::ContinueStatement:
      case NodeKind::BreakStatement:
      case NodeKind::Yield:
        return true;
      default:
        break;
      }
    }
    return false;
  }

  // for key in module.__all__:
  bool ReadLoop(uint32_t loop) {
    const uint32_t target = tree_.Child(loop, 0);
    const uint32_t listed = tree_.Iterable(loop);
    if (!tree_.Is(target, NodeKind::Identifier) || !IsBoundOnce(tree_.Text(target)) ||
        !tree_.Is(listed, NodeKind::Attribute) || tree_.Text(tree_.Child(listed, 0)) != module_ ||
        tree_.Text(tree_.LastChild(listed)) != "__all__") {
      return false;
    }
    key_ = tree_.Text(target);
    const auto parts = tree_.Children(loop);
    return tree_.Is(parts.back(), NodeKind::Block) && ReadBody(parts.back()); // no `else`
  }

  // Of the loop, or of a condition in it: the statement that copies, and whether it surely is
  // reached once the block is.
  struct Copying {
    bool found = false;
    bool sure = true;
  };
  Copying FindCopying(uint32_t block) const {
    Copying copying;
    const auto statements = tree_.Children(block);
    for (size_t i = 0; i < statements.size(); ++i) {
      const uint32_t each = statements[i];
      if (CopiesKey(tree_.Is(each, NodeKind::ExpressionStatement) ? tree_.Child(each, 0) : 0)) {
        copying.found = EndsIn(llvm::ArrayRef(statements).drop_front(i + 1));
        return copying;
      }
      copying.sure &= !MayLeave(each);
    }
    return copying;
  }

  bool ReadBody(uint32_t block) {
    if (const Copying copying = FindCopying(block); copying.found) {
      found_.all = copying.sure;
      found_.lists |= copying.sure && AppendsKey(block);
      return true;
    }
    const auto statements = tree_.Children(block);
    for (uint32_t each : statements) {
      const uint32_t arm = tree_.Is(each, NodeKind::IfStatement) ? tree_.Child(each, 1) : 0;
      const Copying copying = arm != 0 ? FindCopying(arm) : Copying();
      const bool before = llvm::any_of(statements, [&](uint32_t other) {
        return other < each && MayLeave(other); // `continue`
      });
      if (copying.found && copying.sure && !before && tree_.Children(each).size() == 2) {
        found_.base_name = BaseAsked(tree_.Child(each, 0));
        found_.lists |= AppendsKey(arm);
        return true;
      }
    }
    return false;
  }

  // `__all__.append(key)`, `sys.modules[__name__].__all__.append(key)`
  bool AppendsKey(uint32_t block) const {
    return llvm::any_of(tree_.Children(block), [&](uint32_t each) {
      return CallsOfList(tree_.Is(each, NodeKind::ExpressionStatement) ? tree_.Child(each, 0) : 0,
                         "append", key_.str());
    });
  }
  bool CallsOfList(uint32_t call, llvm::StringRef method, const std::string &argument) const {
    const uint32_t callee = tree_.Is(call, NodeKind::Call) ? tree_.Child(call, 0) : 0;
    if (!tree_.Is(callee, NodeKind::Attribute) || tree_.Text(tree_.LastChild(callee)) != method) {
      return false;
    }
    const auto arguments = tree_.Children(tree_.LastChild(call));
    return IsOwnList(tree_, tree_.Child(callee, 0)) && arguments.size() == 1 &&
           tree_.Text(arguments[0]) == argument;
  }

  // `globals()[key] = getattr(module, key)`, `setattr(sys.modules[__name__], key, ...)`
  bool CopiesKey(uint32_t node) const {
    if (tree_.Is(node, NodeKind::Assignment)) {
      const uint32_t target = tree_.Child(node, 0);
      return tree_.Is(target, NodeKind::Subscript) &&
             tree_.Text(tree_.Child(target, 0)) == "globals()" &&
             tree_.Text(tree_.Child(target, 1)) == key_ && IsValueOfKey(tree_.LastChild(node));
    }
    const bool sets =
        tree_.Is(node, NodeKind::Call) && tree_.Text(tree_.Child(node, 0)) == "setattr";
    const auto arguments =
        sets ? tree_.Children(tree_.LastChild(node)) : llvm::SmallVector<uint32_t, 8>();
    return arguments.size() == 3 && IsOwnModule(tree_, arguments[0]) &&
           tree_.Text(arguments[1]) == key_ && IsValueOfKey(arguments[2]);
  }

  // `getattr(module, key)`, or a name that has been given it.
  bool IsValueOfKey(uint32_t node) const {
    const uint32_t value = tree_.Is(node, NodeKind::Identifier) ? ValueOf(tree_.Text(node)) : node;
    if (!tree_.Is(value, NodeKind::Call) || tree_.Text(tree_.Child(value, 0)) != "getattr") {
      return false;
    }
    const auto arguments = tree_.Children(tree_.LastChild(value));
    return arguments.size() == 2 && tree_.Text(arguments[0]) == module_ &&
           tree_.Text(arguments[1]) == key_;
  }

  // issubclass(value, Base)
  llvm::StringRef BaseAsked(uint32_t condition) const {
    const bool asks = tree_.Is(condition, NodeKind::Call) &&
                      tree_.Text(tree_.Child(condition, 0)) == "issubclass";
    const auto arguments =
        asks ? tree_.Children(tree_.LastChild(condition)) : llvm::SmallVector<uint32_t, 8>();
    return arguments.size() == 2 && IsValueOfKey(arguments[0]) &&
                   tree_.Is(arguments[1], NodeKind::Identifier) && tree_.LookUp(arguments[1]) == 0
               ? tree_.Text(arguments[1])
               : "";
  }

  const SourceTree &tree_;
  const uint32_t function_;
  const uint32_t scope_;
  llvm::StringRef module_; // the parameter
  llvm::StringRef key_;
  Reexport found_;
};

} // namespace

std::optional<Reexport> FindReexport(const SourceTree &tree, llvm::StringRef function) {
  const auto bound = tree.Scope(0).bindings.find(function);
  const uint32_t definition = bound != tree.Scope(0).bindings.end() && bound->second.size() == 1
                                  ? tree.Parent(bound->second.front())
                                  : 0;
  return tree.Is(definition, NodeKind::FunctionDefinition) ? Reader(tree, definition).Read()
                                                           : std::nullopt;
}

// Functions at the top that speak of the module's own list, each once; nothing: other code does.
static std::optional<llvm::SmallVector<llvm::StringRef, 2>>
FunctionsWithList(const SourceTree &tree) {
  llvm::SmallVector<llvm::StringRef, 2> functions;
  for (uint32_t i = 1; i < tree.size(); ++i) {
    const uint32_t above = tree.Parent(i);
    const bool name = tree.Is(i, NodeKind::Identifier) && !tree.Is(above, NodeKind::Attribute);
    const bool object = tree.Is(i, NodeKind::Identifier) && tree.Child(above, 0) == i;
    if (!(name || object || tree.Is(i, NodeKind::Attribute)) || !IsOwnList(tree, i)) {
      continue;
    }
    const uint32_t function = tree.Enclosing(i, NodeKind::FunctionDefinition);
    if (function == 0 && tree.Is(i, NodeKind::Identifier)) {
      continue; // all_ops
    }
    const llvm::StringRef called = tree.Text(function != 0 ? tree.Child(function, 0) : i);
    if (function == 0 || tree.ScopeOf(function) != 0 || llvm::is_contained(functions, called)) {
      return std::nullopt;
    }
    functions.push_back(called);
  }
  return functions;
}

bool AddReexportedLists(Resolver &resolver, ModuleId module, AllNames &all) {
  const Project &project = resolver.project();
  SourceTrees *trees = resolver.sources();
  const SourceTree *tree = trees != nullptr ? trees->Of(module) : nullptr;
  const auto functions = tree != nullptr ? FunctionsWithList(*tree) : std::nullopt;
  if (!functions) {
    return false;
  }
  size_t uses = 0;
  for (llvm::StringRef function : *functions) {
    for (uint32_t use : tree->UsesOf(0, function)) {
      uses += tree->BindsHere(use) ? 0 : 1;
    }
  }
  const NamespaceLog &log = resolver.Log(module);
  const auto &statements = project.StatementsOf(module);
  std::vector<NameId> names;
  for (uint32_t index : log.stars) {
    const Event &event = log.events[index];
    if (event.kind != EventKind::Copy || event.copy != CopyOf::Reexport) {
      continue;
    }
    const ExprId call = resolver.view().Of(statements[event.statement]).first;
    const llvm::StringRef function = project.Text(resolver.view().CalledName(call));
    if (!llvm::is_contained(*functions, function)) {
      continue;
    }
    --uses;
    const Tri reach = resolver.Reach(module, event.statement);
    const auto reexport = FindReexport(*tree, function);
    const Found source = resolver.Evaluate(module, event.value, index);
    const bool last = log.all_ops.empty() || log.all_ops.back() < event.statement;
    if (!reexport || !reexport->lists || !source.IsModule() || source.unknown || !last ||
        (reach != Tri::Yes && reach != Tri::No)) {
      return false;
    }
    const AllNames &listed = resolver.All(source.module);
    if (reach == Tri::No) {
      continue;
    }
    if (!listed.present || !listed.known) {
      return false;
    }
    for (NameId name : listed.names) {
      if (!reexport->all && !IsTaken(resolver, module, *reexport, source.module, name)) {
        return false; // or it may be one
      }
      names.push_back(name);
    }
  }
  llvm::append_range(all.names, names);
  return uses == 0;
}

bool IsTaken(Resolver &resolver, ModuleId module, const Reexport &reexport, ModuleId source,
             NameId name) {
  const NameId base = resolver.project().scanned.names.Find(reexport.base_name);
  const Found value = base.valid() ? resolver.Attribute(source, name) : Found();
  return value.answer == Answer::Yes && !value.unknown &&
         IsSubclass(resolver.project(), resolver, value, resolver.Attribute(module, base));
}

} // namespace pydefrag
