#include "link/flow/meanings.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// Of imports that lead to each other.
static constexpr int kLongestChain = 8;

bool Meanings::HasStars(const SourceTree &tree) {
  const auto [it, inserted] = stars_.try_emplace(&tree, false);
  for (uint32_t i = 1; inserted && !it->second && i < tree.size(); ++i) {
    it->second = tree.KindOf(i) == NodeKind::WildcardImport;
  }
  return it->second;
}

Meaning Meanings::Of(const SourceTree &tree, uint32_t expression) {
  if (tree.Is(expression, NodeKind::Attribute)) {
    return OfPart(Of(tree, tree.Child(expression, 0)), tree.Text(tree.LastChild(expression)), 0);
  }
  if (!tree.Is(expression, NodeKind::Identifier)) {
    return {};
  }
  if (const auto scope = tree.LookUp(expression)) {
    return Named(tree, *scope, tree.Text(expression), 0);
  }
  return HasStars(tree) ? Meaning() : OutsideOf("builtins." + tree.Text(expression));
}

Meaning Meanings::OfPart(const Meaning &base, llvm::StringRef name, int depth) {
  switch (base.kind) {
  case Meaning::Kind::Module:
    return Member(base.module, name, depth);
  case Meaning::Kind::Outside:
    return OutsideOf(base.dotted + "." + name);
  default:
    return {};
  }
}

// `import a`, `import a.b`: whichever of them, the name is the package `a`.
static bool BindsTopPackage(const SourceTree &tree, uint32_t binding) {
  return tree.Enclosing(binding, NodeKind::ImportStatement) != 0 &&
         tree.Enclosing(binding, NodeKind::AliasedImport) == 0;
}

Meaning Meanings::Named(const SourceTree &tree, uint32_t scope, llvm::StringRef name, int depth) {
  const auto bound = tree.Scope(scope).bindings.find(name);
  if (bound == tree.Scope(scope).bindings.end() || depth > kLongestChain) {
    return {};
  }
  uint32_t binding = 0;
  for (uint32_t each : bound->second) {
    if (tree.Enclosing(each, NodeKind::DeleteStatement) != 0) {
      continue; // used before that
    }
    if (binding != 0 && !(BindsTopPackage(tree, binding) && BindsTopPackage(tree, each))) {
      return {};
    }
    binding = each;
  }
  const uint32_t above = tree.Parent(binding);
  if (tree.Is(above, NodeKind::FunctionDefinition) || tree.Is(above, NodeKind::ClassDefinition)) {
    return Definition(tree, above);
  }
  if (tree.Is(above, NodeKind::Assignment) && binding == above + 1) {
    const uint32_t value = tree.LastChild(above); // `put = replace`
    return tree.Is(value, NodeKind::Identifier) && tree.LookUp(value)
               ? Named(tree, *tree.LookUp(value), tree.Text(value), depth + 1)
               : Meaning();
  }
  return Imported(tree, binding, depth);
}

Meaning Meanings::Imported(const SourceTree &tree, uint32_t binding, int depth) {
  const uint32_t alias = tree.Enclosing(binding, NodeKind::AliasedImport);
  const uint32_t from = tree.Enclosing(binding, NodeKind::ImportFromStatement);
  const uint32_t import = from != 0 ? from : tree.Enclosing(binding, NodeKind::ImportStatement);
  const auto &statements = project_.scanned.facts[tree.file].statements;
  const auto *placed =
      llvm::lower_bound(statements, tree.At(import).begin,
                        [](const PlacedStatement &each, uint32_t at) { return each.head < at; })
          .base();
  if (import == 0 || placed == statements.data() + statements.size() ||
      placed->head != tree.At(import).begin) {
    return {};
  }
  const auto children = tree.Children(import);
  const uint32_t named = alias != 0 ? alias : tree.Parent(binding);
  const auto *at = llvm::find(children, named);
  const llvm::StringRef name = tree.Text(alias != 0 ? tree.Child(alias, 0) : named);
  const auto number = static_cast<uint32_t>(at - children.begin());
  if (at == children.end()) {
    return {};
  }
  const ImportTarget &target = resolver_.TargetOf(
      tree.module, static_cast<uint32_t>(placed - statements.data()), from != 0 ? 0 : number);
  const bool top = from == 0 && alias == 0; // `import a.b` binds `a`
  const ModuleId module = top && name.contains('.') ? target.top : target.module;
  if (!module.valid()) {
    return {};
  }
  if (from != 0 && module == tree.module) {
    return Submodule(module, name); // `from . import part` in the package
  }
  return from != 0 ? OfPart(OfModule(module), name, depth + 1) : OfModule(module);
}

Meaning Meanings::OfModule(ModuleId module) const {
  const Module &at = project_.modules[module];
  return at.kind == ModuleKind::Stdlib || at.kind == ModuleKind::External
             ? OutsideOf(project_.Text(at.name))
             : Meaning{.kind = Meaning::Kind::Module, .module = module, .dotted = {}};
}

Meaning Meanings::Member(ModuleId module, llvm::StringRef name, int depth) {
  const SourceTree *tree = resolver_.sources()->Of(module);
  if (tree != nullptr && tree->Scope(0).bindings.contains(name)) {
    return Named(*tree, 0, name, depth);
  }
  return tree == nullptr || !HasStars(*tree) ? Submodule(module, name) : Meaning();
}

Meaning Meanings::Submodule(ModuleId package, llvm::StringRef name) {
  const NameId id = project_.scanned.names.Find(name);
  const ModuleId child = id.valid() && resolver_.table().IsPackage(package)
                             ? resolver_.table().FindChild(package, id)
                             : ModuleId();
  return child.valid() ? OfModule(child) : Meaning();
}

} // namespace pydefrag
