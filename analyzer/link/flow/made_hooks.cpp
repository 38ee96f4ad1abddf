#include "link/flow/made_hooks.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

namespace pydefrag {
namespace {

// The node that binds the name in the scope, and nothing else; 0: none.
uint32_t OnlyBinding(const SourceTree &tree, uint32_t scope, llvm::StringRef name) {
  const auto bound = tree.Scope(scope).bindings.find(name);
  return bound != tree.Scope(scope).bindings.end() && bound->second.size() == 1
             ? bound->second.front()
             : 0;
}

// Executes a hook for a name that no test on the way asks for.
class MadeHookReader {
public:
  MadeHookReader(const SourceTree &tree, uint32_t hook, llvm::StringRef module_name,
                 StringFlow &flow)
      : tree_(tree), hook_(hook), scope_(tree.ScopeMadeBy(hook)), module_name_(module_name),
        flow_(flow) {}

  bool Read() {
    const auto parameters = tree_.Parameters(hook_);
    if (parameters.size() != 1 || !tree_.Decorators(hook_).empty() ||
        (tree_.At(hook_).flags & kIsAsync) != 0) {
      return false;
    }
    asked_ = tree_.Text(parameters[0].name);
    if (OnlyBinding(tree_, scope_, asked_) == 0) {
      return false;
    }
    for (uint32_t statement : tree_.Children(tree_.LastChild(hook_))) {
      switch (tree_.KindOf(statement)) {
      case NodeKind::ImportStatement:
      case NodeKind::ImportFromStatement:
        continue;
      case NodeKind::ExpressionStatement:
        NoteKey(tree_.Child(statement, 0));
        continue;
      case NodeKind::IfStatement:
        if (!ReadIf(statement)) {
          return false;
        }
        continue;
      case NodeKind::RaiseStatement:
        return true;
      default:
        return false;
      }
    }
    return false;
  }

private:
  bool IsAsked(uint32_t node) const {
    return tree_.Is(node, NodeKind::Identifier) && tree_.Text(node) == asked_;
  }

  // `key = f"{module}:{name}"`
  void NoteKey(uint32_t assignment) {
    const uint32_t target =
        tree_.Is(assignment, NodeKind::Assignment) ? tree_.Child(assignment, 0) : 0;
    const uint32_t text = target != 0 ? tree_.LastChild(assignment) : 0;
    if (!tree_.Is(target, NodeKind::Identifier) || !tree_.Is(text, NodeKind::String) ||
        OnlyBinding(tree_, scope_, tree_.Text(target)) != target) {
      return;
    }
    llvm::StringRef rest = tree_.Text(text);
    const bool format = rest.consume_front("f");
    const char quote = rest.front();
    rest = rest.drop_front();
    std::string front;
    const llvm::StringRef literal = rest.take_until([](char c) { return c == '{'; });
    front = literal.str();
    rest = rest.drop_front(literal.size());
    const uint32_t maker = tree_.Enclosing(hook_, NodeKind::FunctionDefinition);
    const auto parameters = tree_.Parameters(maker);
    if (parameters.size() == 1 && IsGivenName() &&
        rest.consume_front(("{" + tree_.Text(parameters[0].name) + "}").str())) {
      const llvm::StringRef between = rest.take_until([](char c) { return c == '{'; });
      front += (module_name_ + between).str();
      rest = rest.drop_front(between.size());
    }
    const bool plain = llvm::StringRef(front).find_first_of("\\\"'}") == llvm::StringRef::npos;
    if (format && plain && rest == ("{" + asked_ + "}" + llvm::StringRef(&quote, 1)).str()) {
      keys_[tree_.Text(target)] = front;
    }
  }

  // The only parameter of the maker, which nothing else is assigned to.
  bool IsGivenName() const {
    const uint32_t maker = tree_.Enclosing(hook_, NodeKind::FunctionDefinition);
    const auto parameters = tree_.Parameters(maker);
    return parameters.size() == 1 &&
           !tree_.Scope(scope_).bindings.contains(tree_.Text(parameters[0].name)) &&
           OnlyBinding(tree_, tree_.ScopeMadeBy(maker), tree_.Text(parameters[0].name)) != 0;
  }

  // `if key in TABLE:`, `if name == "x":`; what the arm does is done for these names only.
  bool ReadIf(uint32_t statement) {
    const uint32_t condition = tree_.Child(statement, 0);
    const auto parts = tree_.Is(condition, NodeKind::ComparisonOperator)
                           ? tree_.Children(condition)
                           : llvm::SmallVector<uint32_t, 8>();
    const bool otherwise = llvm::any_of(tree_.Children(statement), [&](uint32_t child) {
      return tree_.Is(child, NodeKind::ElifClause) || tree_.Is(child, NodeKind::ElseClause);
    });
    if (parts.size() != 3 || otherwise) {
      return false;
    }
    const bool each = tree_.Is(parts[1], NodeKind::TokenIn);
    const bool equals = tree_.Is(parts[1], NodeKind::TokenEqualEqual);
    const auto key =
        tree_.Is(parts[0], NodeKind::Identifier) ? keys_.find(tree_.Text(parts[0])) : keys_.end();
    if (!each && !(equals && tree_.Is(parts[2], NodeKind::String))) {
      return false;
    }
    if (key != keys_.end()) {
      flow_.AddBehind(tree_, parts[2], each, key->second);
      return true;
    }
    if (!IsAsked(parts[0])) {
      return false;
    }
    if (!each) {
      flow_.Add(tree_, parts[2]);
    } else if (!IsDictOfModule(parts[2])) {
      flow_.Add(tree_, parts[2], Taking::Each);
    }
    return true;
  }

