// SourceTree: nodes, names and parameters. tree_scopes.cpp: whose names they are.
#include "link/flow/source_trees.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

SourceTree::SourceTree(FileId of, ModuleId its_module, std::string text, FlatTree tree)
    : file(of), module(its_module), text_(std::move(text)), tree_(std::move(tree)) {
  FindScopes();
}

llvm::StringRef SourceTree::PlainText(uint32_t node) const {
  const llvm::StringRef text = Is(node, NodeKind::String) ? Text(node) : "";
  const bool quoted = text.size() > 2 && (text.front() == '"' || text.front() == '\'') &&
                      text.front() == text.back();
  return quoted && !text.contains('\\') ? text.drop_front().drop_back() : "";
}

llvm::SmallVector<uint32_t, 8> SourceTree::Children(uint32_t node) const {
  llvm::SmallVector<uint32_t, 8> children;
  for (uint32_t i = node + 1; i < At(node).subtree_end; i = At(i).subtree_end) {
    children.push_back(i);
  }
  return children;
}

uint32_t SourceTree::Child(uint32_t node, unsigned n) const {
  for (uint32_t i = node + 1; i < At(node).subtree_end; i = At(i).subtree_end) {
    if (n-- == 0) {
      return i;
    }
  }
  return 0;
}

uint32_t SourceTree::LastChild(uint32_t node) const {
  uint32_t last = 0;
  for (uint32_t i = node + 1; i < At(node).subtree_end; i = At(i).subtree_end) {
    last = i;
  }
  return last;
}

uint32_t SourceTree::Iterable(uint32_t loop) const {
  const uint32_t second = Child(loop, 1);
  return Is(second, NodeKind::TokenIn) ? Child(loop, 2) : second;
}

uint32_t SourceTree::Enclosing(uint32_t node, NodeKind kind) const {
  do {
    node = Parent(node);
  } while (node != 0 && KindOf(node) != kind);
  return node;
}

uint32_t SourceTree::FindAt(uint32_t offset, NodeKind kind) const {
  for (uint32_t i = 1; i < size();) {
    if (At(i).begin == offset && KindOf(i) == kind) {
      return i;
    }
    i = At(i).end <= offset ? At(i).subtree_end : i + 1;
  }
  return 0;
}

// --- names

std::optional<uint32_t> SourceTree::LookUp(uint32_t identifier) const {
  const llvm::StringRef name = Text(identifier);
  const uint32_t from = scope_of_[identifier];
  for (uint32_t at = from;; at = scopes_[at].parent) {
    const TreeScope &scope = scopes_[at];
    if (scope.global.contains(name)) {
      return scopes_[0].bindings.contains(name) ? std::optional<uint32_t>(0) : std::nullopt;
    }
    const bool seen = at == from || scope.kind != TreeScope::Kind::Class;
    if (seen && scope.bindings.contains(name)) {
      return at;
    }
    if (at == 0) {
      return std::nullopt;
    }
  }
}

llvm::SmallVector<uint32_t, 8> SourceTree::UsesOf(uint32_t scope, llvm::StringRef name) const {
  llvm::SmallVector<uint32_t, 8> uses;
  const auto named = identifiers_.find(name);
  for (uint32_t node : named == identifiers_.end() ? std::vector<uint32_t>() : named->second) {
    if (LookUp(node) == scope) {
      uses.push_back(node);
    }
  }
  return uses;
}

llvm::ArrayRef<uint32_t> SourceTree::AttributeStores(llvm::StringRef name) const {
  const auto stores = attribute_stores_.find(name);
  return stores == attribute_stores_.end() ? llvm::ArrayRef<uint32_t>()
                                           : llvm::ArrayRef<uint32_t>(stores->second);
}

void SourceTree::ForAttributeStores(llvm::function_ref<void(llvm::StringRef)> visit) const {
  for (const auto &stores : attribute_stores_) {
    visit(stores.first());
  }
}

