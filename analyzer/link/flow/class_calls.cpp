// StringFlow: which class an expression names, and what a call of a class or of a method that is
// asked of one executes; functions that nobody calls.
#include "link/flow/string_flow.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// The definition or import that surely gives the name its value last before it is used; 0: unclear.
static uint32_t LastBinding(const SourceTree &tree, uint32_t scope, uint32_t use) {
  const auto &bound = tree.Scope(scope).bindings.find(tree.Text(use))->second;
  uint32_t last = 0;
  for (uint32_t binding : bound) {
    last = tree.ScopeOf(use) != scope || binding <= use ? std::max(last, binding) : last;
  }
  uint32_t statement = last;
  while (statement != 0 && tree.KindOf(tree.Parent(statement)) != NodeKind::Module &&
         tree.KindOf(tree.Parent(statement)) != NodeKind::Block) {
    statement = tree.Parent(statement);
  }
  return bound.size() == 1 || tree.Parent(statement) == 0 ? last : 0;
}

// The class that a name or attribute stands for in another file or this; `outside`: the words, when
// it is none of these files'.
std::optional<StringFlow::ClassRef> StringFlow::FindClass(const SourceTree &tree, uint32_t expr,
                                                          std::string &outside, int depth) {
  constexpr int kLongestChain = 8;
  outside = tree.Text(expr).str();
  const auto find_in = [&](ModuleId module, llvm::StringRef name) -> std::optional<ClassRef> {
    const SourceTree *other = module.valid() ? trees_.Of(module) : nullptr;
    if (other == nullptr) {
      return std::nullopt;
    }
    const auto there = other->Scope(0).bindings.find(name);
    return there == other->Scope(0).bindings.end()
               ? std::nullopt
               : FindClass(*other, there->second.front(), outside, depth + 1);
  };
  if (depth > kLongestChain) {
    return std::nullopt;
  }
  if (tree.Is(expr, NodeKind::Attribute)) { // `module.Class`
    return find_in(ModuleNamed(tree, tree.Child(expr, 0)), tree.Text(tree.LastChild(expr)));
  }
  const auto scope = tree.Is(expr, NodeKind::Identifier) ? tree.LookUp(expr) : std::nullopt;
  if (!scope) {
    return std::nullopt;
  }
  const uint32_t binding = LastBinding(tree, *scope, expr);
  const uint32_t above = tree.Parent(binding);
  if (binding != 0 && tree.KindOf(above) == NodeKind::ClassDefinition) {
    return ClassRef{&tree, above};
  }
  const uint32_t import = binding == 0 ? 0 : tree.Enclosing(binding, NodeKind::ImportFromStatement);
  const uint32_t named = tree.Is(above, NodeKind::AliasedImport) ? tree.Child(above, 0) : expr;
  return find_in(import == 0 ? ModuleId() : ImportedModule(tree, import), tree.Text(named));
}

// Whether a method may hand out what its instance holds, whatever the name: `self.__dict__`, unless
// that is only written to; `vars(self)`, `getattr(self, name)`.
static bool GivesAllAway(const SourceTree &tree, uint32_t node) {
  const uint32_t method = tree.Enclosing(node, NodeKind::FunctionDefinition);
  const auto parameters =
      method != 0 ? tree.Parameters(method) : llvm::SmallVector<TreeParameter, 8>();
  const llvm::StringRef self = parameters.empty() ? "" : tree.Text(parameters[0].name);
  const uint32_t above = tree.Parent(node);
  if (tree.Is(node, NodeKind::Call)) {
    const llvm::StringRef callee = tree.Text(tree.Child(node, 0));
    const auto arguments = tree.Children(tree.LastChild(node));
    const bool all = callee == "vars" || (callee == "getattr" && arguments.size() > 1 &&
                                          tree.PlainText(arguments[1]).empty());
    return all && !arguments.empty() && tree.Text(arguments[0]) == self;
  }
  if (!tree.Is(node, NodeKind::Attribute) || tree.Text(tree.LastChild(node)) != "__dict__" ||
      tree.Text(tree.Child(node, 0)) != self) {
    return false;
  }
  const bool updates = tree.Is(above, NodeKind::Attribute) &&
                       tree.Text(tree.LastChild(above)) == "update" &&
                       tree.Is(tree.Parent(above), NodeKind::Call);
  const bool stores =
      tree.Is(above, NodeKind::Subscript) && node == above + 1 && tree.IsTarget(above);
  return !updates && !stores;
}

// Whether a `__setattr__` does nothing with the value but to store it under the name.
static bool OnlyStores(const SourceTree &tree, uint32_t method) {
  const auto parameters = tree.Is(method, NodeKind::FunctionDefinition)
                              ? tree.Parameters(method)
                              : llvm::SmallVector<TreeParameter, 8>();
  if (parameters.size() != 3) {
    return false;
  }
  return llvm::all_of(
      tree.UsesOf(tree.ScopeMadeBy(method), tree.Text(parameters[2].name)), [&](uint32_t use) {
        const uint32_t above = tree.Parent(use);
        const llvm::StringRef callee = tree.Is(above, NodeKind::ArgumentList)
                                           ? tree.Text(tree.Child(tree.Parent(above), 0))
                                           : "";
        const bool assigned = tree.Is(above, NodeKind::Assignment) &&
                              use == tree.LastChild(above) &&
                              !tree.Is(tree.Child(above, 0), NodeKind::Identifier);
        return tree.BindsHere(use) || assigned || callee == "setattr" ||
               callee.ends_with(".__setattr__");
      });
}