  // What stands for `sys.modules[module].__dict__`, with the parameter of the maker: the module
  // that asks has no such name.
  bool IsDictOfModule(uint32_t node) const {
    if (!tree_.Is(node, NodeKind::Identifier) || tree_.LookUp(node) != scope_) {
      return false;
    }
    const uint32_t binding = OnlyBinding(tree_, scope_, tree_.Text(node));
    const uint32_t assignment = binding != 0 ? tree_.Parent(binding) : 0;
    const uint32_t dict =
        tree_.Is(assignment, NodeKind::Assignment) ? tree_.LastChild(assignment) : 0;
    const uint32_t entry = tree_.Is(dict, NodeKind::Attribute) ? tree_.Child(dict, 0) : 0;
    const auto parameters = tree_.Parameters(tree_.Enclosing(hook_, NodeKind::FunctionDefinition));
    return entry != 0 && IsGivenName() && tree_.Text(tree_.LastChild(dict)) == "__dict__" &&
           tree_.Text(entry) == ("sys.modules[" + tree_.Text(parameters[0].name) + "]").str();
  }

  const SourceTree &tree_;
  const uint32_t hook_;
  const uint32_t scope_;
  const llvm::StringRef module_name_; // of who has the hook
  StringFlow &flow_;
  llvm::StringRef asked_;
  llvm::StringMap<std::string> keys_; // with what stands before the name
};

} // namespace

// Of the function that `maker` gives back.
static bool AddMadeHook(const SourceTree &tree, uint32_t maker, llvm::StringRef module_name,
                        StringFlow &flow) {
  const uint32_t scope = tree.ScopeMadeBy(maker);
  uint32_t hook = 0;
  for (uint32_t i = maker; i < tree.At(maker).subtree_end; ++i) {
    if (tree.ScopeOf(i) != scope || !tree.Is(i, NodeKind::ReturnStatement)) {
      continue;
    }
    const uint32_t value = tree.Child(i, 0);
    const uint32_t binding =
        tree.Is(value, NodeKind::Identifier) ? OnlyBinding(tree, scope, tree.Text(value)) : 0;
    const uint32_t made = binding != 0 ? tree.Parent(binding) : 0;
    if (hook != 0 || !tree.Is(made, NodeKind::FunctionDefinition)) {
      return false;
    }
    hook = made;
  }
  return hook != 0 && tree.Decorators(maker).empty() &&
         MadeHookReader(tree, hook, module_name, flow).Read();
}

PossibleStrings FindMadeHookNames(const Project &project, Resolver &resolver, ModuleId home,
                                  uint32_t maker, llvm::StringRef module_name) {
  const SourceTree *tree = resolver.sources() != nullptr ? resolver.sources()->Of(home) : nullptr;
  PossibleStrings names;
  names.Fail();
  if (tree == nullptr) {
    return names;
  }
  StringFlow flow(project, resolver, *resolver.sources());
  const uint32_t head = project.scanned.facts[tree->file].statements[maker].head;
  const uint32_t function = tree->FindAt(head, NodeKind::FunctionDefinition);
  const bool known = function != 0 && AddMadeHook(*tree, function, module_name, flow);
  return known ? flow.Take() : names;
}

bool AddHookCalled(const Project &project, const SourceTree &tree, uint32_t call,
                   SourceTrees &trees, StringFlow &flow) {
  const uint32_t variable = tree.Child(call, 0);
  if (!tree.Is(variable, NodeKind::Identifier) || tree.LookUp(variable) != 0u) {
    return false;
  }
  const uint32_t binding = OnlyBinding(tree, 0, tree.Text(variable));
  const uint32_t assignment = binding != 0 ? tree.Parent(binding) : 0;
  const uint32_t making =
      tree.Is(assignment, NodeKind::Assignment) ? tree.LastChild(assignment) : 0;
  const uint32_t maker = tree.Is(making, NodeKind::Call) ? tree.Child(making, 0) : 0;
  if (!tree.Is(maker, NodeKind::Identifier) || tree.LookUp(maker) != 0u ||
      tree.Text(tree.LastChild(making)) != "(__name__)") {
    return false;
  }
  const uint32_t named = OnlyBinding(tree, 0, tree.Text(maker));
  const uint32_t import = named != 0 ? tree.Enclosing(named, NodeKind::ImportFromStatement) : 0;
  const ModuleId source = import != 0 ? flow.ImportedModule(tree, import) : ModuleId();
  const SourceTree *there = source.valid() ? trees.Of(source) : import == 0 ? &tree : nullptr;
  const uint32_t definition = there != nullptr ? OnlyBinding(*there, 0, tree.Text(maker)) : 0;
  const uint32_t function = definition != 0 ? there->Parent(definition) : 0;
  return function != 0 && there->Is(function, NodeKind::FunctionDefinition) &&
         AddMadeHook(*there, function, project.Text(project.modules[tree.module].name), flow);
}

} // namespace pydefrag
