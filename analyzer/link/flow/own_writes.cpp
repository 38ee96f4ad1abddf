#include "link/flow/own_writes.h"

#include "link/names/executed_text.h"
#include "link/names/own_namespace.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

bool OwnWrites::FollowAll() {
  bool at_import = true;
  for (uint32_t i = 1; i < tree_.size(); ++i) {
    const bool dict = IsOwnDict(i);
    if (dict || IsOwnModule(i)) {
      const uint32_t function = tree_.Enclosing(i, NodeKind::FunctionDefinition);
      if (function != 0 && (IsDead(tree_, i) || flow_.NeverRuns(tree_, function))) {
        continue;
      }
      at_import &= tree_.ScopeOf(i) == 0;
      Follow(tree_, i, dict ? Own::Dict : Own::Module);
    } else if (IsExec(i)) {
      flow_.Add(tree_, tree_.Child(tree_.LastChild(i), 0), Taking::Words);
    }
  }
  return at_import;
}

llvm::SmallVector<uint32_t, 1> OwnWrites::FollowStandIns() {
  llvm::SmallVector<uint32_t, 1> values;
  for (uint32_t i = 1; i < tree_.size(); ++i) {
    if (!IsOwnModule(i)) {
      continue;
    }
    Follow(tree_, i, Own::Module);
    uint32_t assignment = tree_.Parent(i);
    if (!tree_.IsTarget(i) || tree_.KindOf(assignment) != NodeKind::Assignment) {
      continue;
    }
    while (tree_.KindOf(tree_.Parent(assignment)) == NodeKind::Assignment) {
      assignment = tree_.Parent(assignment);
    }
    uint32_t value = tree_.LastChild(assignment);
    FollowTarget(tree_, tree_.Child(assignment, 0), Own::Module);
    if (tree_.Is(value, NodeKind::Identifier)) { // `new = Lazy(...)` before
      FollowTarget(tree_, value, Own::Module);
      value = ValueOf(value);
    }
    while (tree_.KindOf(value) == NodeKind::Assignment) {
      FollowTarget(tree_, tree_.Child(value, 0), Own::Module);
      value = tree_.LastChild(value);
    }
    values.push_back(value);
  }
  return values;
}

uint32_t OwnWrites::ValueOf(uint32_t identifier) const {
  const auto bound = tree_.Scope(0).bindings.find(tree_.Text(identifier));
  const bool once = bound != tree_.Scope(0).bindings.end() && bound->second.size() == 1 &&
                    tree_.LookUp(identifier) == 0;
  const uint32_t assignment = once ? tree_.Parent(bound->second.front()) : 0;
  return tree_.Is(assignment, NodeKind::Assignment) ? tree_.LastChild(assignment) : identifier;
}

bool OwnWrites::IsOldDict(const SourceTree &tree, uint32_t node) const {
  if (&tree != &tree_ || IsOwnDict(node)) {
    return &tree == &tree_;
  }
  const uint32_t module = tree.Is(node, NodeKind::Attribute) ? tree.Child(node, 0) : 0;
  return module != 0 && tree.Text(tree.LastChild(node)) == "__dict__" && StandsForModule(module);
}

bool OwnWrites::IsOwnDict(uint32_t node) const {
  if (tree_.Is(node, NodeKind::Attribute)) {
    const llvm::StringRef frame = tree_.Text(tree_.Child(node, 0));
    return tree_.Text(tree_.LastChild(node)) == "f_globals" &&
           (frame == "sys._getframe()" || frame == "inspect.currentframe()");
  }
  if (tree_.KindOf(node) != NodeKind::Call) {
    return false;
  }
  const uint32_t callee = tree_.Child(node, 0);
  const llvm::StringRef name =
      tree_.Is(callee, NodeKind::Identifier) && !tree_.LookUp(callee) ? tree_.Text(callee) : "";
  const bool here = tree_.ScopeOf(node) == 0 && (name == "locals" || name == "vars");
  return (name == "globals" || here) && tree_.Child(tree_.LastChild(node), 0) == 0;
}

bool OwnWrites::IsOwnModule(uint32_t node) const {
  if (tree_.Is(node, NodeKind::Call)) { // `sys.modules.get(__name__)`
    const uint32_t get = tree_.Child(node, 0);
    return tree_.Is(get, NodeKind::Attribute) && tree_.Text(tree_.LastChild(get)) == "get" &&
           SpellsModules(tree_.Text(tree_.Child(get, 0))) &&
           tree_.Text(tree_.Child(tree_.LastChild(node), 0)) == "__name__";
  }
  if (tree_.KindOf(node) != NodeKind::Subscript ||
      !SpellsModules(tree_.Text(tree_.Child(node, 0)))) {
    return false;
  }
  const llvm::StringRef key = tree_.Text(tree_.Child(node, 1));
  return key == "__name__" || key.trim("\"'") == module_name_;
}

