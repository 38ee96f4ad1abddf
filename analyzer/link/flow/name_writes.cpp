// OwnWrites: the module's name. A function that gets it may look the module up in `sys.modules` and
// write into it, give it a hook, or put an instance into its place:
//
//     deprecate(__name__, {"Old": New})
//     def deprecate(name, names):
//         def __getattr__(asked): ...
//         sys.modules[name].__getattr__ = __getattr__
#include "link/flow/own_writes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

// `f` of `f(...)` and `module.f(...)`
static llvm::StringRef BareName(const SourceTree &tree, uint32_t call) {
  const uint32_t callee = tree.Child(call, 0);
  return tree.Text(tree.Is(callee, NodeKind::Attribute) ? tree.LastChild(callee) : callee);
}

// The call that is given the module's name and may do something to the module; 0: none.
uint32_t OwnWrites::CallGivenName(uint32_t node) const {
  if (!tree_.Is(node, NodeKind::Identifier) || tree_.Text(node) != "__name__") {
    return 0;
  }
  uint32_t list = tree_.Parent(node);
  list = tree_.Is(list, NodeKind::KeywordArgument) ? tree_.Parent(list) : list;
  const uint32_t call = tree_.Is(list, NodeKind::ArgumentList) ? tree_.Parent(list) : 0;
  return tree_.Is(call, NodeKind::Call) && trees_.MayReplaceModules(BareName(tree_, call)) ? call
                                                                                           : 0;
}

void OwnWrites::FollowModuleName(const SourceTree &tree, uint32_t node) {
  const uint32_t above = tree.Parent(node);
  switch (tree.KindOf(above)) {
  case NodeKind::ParenthesizedExpression:
  case NodeKind::BooleanOperator:
  case NodeKind::ConditionalExpression:
    return FollowModuleName(tree, above);
  case NodeKind::ComparisonOperator:
  case NodeKind::NotOperator:
  case NodeKind::ExpressionStatement:
  case NodeKind::AssertStatement:
  case NodeKind::IfStatement:
  case NodeKind::ElifClause:
  case NodeKind::BinaryOperator:
  case NodeKind::Interpolation:
  case NodeKind::Attribute:
    return; // a text
  case NodeKind::Subscript:
    return node != above + 1 && tree.Text(tree.Child(above, 0)).ends_with("sys.modules")
               ? FollowEntry(tree, above)
               : void();
  case NodeKind::ArgumentList:
    return FollowNameGiven(tree, node, tree.Parent(above));
  case NodeKind::KeywordArgument:
    return FollowNameGiven(tree, node, tree.Parent(tree.Parent(above)));
  case NodeKind::Assignment:
    return node != above + 1 ? FollowTarget(tree, tree.Child(above, 0), Own::Name) : void();
  default:
    return flow_.Fail();
  }
}

void OwnWrites::FollowNameGiven(const SourceTree &tree, uint32_t node, uint32_t call) {
  const uint32_t callee = tree.Child(call, 0);
  const llvm::StringRef text = tree.Text(callee);
  if (text.ends_with("sys.modules.get")) {
    return Follow(tree, call, Own::Module);
  }
  const bool reaches = llvm::StringSwitch<bool>(BareName(tree, call))
                           .Cases("import_module", "__import__", "reload", "exec", "eval", true)
                           .Default(false);
  if (reaches || text.contains("sys.modules.")) {
    return flow_.Fail();
  }
  // Others only take the text, as when the module itself calls them.
  if (FunctionCalled(tree, callee).tree != nullptr ||
      trees_.MayReplaceModules(BareName(tree, call))) {
    FollowCalled(tree, node, call, Own::Name);
  }
}

// `sys.modules[name]`
void OwnWrites::FollowEntry(const SourceTree &tree, uint32_t entry) {
  if (!tree.IsTarget(entry)) {
    return Follow(tree, entry, Own::Module);
  }
  tree.Is(tree.Parent(entry), NodeKind::Assignment) ? AddStandIn(tree, tree.Parent(entry))
                                                    : flow_.Fail();
}

// `sys.modules[name].__getattr__ = value`
void OwnWrites::AddHook(const SourceTree &tree, uint32_t value) {
  const auto scope = tree.Is(value, NodeKind::Identifier) ? tree.LookUp(value) : std::nullopt;
  const Function hook = scope ? FunctionNamed(tree, *scope, tree.Text(value)) : Function{};
  hook.tree == &tree ? hooks_.push_back({{&tree, hook.node}, flow_.frame()}) : flow_.Fail();
}