llvm::SmallVector<uint32_t, 4> SourceTree::CallsOf(llvm::StringRef callee) const {
  llvm::SmallVector<uint32_t, 4> calls;
  const auto named = identifiers_.find(callee);
  for (uint32_t node : named == identifiers_.end() ? std::vector<uint32_t>() : named->second) {
    if (KindOf(Parent(node)) == NodeKind::Call && node == Parent(node) + 1) {
      calls.push_back(Parent(node));
    }
  }
  return calls;
}

// --- parameters

// The tree has the names, annotations and defaults in a row: commas tell them apart.
llvm::SmallVector<TreeParameter, 8> SourceTree::Parameters(uint32_t function) const {
  llvm::SmallVector<TreeParameter, 8> parameters;
  uint32_t list = 0;
  for (uint32_t child : Children(function)) {
    if (KindOf(child) == NodeKind::Parameters || KindOf(child) == NodeKind::LambdaParameters) {
      list = child;
    }
  }
  if (list == 0) {
    return parameters;
  }
  auto kind = TreeParameter::Kind::Positional;
  uint32_t before = At(list).begin;
  bool starts = true;
  for (uint32_t child : Children(list)) {
    starts |= llvm::StringRef(text_).slice(before, At(child).begin).contains(',');
    before = At(child).end;
    const bool splat = KindOf(child) == NodeKind::ListSplatPattern;
    if (KindOf(child) == NodeKind::TokenStar) {
      kind = TreeParameter::Kind::KeywordOnly;
    } else if (splat || KindOf(child) == NodeKind::DictionarySplatPattern) {
      parameters.push_back(
          {.kind = splat ? TreeParameter::Kind::Arguments : TreeParameter::Kind::Keywords,
           .name = LastChild(child)});
      kind = TreeParameter::Kind::KeywordOnly;
    } else if (starts && KindOf(child) == NodeKind::Identifier) {
      parameters.push_back({.kind = kind, .name = child});
    } else if (!starts && KindOf(child) != NodeKind::Type && !parameters.empty()) {
      parameters.back().value = child;
    }
    starts = false;
  }
  return parameters;
}

llvm::SmallVector<llvm::StringRef, 2> SourceTree::Decorators(uint32_t definition) const {
  llvm::SmallVector<llvm::StringRef, 2> decorators;
  const uint32_t above = Parent(definition);
  if (Is(above, NodeKind::DecoratedDefinition)) {
    for (uint32_t each : Children(above)) {
      if (KindOf(each) == NodeKind::Decorator) {
        decorators.push_back(Text(LastChild(each)));
      }
    }
  }
  return decorators;
}

bool SourceTree::IsImported(uint32_t scope, llvm::StringRef name) const {
  const auto bound = Scope(scope).bindings.find(name);
  return bound != Scope(scope).bindings.end() && llvm::any_of(bound->second, [&](uint32_t each) {
           const NodeKind above = KindOf(Parent(each));
           return above == NodeKind::DottedName || above == NodeKind::AliasedImport;
         });
}

uint32_t SourceTree::ClassNamed(llvm::StringRef name) const {
  const uint32_t definition = Parent(OnlyBinding(name));
  return Is(definition, NodeKind::ClassDefinition) ? definition : 0;
}

uint32_t SourceTree::DisplayNamed(llvm::StringRef name) const {
  const uint32_t identifier = OnlyBinding(name);
  const uint32_t assignment = Parent(identifier);
  const uint32_t value = Is(assignment, NodeKind::Assignment) ? LastChild(assignment) : 0;
  const bool display = Is(value, NodeKind::Dictionary) || Is(value, NodeKind::List) ||
                       Is(value, NodeKind::Tuple) || Is(value, NodeKind::Set);
  return display && Child(assignment, 0) == identifier ? value : 0;
}

uint32_t SourceTree::OnlyBinding(llvm::StringRef name) const {
  const auto bound = Scope(0).bindings.find(name);
  const bool once = bound != Scope(0).bindings.end() && bound->second.size() == 1;
  return once ? bound->second.front() : 0;
}

llvm::ArrayRef<uint32_t> SourceTree::NamesSaying(llvm::StringRef name) const {
  const auto found = identifiers_.find(name);
  return found == identifiers_.end() ? llvm::ArrayRef<uint32_t>() : llvm::ArrayRef(found->second);
}

} // namespace pydefrag