bool OwnWrites::IsExec(uint32_t node) const {
  const uint32_t callee = tree_.Is(node, NodeKind::Call) ? tree_.Child(node, 0) : 0;
  if (!tree_.Is(callee, NodeKind::Identifier) || tree_.Text(callee) != "exec" ||
      tree_.Enclosing(node, NodeKind::FunctionDefinition) != 0 ||
      tree_.Enclosing(node, NodeKind::Lambda) != 0 ||
      tree_.Enclosing(node, NodeKind::ClassDefinition) != 0) {
    return false; // a comprehension has names of its own before 3.12 only
  }
  const auto arguments = tree_.Children(tree_.LastChild(node));
  return arguments.size() < 2 || !IsMadeHere(arguments[1]) || ReachesOut(tree_.Text(arguments[0]));
}

bool OwnWrites::IsMadeHere(uint32_t node) const {
  const auto is_new = [&](uint32_t value) {
    const bool call = tree_.Is(value, NodeKind::Call);
    for (uint32_t i = value + 1; i < tree_.At(value).subtree_end; ++i) {
      if (tree_.Is(i, NodeKind::Call) && tree_.Text(value) != "dict(globals())") {
        return false; // what it gives may lead back here
      }
    }
    return tree_.Is(value, NodeKind::Dictionary) ||
           (call && tree_.Text(tree_.Child(value, 0)) == "dict");
  };
  const bool name = tree_.Is(node, NodeKind::Identifier) && tree_.LookUp(node) == 0;
  return name ? llvm::all_of(tree_.Scope(0).bindings.find(tree_.Text(node))->second,
                             [&](uint32_t binding) {
                               const uint32_t above = tree_.Parent(binding);
                               return tree_.Is(above, NodeKind::Assignment) &&
                                      is_new(tree_.LastChild(above));
                             })
              : is_new(node);
}

void OwnWrites::Follow(const SourceTree &tree, uint32_t node, Own own) {
  const uint32_t above = tree.Parent(node);
  switch (tree.KindOf(above)) {
  case NodeKind::ParenthesizedExpression:
  case NodeKind::BooleanOperator:
  case NodeKind::ConditionalExpression:
    return Follow(tree, above, own);
  case NodeKind::ComparisonOperator:
  case NodeKind::NotOperator:
  case NodeKind::ExpressionStatement:
  case NodeKind::AssertStatement:
  case NodeKind::IfStatement:
  case NodeKind::ElifClause:
  case NodeKind::IfClause:
  case NodeKind::ForStatement:
  case NodeKind::ForInClause:
  case NodeKind::BinaryOperator:
  case NodeKind::Interpolation:
  case NodeKind::DictionarySplat:
  case NodeKind::ListSplat:
  case NodeKind::DeleteStatement:
    return;
  case NodeKind::Attribute:
    return FollowAttribute(tree, above, own);
  case NodeKind::Subscript:
    if (own == Own::Dict && node == above + 1 && tree.IsTarget(above)) {
      const uint32_t key = tree.Child(above, 1);
      const uint32_t assignment = tree.Parent(above);
      tree.PlainText(key) == "__getattr__" && tree.Is(assignment, NodeKind::Assignment)
          ? AddHook(tree, tree.LastChild(assignment))
          : flow_.Add(tree, key, frame_);
    }
    return;
  case NodeKind::ArgumentList:
    return FollowArgument(tree, node, tree.Parent(above), own);
  case NodeKind::KeywordArgument:
    return FollowArgument(tree, node, tree.Parent(tree.Parent(above)), own);
  case NodeKind::Parameters:
  case NodeKind::LambdaParameters:
    return FollowDefault(tree, node, tree.Parent(above), own);
  case NodeKind::Assignment:
  case NodeKind::NamedExpression: {
    if (node == above + 1) {
      return; // a target: FollowStandIns
    }
    for (uint32_t at = above;
         tree.KindOf(at) == NodeKind::Assignment || tree.KindOf(at) == NodeKind::NamedExpression;
         at = tree.Parent(at)) {
      FollowTarget(tree, tree.Child(at, 0), own);
    }
    return;
  }
  default:
    return flow_.Fail();
  }
}

