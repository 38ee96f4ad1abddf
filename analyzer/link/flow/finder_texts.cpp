#include "link/flow/finder_texts.h"

#include "scan/trees/literals.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// An `async`, `else`... in front does not matter here: children of these kinds are the operands.
static bool IsOperator(NodeKind kind) {
  return kind >= NodeKind::TokenComma;
}

// The text of an expression, or the texts of the items in it.
FinderBounds FinderTexts::Of(uint32_t node, bool mere_prefix) const {
  if (const auto text = PlainTextOf(tree_, node, module_name_)) {
    return std::vector<ServedByFinder>{{.by = {}, .name = *text, .mere_prefix = mere_prefix}};
  }
  switch (tree_.KindOf(node)) {
  case NodeKind::ParenthesizedExpression:
    return Of(tree_.Child(node, 0), mere_prefix);
  case NodeKind::Tuple:
  case NodeKind::ExpressionList: // a tuple without parentheses
  case NodeKind::List:
  case NodeKind::Set:
  case NodeKind::Dictionary:
    return TextsOfItems(node, mere_prefix);
  case NodeKind::Identifier:
    return TextsOfConstant(node, mere_prefix);
  case NodeKind::Attribute:
    return TextsOfField(node, mere_prefix);
  default:
    return std::nullopt;
  }
}

FinderBounds FinderTexts::TextsOfItems(uint32_t node, bool mere_prefix) const {
  std::vector<ServedByFinder> all;
  for (uint32_t child : tree_.Children(node)) {
    if (IsOperator(tree_.KindOf(child))) {
      continue;
    }
    const uint32_t item = tree_.Is(child, NodeKind::Pair) ? tree_.Child(child, 0) : child;
    const auto text = PlainTextOf(tree_, item, module_name_);
    if (!text) {
      return std::nullopt;
    }
    all.push_back({.by = {}, .name = *text, .mere_prefix = mere_prefix});
  }
  return all;
}

// A name that the module binds once, and that nothing but a test reads, or nobody can change; a
// local name for one.
FinderBounds FinderTexts::TextsOfConstant(uint32_t node, bool mere_prefix) const {
  const auto scope = tree_.LookUp(node);
  if (scope != 0u && scope != scope_) {
    return std::nullopt;
  }
  const auto bound = tree_.Scope(*scope).bindings.find(tree_.Text(node));
  if (bound == tree_.Scope(*scope).bindings.end() || bound->second.size() != 1) {
    return std::nullopt;
  }
  const uint32_t target = bound->second.front();
  const uint32_t assignment = tree_.Parent(target);
  const uint32_t value =
      tree_.Is(assignment, NodeKind::Assignment) ? tree_.LastChild(assignment) : 0;
  const bool fixed = tree_.Is(value, NodeKind::Tuple) || tree_.Is(value, NodeKind::ExpressionList);
  const bool names_another = *scope == scope_ && tree_.Is(value, NodeKind::Identifier) &&
                             tree_.LookUp(value) == 0u; // which is fixed or read only
  if (value == 0 || target != assignment + 1 ||
      (!fixed && (*scope == 0 ? IsChanged(target) : !names_another))) {
    return std::nullopt;
  }
  return Of(value, mere_prefix);
}

// Whether a use of the name may change what it stands for: only tests and look-ups do not.
bool FinderTexts::IsChanged(uint32_t target) const {
  return llvm::any_of(tree_.UsesOf(0, tree_.Text(target)), [&](uint32_t use) {
    const uint32_t above = tree_.Parent(use);
    const bool read = tree_.Is(above, NodeKind::ComparisonOperator) ||
                      (tree_.Is(above, NodeKind::Subscript) && !tree_.IsTarget(above)) ||
                      tree_.Is(above, NodeKind::ForStatement) ||
                      tree_.Is(above, NodeKind::ForInClause);
    const bool gets =
        tree_.Is(above, NodeKind::Attribute) && tree_.Text(tree_.LastChild(above)) == "get";
    return use != target && !read && !gets;
  });
}

// `self.path`, which `__init__` binds to an argument as it is.
FinderBounds FinderTexts::TextsOfField(uint32_t node, bool mere_prefix) const {
  const uint32_t self = tree_.Child(node, 0);
  const llvm::StringRef field = tree_.Text(tree_.LastChild(node));
  const auto stores = tree_.AttributeStores(field);
  if (!tree_.Is(self, NodeKind::Identifier) || tree_.Text(self) != "self" || call_ == 0 ||
      stores.size() != 1) {
    return std::nullopt;
  }
  const uint32_t init = tree_.Enclosing(stores.front(), NodeKind::FunctionDefinition);
  const uint32_t assignment = tree_.Parent(stores.front());
  if (init == 0 || tree_.Text(tree_.Child(init, 0)) != "__init__" ||
      !tree_.Is(assignment, NodeKind::Assignment) ||
      tree_.Enclosing(init, NodeKind::ClassDefinition) !=
          tree_.Enclosing(method_, NodeKind::ClassDefinition)) {
    return std::nullopt;
  }
  const uint32_t value = tree_.LastChild(assignment);
  const auto parameters = tree_.Parameters(init);
  const auto arguments = tree_.Children(tree_.LastChild(call_));
  for (size_t i = 1; i < parameters.size() && i <= arguments.size(); ++i) {
    const bool positional =
        llvm::all_of(llvm::ArrayRef(arguments).take_front(i), [&](uint32_t each) {
          return !tree_.Is(each, NodeKind::KeywordArgument) && !tree_.Is(each, NodeKind::ListSplat);
        });
    if (positional && tree_.Is(value, NodeKind::Identifier) &&
        tree_.Text(parameters[i].name) == tree_.Text(value)) {
      // Which instance a field of the argument belongs to, nobody asks.
      return FinderTexts(tree_, method_, 0, module_name_).Of(arguments[i - 1], mere_prefix);
    }
  }
  return std::nullopt;
}

std::optional<std::string> PlainTextOf(const SourceTree &tree, uint32_t node,
                                       llvm::StringRef module_name) {
  if (tree.Is(node, NodeKind::Identifier) && tree.Text(node) == "__name__") {
    return module_name.str();
  }
  if (tree.Is(node, NodeKind::BinaryOperator)) {
    const auto children = tree.Children(node);
    const auto left = PlainTextOf(tree, children.front(), module_name);
    const auto right = PlainTextOf(tree, children.back(), module_name);
    const bool sum = children.size() == 3 && tree.Is(children[1], NodeKind::TokenPlus);
    return sum && left && right ? std::optional(*left + *right) : std::nullopt;
  }
  if (!tree.Is(node, NodeKind::String) || tree.Child(node, 0) != 0) {
    return std::nullopt;
  }
  const StringLiteral literal = SplitLiteral(tree.Text(node));
  if (literal.bytes) {
    return std::nullopt;
  }
  TokenText value;
  AppendValue(literal, literal.body, value);
  return std::string(value);
}

} // namespace pydefrag