// Whether instances of the class keep what they are given, unless a method speaks of it by name.
static bool KeepsToItself(const SourceTree &tree, uint32_t node) {
  for (uint32_t i = node; i < tree.At(node).subtree_end; ++i) {
    if (GivesAllAway(tree, i)) {
      return false;
    }
  }
  const auto &bindings = tree.Scope(tree.ScopeMadeBy(node)).bindings;
  const auto stores = bindings.find("__setattr__");
  return stores == bindings.end() ||
         (stores->second.size() == 1 && OnlyStores(tree, tree.Parent(stores->second.front())));
}

StringFlow::ClassCall StringFlow::ClassCalled(const SourceTree &tree, uint32_t call,
                                              const Frame *frame) {
  const uint32_t callee = tree.Child(call, 0);
  std::string outside;
  auto found = FindClass(tree, callee, outside);
  const bool asked = !found && tree.Is(callee, NodeKind::Attribute);
  const llvm::StringRef name = asked ? tree.Text(tree.LastChild(callee)) : "__init__";
  if (asked) {
    found = FindClass(tree, tree.Child(callee, 0), outside);
  }
  if (!found) {
    return {};
  }
  const Line line = LineOf(*found->tree, found->node);
  const auto has = [&](const ClassRef &ref, llvm::StringRef member) {
    return ref.tree->Scope(ref.tree->ScopeMadeBy(ref.node)).bindings.contains(member);
  };
  if (!line.known || !line.single || llvm::any_of(line.classes, [&](const ClassRef &ref) {
        return has(ref, "__new__") || !KeepsToItself(*ref.tree, ref.node);
      })) {
    return {};
  }
  const auto *ref =
      llvm::find_if(line.classes, [&](const ClassRef &each) { return has(each, name); });
  if (ref == line.classes.end()) {
    return {};
  }
  const auto &bound =
      ref->tree->Scope(ref->tree->ScopeMadeBy(ref->node)).bindings.find(name)->second;
  const uint32_t method = ref->tree->Parent(bound.front());
  const auto decorators = ref->tree->Is(method, NodeKind::FunctionDefinition)
                              ? ref->tree->Decorators(method)
                              : llvm::SmallVector<llvm::StringRef, 2>();
  const bool of_class = decorators.size() == 1 && decorators[0] == "classmethod";
  const bool alone = decorators.size() == 1 && decorators[0] == "staticmethod";
  if (bound.size() != 1 || !ref->tree->Is(method, NodeKind::FunctionDefinition) ||
      !(asked ? of_class || alone : decorators.empty())) {
    return {};
  }
  const Site site{&tree, call, frame};
  const Instance *self = asked ? nullptr : Keep(Instance{found->tree, found->node, site});
  const Frame *made = Keep(Frame{.tree = ref->tree,
                                 .function = method,
                                 .site = site,
                                 .self = self,
                                 .gets_class = of_class,
                                 .outer = nullptr,
                                 .depth = 0});
  return {ref->tree, method, made, of_class || !asked};
}

bool StringFlow::NeverRuns(const SourceTree &tree, uint32_t function) {
  const llvm::StringRef name = tree.Text(tree.Child(function, 0));
  if (tree.ScopeOf(function) != 0 || !name.starts_with("_") || !tree.Decorators(function).empty()) {
    return false;
  }
  const auto &statements = project_.scanned.facts[tree.file].statements;
  for (uint32_t use : tree.UsesOf(0, name)) {
    if (use >= function && use < tree.At(function).subtree_end) {
      continue;
    }
    uint32_t at = tree.BindsHere(use) || tree.ScopeOf(use) != 0 ? 0 : use;
    auto placed = statements.end();
    for (; at != 0 && placed == statements.end(); at = tree.Parent(at)) {
      placed = llvm::find_if(
          statements, [&](const PlacedStatement &each) { return each.head == tree.At(at).begin; });
    }
    if (placed == statements.end() ||
        resolver_.Reach(tree.module, static_cast<uint32_t>(placed - statements.begin())) !=
            Tri::No) {
      return false;
    }
  }
  return ImportersOf(tree.module, name).empty() && UsersOf(tree.module, name, false).empty();
}

const StringFlow::Frame *StringFlow::FrameOfSame(const Frame *frame, const SourceTree &tree,
                                                 uint32_t method) {
  const uint32_t owner = tree.Enclosing(method, NodeKind::ClassDefinition);
  if (frame == nullptr || frame->self == nullptr || owner == 0 ||
      tree.ScopeOf(method) != tree.ScopeMadeBy(owner) || !tree.Decorators(method).empty()) {
    return nullptr;
  }
  const Line line = LineOf(*frame->self->tree, frame->self->node);
  const bool same = llvm::any_of(
      line.classes, [&](const ClassRef &ref) { return ref.tree == &tree && ref.node == owner; });
  return same ? FrameOf(*frame->self, tree, method, {}) : nullptr;
}

} // namespace pydefrag