void OwnWrites::FollowAttribute(const SourceTree &tree, uint32_t attribute, Own own) {
  const llvm::StringRef name = tree.Text(tree.LastChild(attribute));
  const uint32_t call = tree.Parent(attribute);
  if (own == Own::Module) {
    if (name == "__dict__") {
      return Follow(tree, attribute, Own::Dict);
    }
    if (tree.IsTarget(attribute) && tree.Enclosing(attribute, NodeKind::DeleteStatement) == 0) {
      name == "__class__" ? AddClass(tree, tree.Parent(attribute)) : flow_.AddText(name);
    }
    return;
  }
  if (tree.KindOf(call) != NodeKind::Call || attribute != call + 1) {
    return flow_.Fail();
  }
  const TreeArguments arguments = ArgumentsOf(tree, call);
  const bool reads = llvm::StringSwitch<bool>(name)
                         .Cases("get", "items", "keys", "values", "copy", "pop", true)
                         .Cases("__getitem__", "__contains__", true)
                         .Default(false);
  if (name == "update") {
    for (uint32_t each : arguments.positional) {
      if (!IsOldDict(tree, each)) {
        flow_.Add(tree, each, Taking::Key, frame_);
      }
    }
    arguments.splats.empty() ? flow_.AddKeywords(tree, call) : flow_.Fail();
  } else if ((name == "setdefault" || name == "__setitem__") && !arguments.positional.empty()) {
    flow_.Add(tree, arguments.positional[0], frame_);
  } else if (!reads) {
    flow_.Fail();
  }
}

void OwnWrites::AddHook(const SourceTree &tree, uint32_t value) {
  const auto scope = tree.Is(value, NodeKind::Identifier) ? tree.LookUp(value) : std::nullopt;
  const Function hook = scope ? FunctionNamed(tree, *scope, tree.Text(value)) : Function{};
  if (hook.tree != &tree || !tree.Decorators(hook.node).empty()) {
    return flow_.Fail();
  }
  hooks_.push_back({&tree, hook.node, frame_});
}

void OwnWrites::AddClass(const SourceTree &tree, uint32_t assignment) {
  if (tree.KindOf(assignment) != NodeKind::Assignment) {
    return flow_.Fail();
  }
  llvm::append_range(hooks_, flow_.AddNamesOfClass(tree, tree.LastChild(assignment)));
}

void OwnWrites::FollowArgument(const SourceTree &tree, uint32_t node, uint32_t call, Own own) {
  const uint32_t callee = tree.Child(call, 0);
  const llvm::StringRef name = tree.Is(callee, NodeKind::Identifier) ? tree.Text(callee) : "";
  const TreeArguments arguments = ArgumentsOf(tree, call);
  const auto scope = name.empty() ? std::nullopt : tree.LookUp(callee);
  if (!scope && own == Own::Module && name == "vars") {
    return Follow(tree, call, Own::Dict);
  }
  if (!scope && own == Own::Module && name == "setattr" && arguments.positional.size() == 3 &&
      arguments.positional[0] == node) {
    return flow_.Add(tree, arguments.positional[1], frame_);
  }
  if (own == Own::Dict && tree.Is(callee, NodeKind::Attribute) &&
      tree.Text(tree.LastChild(callee)) == "update" && tree.Text(callee) != "dict.update") {
    return; // another dict gets what is in this one
  }
  const bool asks =
      own == Own::Module && (name == "getattr" || name == "hasattr" || name == "delattr");
  if (!scope && (IsReader(name) || asks)) {
    return;
  }
  if (!scope && own == Own::Dict && name == "exec" && arguments.positional.size() > 1) {
    return flow_.Add(tree, arguments.positional[0], Taking::Words, frame_);
  }
  Function called = FunctionCalled(tree, callee);
  const StringFlow::ClassCall method =
      called.tree == nullptr ? flow_.ClassCalled(tree, call, frame_) : StringFlow::ClassCall();
  if (method.node != 0) {
    called = {method.tree, method.node};
  }
  const bool plain =
      called.tree != nullptr && (method.node != 0 || called.tree->Decorators(called.node).empty());
  const auto parameters =
      plain ? called.tree->Parameters(called.node) : llvm::SmallVector<TreeParameter, 8>();
  const auto index =
      static_cast<size_t>(llvm::find(arguments.positional, node) - arguments.positional.begin());
  const bool by_place = index < arguments.positional.size();
  const size_t place = index + (method.fills_first ? 1 : 0);
  const auto got = llvm::find_if(parameters, [&](const TreeParameter &each) {
    const bool positional = each.kind == TreeParameter::Kind::Positional;
    return by_place ? positional && &each == parameters.data() + place
                    : (positional || each.kind == TreeParameter::Kind::KeywordOnly) &&
                          arguments.Named(called.tree->Text(each.name)) == node;
  });
  if (got == parameters.end()) {
    return flow_.Fail();
  }
  const SourceTree &there = *called.tree;
  const StringFlow::Frame *outer = frame_;
  frame_ = method.node != 0 ? method.frame : flow_.FrameOfCall(there, called.node, tree, call);
  FollowName(there, there.ScopeMadeBy(called.node), there.Text(got->name), own);
  frame_ = outer;
}