// The attribute of `self` that `__init__` puts its only argument into, and does nothing else with
// it but read; empty: not so.
static llvm::StringRef KeptIn(const SourceTree &tree, uint32_t owner) {
  const auto &bindings = tree.Scope(tree.ScopeMadeBy(owner)).bindings;
  const auto bound = bindings.find("__init__");
  const uint32_t init =
      bound != bindings.end() && bound->second.size() == 1 ? tree.Parent(bound->second[0]) : 0;
  const auto parameters = tree.Is(init, NodeKind::FunctionDefinition)
                              ? tree.Parameters(init)
                              : llvm::SmallVector<TreeParameter, 8>();
  if (parameters.size() != 2) {
    return "";
  }
  llvm::StringRef kept;
  for (uint32_t use : tree.UsesOf(tree.ScopeMadeBy(init), tree.Text(parameters[1].name))) {
    const uint32_t above = tree.Parent(use);
    if (tree.BindsHere(use) || (tree.Is(above, NodeKind::Attribute) && !tree.IsTarget(above))) {
      continue;
    }
    const uint32_t target = tree.Is(above, NodeKind::Assignment) ? tree.Child(above, 0) : 0;
    const uint32_t base = target != 0 ? tree.Child(target, 0) : 0;
    const llvm::StringRef self = tree.Text(parameters[0].name);
    const bool attribute = tree.Is(target, NodeKind::Attribute) && tree.Text(base) == self;
    const bool item = tree.Is(target, NodeKind::Subscript) &&
                      tree.Text(base) == (self + ".__dict__").str() &&
                      tree.Is(tree.Child(target, 1), NodeKind::String);
    if (!kept.empty() || !(attribute || item)) {
      return "";
    }
    kept = tree.Text(tree.LastChild(target)).trim("\"'");
  }
  return kept;
}

// Whether the first thing that a hook does is to ask `self.kept` for the same name.
static bool AsksKept(const SourceTree &tree, uint32_t hook, llvm::StringRef kept) {
  const auto parameters = tree.Parameters(hook);
  if (parameters.size() != 2) {
    return false;
  }
  const std::string asks = ("getattr(" + tree.Text(parameters[0].name) + "." + kept + ", " +
                            tree.Text(parameters[1].name) + ")")
                               .str();
  for (uint32_t statement : tree.Children(tree.LastChild(hook))) {
    const uint32_t inner = tree.Is(statement, NodeKind::ExpressionStatement)
                               ? tree.Child(statement, 0)
                               : statement;
    if (tree.Is(inner, NodeKind::String)) {
      continue;
    }
    return (tree.Is(inner, NodeKind::ReturnStatement) || tree.Is(inner, NodeKind::Assignment)) &&
           tree.Text(tree.LastChild(inner)) == asks;
  }
  return false;
}

// Whether what is kept is only asked for attributes, or given those that the instance is given.
static bool OnlyAsksKept(const SourceTree &tree, uint32_t owner, llvm::StringRef kept) {
  for (uint32_t i = owner; i < tree.At(owner).subtree_end; ++i) {
    if (!tree.Is(i, NodeKind::Attribute) || tree.Text(tree.LastChild(i)) != kept ||
        tree.IsTarget(i)) {
      continue;
    }
    const uint32_t call = tree.Is(tree.Parent(i), NodeKind::ArgumentList)
                              ? tree.Parent(tree.Parent(i))
                              : 0;
    const llvm::StringRef name = call != 0 ? tree.Text(tree.Child(call, 0)) : "";
    const uint32_t method = tree.Enclosing(i, NodeKind::FunctionDefinition);
    const bool passes = name == "setattr" && method != 0 &&
                        tree.Text(tree.Child(method, 0)) == "__setattr__";
    if (!passes && name != "getattr" && name != "hasattr" && name != "delattr" && name != "dir") {
      return false;
    }
  }
  return true;
}

// The assignment that puts what the call gives into `sys.modules`, in a function that was given the
// name; 0: none does.
uint32_t OwnWrites::StandInOf(const SourceTree &tree, uint32_t call) const {
  bool puts = false;
  uint32_t assignment = 0;
  for (uint32_t at = tree.Parent(call); tree.Is(at, NodeKind::Assignment); at = tree.Parent(at)) {
    const uint32_t target = tree.Child(at, 0);
    puts |= tree.Is(target, NodeKind::Subscript) &&
            tree.Text(tree.Child(target, 0)).ends_with("sys.modules");
    assignment = at;
  }
  return puts && flow_.frame() != nullptr ? assignment : 0;
}

// `sys.modules[name] = module = Proxy(module)`: what the class has, and what the module has where
// its hook asks that.
void OwnWrites::AddStandIn(const SourceTree &tree, uint32_t assignment) {
  uint32_t value = assignment;
  while (tree.Is(value, NodeKind::Assignment)) {
    if (!tree.Is(tree.Child(value, 0), NodeKind::Subscript)) {
      FollowTarget(tree, tree.Child(value, 0), Own::Module);
    }
    value = tree.LastChild(value);
  }
  if (!tree.Is(value, NodeKind::Call) || ArgumentsOf(tree, value).positional.size() != 1) {
    return flow_.Fail();
  }
  const auto hooks = flow_.AddNamesOf(tree, value);
  for (const StringFlow::Method &hook : hooks) {
    const SourceTree &there = *hook.tree;
    const uint32_t owner = there.Enclosing(hook.node, NodeKind::ClassDefinition);
    const llvm::StringRef kept = owner != 0 ? KeptIn(there, owner) : "";
    if (kept.empty() || hooks.size() != 1 || !AsksKept(there, hook.node, kept) ||
        !OnlyAsksKept(there, owner, kept)) {
      return flow_.Fail();
    }
  }
}

} // namespace pydefrag
