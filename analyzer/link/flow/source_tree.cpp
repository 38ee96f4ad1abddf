// One pass over the flat tree: parents stand before their children, so the scope of a node is known
// when the node around it was placed. A second one notes who binds what.
#include "link/flow/source_trees.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// Until the scope of a node is known.
static constexpr uint32_t kNotPlaced = UINT32_MAX;

SourceTree::SourceTree(FileId of, ModuleId its_module, std::string text, FlatTree tree)
    : file(of), module(its_module), text_(std::move(text)), tree_(std::move(tree)) {
  FindScopes();
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

// --- scopes

uint32_t SourceTree::NewScope(TreeScope::Kind kind, uint32_t node, uint32_t parent) {
  TreeScope &scope = scopes_.emplace_back();
  scope.kind = kind;
  scope.node = node;
  scope.parent = parent;
  return static_cast<uint32_t>(scopes_.size() - 1);
}

uint32_t SourceTree::ScopeMadeBy(uint32_t node) const {
  const auto made =
      llvm::find_if(scopes_, [&](const TreeScope &each) { return each.node == node; });
  return made == scopes_.end() ? 0 : static_cast<uint32_t>(made - scopes_.begin());
}

void SourceTree::FindScopes() {
  NewScope(TreeScope::Kind::Module, 0, 0);
  parents_.assign(size(), 0);
  scope_of_.assign(size(), kNotPlaced);
  scope_of_[0] = 0;
  binds_.assign(size(), false);
  for (uint32_t i = 0; i < size(); ++i) {
    Place(i);
  }
  for (uint32_t i = 1; i < size(); ++i) {
    if (KindOf(i) == NodeKind::Identifier) {
      NoteIdentifier(i);
    } else if (KindOf(i) == NodeKind::ImportStatement ||
               KindOf(i) == NodeKind::ImportFromStatement) {
      NoteImport(i);
    } else if (KindOf(i) == NodeKind::Attribute && IsTarget(i)) {
      attribute_stores_[Text(LastChild(i))].push_back(i);
    }
  }
}

// Gives the children their parent and their scope.
void SourceTree::Place(uint32_t node) {
  const uint32_t outside = scope_of_[node];
  switch (KindOf(node)) {
  case NodeKind::FunctionDefinition:
  case NodeKind::Lambda:
    PlaceChildren(node, outside, NewScope(TreeScope::Kind::Function, node, outside));
    return;
  case NodeKind::ClassDefinition:
    PlaceChildren(node, outside, NewScope(TreeScope::Kind::Class, node, outside));
    return;
  case NodeKind::ListComprehension:
  case NodeKind::SetComprehension:
  case NodeKind::DictionaryComprehension:
  case NodeKind::GeneratorExpression:
    PlaceComprehension(node, outside, NewScope(TreeScope::Kind::Function, node, outside));
    return;
  case NodeKind::Parameters:
  case NodeKind::LambdaParameters: // defaults and annotations are evaluated outside
    for (uint32_t child : Children(node)) {
      parents_[child] = node;
      scope_of_[child] = scopes_[outside].parent;
    }
    for (const TreeParameter &parameter : Parameters(parents_[node])) {
      scope_of_[parameter.name] = outside;
    }
    return;
  case NodeKind::GlobalStatement:
  case NodeKind::NonlocalStatement:
    for (uint32_t child : Children(node)) {
      (KindOf(node) == NodeKind::GlobalStatement ? scopes_[outside].global : scopes_[outside].outer)
          .insert(Text(child));
    }
    break;
  default:
    break;
  }
  for (uint32_t child : Children(node)) {
    parents_[child] = node;
    // What a pattern of parameters holds, or a first iterable, was placed above.
    scope_of_[child] = scope_of_[child] != kNotPlaced ? scope_of_[child] : outside;
  }
}

void SourceTree::PlaceChildren(uint32_t node, uint32_t outside, uint32_t inside) {
  const bool lambda = KindOf(node) == NodeKind::Lambda;
  for (uint32_t child : Children(node)) {
    const NodeKind kind = KindOf(child);
    const bool within = kind == NodeKind::Block || kind == NodeKind::Parameters || lambda;
    parents_[child] = node;
    scope_of_[child] = within ? inside : outside;
  }
}

// The first iterable is evaluated outside.
void SourceTree::PlaceComprehension(uint32_t node, uint32_t outside, uint32_t inside) {
  bool first = true;
  for (uint32_t child : Children(node)) {
    parents_[child] = node;
    scope_of_[child] = inside;
    if (first && KindOf(child) == NodeKind::ForInClause) {
      first = false;
      scope_of_[Iterable(child)] = outside;
    }
  }
}

bool SourceTree::IsTarget(uint32_t node) const {
  uint32_t at = node;
  for (;;) {
    const uint32_t above = Parent(at);
    switch (KindOf(above)) {
    case NodeKind::PatternList:
    case NodeKind::TuplePattern:
    case NodeKind::ListPattern:
    case NodeKind::ListSplatPattern:
      at = above;
      continue;
    case NodeKind::Tuple:
    case NodeKind::List:
      if (Enclosing(above, NodeKind::AsPatternTarget) == 0) {
        return false;
      }
      at = above;
      continue;
    case NodeKind::ExpressionList: // del a, b
      if (KindOf(Parent(above)) != NodeKind::DeleteStatement) {
        return false;
      }
      at = above;
      continue;
    case NodeKind::AsPatternTarget:
    case NodeKind::DeleteStatement:
    case NodeKind::CasePattern:
      return true;
    case NodeKind::Assignment:
    case NodeKind::AugmentedAssignment:
    case NodeKind::NamedExpression:
    case NodeKind::ForStatement:
    case NodeKind::ForInClause:
      return at == above + 1;
    default:
      return false;
    }
  }
}

void SourceTree::Bind(uint32_t scope, uint32_t identifier) {
  const llvm::StringRef name = Text(identifier);
  if (scopes_[scope].global.contains(name)) {
    scope = 0;
  }
  while (scopes_[scope].outer.contains(name) && scope != 0) {
    scope = scopes_[scope].parent;
  }
  binds_[identifier] = true;
  scopes_[scope].bindings[name].push_back(identifier);
}

void SourceTree::NoteIdentifier(uint32_t node) {
  const uint32_t above = Parent(node);
  const bool first = node == above + 1;
  uint32_t scope = scope_of_[node];
  switch (KindOf(above)) {
  case NodeKind::Attribute:
    if (!first) {
      return;
    }
    break;
  case NodeKind::KeywordArgument:
    if (first) {
      return;
    }
    break;
  case NodeKind::DottedName:
  case NodeKind::AliasedImport:
  case NodeKind::GlobalStatement:
  case NodeKind::NonlocalStatement:
    return;
  case NodeKind::FunctionDefinition:
  case NodeKind::ClassDefinition:
    if (first) {
      Bind(scope, node);
    }
    break;
  case NodeKind::Parameters:
  case NodeKind::LambdaParameters:
  case NodeKind::ListSplatPattern:
  case NodeKind::DictionarySplatPattern: {
    uint32_t list = above;
    while (KindOf(list) == NodeKind::ListSplatPattern ||
           KindOf(list) == NodeKind::DictionarySplatPattern) {
      list = Parent(list);
    }
    if (KindOf(list) == NodeKind::Parameters || KindOf(list) == NodeKind::LambdaParameters) {
      for (const TreeParameter &parameter : Parameters(Parent(list))) {
        if (parameter.name == node) {
          Bind(scope_of_[list], node);
          scope_of_[node] = scope_of_[list];
        }
      }
      break;
    }
    [[fallthrough]];
  }
  default:
    if (IsTarget(node)) {
      // `:=` in a comprehension binds around it.
      while (KindOf(above) == NodeKind::NamedExpression && scope != 0 &&
             KindOf(scopes_[scope].node) != NodeKind::FunctionDefinition &&
             scopes_[scope].kind == TreeScope::Kind::Function) {
        scope = scopes_[scope].parent;
      }
      Bind(scope, node);
    }
  }
  identifiers_[Text(node)].push_back(node);
}

// `import a.b` binds `a`.
void SourceTree::NoteImport(uint32_t node) {
  bool module = KindOf(node) == NodeKind::ImportFromStatement;
  for (uint32_t child : Children(node)) {
    if (module) {
      module = false;
    } else if (KindOf(child) == NodeKind::AliasedImport) {
      Bind(scope_of_[node], LastChild(child));
    } else if (KindOf(child) == NodeKind::DottedName) {
      Bind(scope_of_[node], child + 1);
    }
  }
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
  const auto bound = Scope(0).bindings.find(name);
  if (bound == Scope(0).bindings.end() || bound->second.size() != 1) {
    return 0;
  }
  const uint32_t definition = Parent(bound->second.front());
  return Is(definition, NodeKind::ClassDefinition) ? definition : 0;
}

llvm::ArrayRef<uint32_t> SourceTree::NamesSaying(llvm::StringRef name) const {
  const auto found = identifiers_.find(name);
  return found == identifiers_.end() ? llvm::ArrayRef<uint32_t>() : llvm::ArrayRef(found->second);
}

} // namespace pydefrag