OwnWrites::Function OwnWrites::FunctionCalled(const SourceTree &tree, uint32_t callee) const {
  if (tree.Is(callee, NodeKind::Identifier)) {
    const auto scope = tree.LookUp(callee);
    return scope ? FunctionNamed(tree, *scope, tree.Text(callee)) : Function{};
  }
  const ModuleId module = tree.Is(callee, NodeKind::Attribute)
                              ? flow_.ModuleNamed(tree, tree.Child(callee, 0))
                              : ModuleId();
  const SourceTree *there = module.valid() ? trees_.Of(module) : nullptr;
  return there != nullptr ? FunctionNamed(*there, 0, tree.Text(tree.LastChild(callee)))
                          : Function{};
}

OwnWrites::Function OwnWrites::FunctionNamed(const SourceTree &tree, uint32_t scope,
                                             llvm::StringRef name, int depth) const {
  constexpr int kLongestChain = 8;
  uint32_t binding = 0;
  const auto bound = tree.Scope(scope).bindings.find(name);
  if (bound == tree.Scope(scope).bindings.end()) {
    return {};
  }
  for (uint32_t each : bound->second) {
    if (tree.Enclosing(each, NodeKind::DeleteStatement) != 0) {
      continue;
    }
    if (binding != 0) {
      return {};
    }
    binding = each;
  }
  if (tree.Is(tree.Parent(binding), NodeKind::FunctionDefinition)) {
    return {&tree, tree.Parent(binding)};
  }
  const uint32_t import = tree.Enclosing(binding, NodeKind::ImportFromStatement);
  const ModuleId source = import != 0 ? flow_.ImportedModule(tree, import) : ModuleId();
  if (const uint32_t alias = tree.Parent(binding); tree.Is(alias, NodeKind::AliasedImport)) {
    name = tree.Text(tree.Child(alias, 0));
  }
  const SourceTree *there = source.valid() ? trees_.Of(source) : nullptr;
  return there != nullptr && depth < kLongestChain ? FunctionNamed(*there, 0, name, depth + 1)
                                                   : Function{};
}

void OwnWrites::FollowDefault(const SourceTree &tree, uint32_t value, uint32_t function, Own own) {
  for (const TreeParameter &parameter : tree.Parameters(function)) {
    if (parameter.value == value) {
      return FollowName(tree, tree.ScopeMadeBy(function), tree.Text(parameter.name), own);
    }
  }
  flow_.Fail();
}

void OwnWrites::FollowTarget(const SourceTree &tree, uint32_t target, Own own) {
  if (&tree == &tree_ && IsOwnModule(target)) {
    return; // `this = sys.modules[__name__] = ...`
  }
  if (tree.Is(target, NodeKind::Attribute)) {
    return FollowKept(tree, target, own);
  }
  const auto scope = tree.Is(target, NodeKind::Identifier) ? tree.LookUp(target) : std::nullopt;
  scope ? FollowName(tree, *scope, tree.Text(target), own) : flow_.Fail();
}

void OwnWrites::FollowName(const SourceTree &tree, uint32_t scope, llvm::StringRef name, Own own) {
  if (!followed_.insert({&tree, scope, name, own, frame_}).second) {
    return;
  }
  for (uint32_t use : tree.UsesOf(scope, name)) {
    if (!tree.BindsHere(use)) {
      Follow(tree, use, own);
    } else if (tree.Is(tree.Parent(use), NodeKind::AugmentedAssignment)) { // `names |= {"x": 1}`
      flow_.Add(tree, tree.LastChild(tree.Parent(use)), Taking::Key, frame_);
    }
  }
}

} // namespace pydefrag
