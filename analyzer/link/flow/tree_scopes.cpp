// SourceTree: scopes. One pass over the flat tree: parents stand before their children, so the
// scope of a node is known when the node around it was placed. A second one notes who binds what.
#include "link/flow/source_trees.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// Until the scope of a node is known.
static constexpr uint32_t kNotPlaced = UINT32_MAX;

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

} // namespace pydefrag
