// One walk through the statements of the method, with the bound that the tests on the way have set.
#include "link/flow/finder_bounds.h"

#include "link/flow/finder_texts.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {
namespace {

class BoundReader {
public:
  BoundReader(const SourceTree &tree, uint32_t method, uint32_t call, llvm::StringRef module_name)
      : tree_(tree), method_(method), texts_(tree, method, call, module_name),
        module_name_(module_name) {}

  FinderBounds Read() {
    FindParameter();
    const uint32_t body = tree_.LastChild(method_);
    Walk(tree_.Children(body), std::nullopt);
    if (anything_) {
      return std::nullopt;
    }
    return served_;
  }

private:
  // The module's name: behind `self` or `cls`, or in front when there is none.
  void FindParameter() {
    size_t index = 1;
    for (llvm::StringRef decorator : tree_.Decorators(method_)) {
      index = decorator.ends_with("staticmethod") ? 0 : index;
    }
    const auto parameters = tree_.Parameters(method_);
    if (index < parameters.size() && parameters[index].kind == TreeParameter::Kind::Positional) {
      parameter_ = tree_.Text(parameters[index].name);
    }
    scope_ = tree_.ScopeMadeBy(method_);
  }

  void Walk(llvm::ArrayRef<uint32_t> statements, FinderBounds bound) {
    for (uint32_t statement : statements) {
      bound = WalkOne(statement, std::move(bound));
    }
  }

  // The bound for what comes behind it.
  FinderBounds WalkOne(uint32_t node, FinderBounds bound) {
    switch (tree_.KindOf(node)) {
    case NodeKind::ReturnStatement:
      NoteResult(tree_.Child(node, 0), bound);
      return bound;
    case NodeKind::IfStatement:
      return WalkIf(node, std::move(bound));
    case NodeKind::Block:
      Walk(tree_.Children(node), bound);
      return bound;
    case NodeKind::FunctionDefinition:
    case NodeKind::ClassDefinition:
    case NodeKind::DecoratedDefinition:
    case NodeKind::Lambda:
      return bound;
    case NodeKind::Yield:
      NoteResult(node, bound);
      return bound;
    default:
      for (uint32_t child : tree_.Children(node)) {
        WalkOne(child, bound);
      }
      return bound;
    }
  }

  FinderBounds WalkIf(uint32_t node, FinderBounds bound) {
    FinderBounds behind = bound; // where no arm was taken so far
    bool all_end = true;         // every arm so far ends the method
    for (uint32_t child : tree_.Children(node)) {
      const NodeKind kind = tree_.KindOf(child);
      if (kind == NodeKind::Block) {
        const uint32_t condition = tree_.Child(node, 0);
        behind = Arm(condition, child, behind, all_end);
      } else if (kind == NodeKind::ElifClause) {
        behind = Arm(tree_.Child(child, 0), tree_.LastChild(child), behind, all_end);
      } else if (kind == NodeKind::ElseClause) {
        const uint32_t block = tree_.LastChild(child);
        Walk(tree_.Children(block), behind);
        return bound;
      }
    }
    return all_end ? behind : bound;
  }

  FinderBounds Arm(uint32_t condition, uint32_t block, const FinderBounds &bound, bool &all_end) {
    const FinderBounds here = bound ? bound : BoundOf(condition, true);
    Walk(tree_.Children(block), here);
    all_end &= Ends(block);
    return bound ? bound : BoundOf(condition, false);
  }

  bool Ends(uint32_t block) const {
    const uint32_t last = tree_.LastChild(block);
    return tree_.Is(last, NodeKind::ReturnStatement) || tree_.Is(last, NodeKind::RaiseStatement);
  }

  void NoteResult(uint32_t value, const FinderBounds &bound) {
    if (value == 0 || tree_.Is(value, NodeKind::None_)) {
      return;
    }
    if (tree_.Is(value, NodeKind::ParenthesizedExpression)) {
      return NoteResult(tree_.Child(value, 0), bound);
    }
    if (tree_.Is(value, NodeKind::ConditionalExpression) && !bound) {
      const uint32_t condition = tree_.Child(value, 1);
      NoteResult(tree_.Child(value, 0), BoundOf(condition, true));
      NoteResult(tree_.LastChild(value), BoundOf(condition, false));
      return;
    }
    anything_ |= !bound;
    if (bound) {
      served_.insert(served_.end(), bound->begin(), bound->end());
    }
  }

  // What the module's name is bound to where the condition comes to `holds`; nothing: any name.
  FinderBounds BoundOf(uint32_t condition, bool holds) {
    switch (tree_.KindOf(condition)) {
    case NodeKind::ParenthesizedExpression:
      return BoundOf(tree_.Child(condition, 0), holds);
    case NodeKind::NotOperator:
      return BoundOf(tree_.LastChild(condition), !holds);
    case NodeKind::BooleanOperator:
      return BoundOfBoth(condition, holds);
    case NodeKind::ComparisonOperator:
      return BoundOfComparison(condition, holds);
    case NodeKind::Call:
      return holds ? BoundOfStart(condition) : std::nullopt;
    default:
      return std::nullopt;
    }
  }

  FinderBounds BoundOfBoth(uint32_t condition, bool holds) {
    const auto children = tree_.Children(condition);
    const bool is_and =
        llvm::any_of(children, [&](uint32_t child) { return tree_.Is(child, NodeKind::TokenAnd); });
    const FinderBounds first = BoundOf(children.front(), holds);
    const FinderBounds second = BoundOf(children.back(), holds);
    if (is_and == holds) { // both hold, or both do not
      return first ? first : second;
    }
    if (!first || !second) {
      return std::nullopt;
    }
    FinderBounds either = first;
    either->insert(either->end(), second->begin(), second->end());
    return either;
  }

  FinderBounds BoundOfComparison(uint32_t condition, bool holds) {
    const auto children = tree_.Children(condition);
    if (children.size() != 3) {
      return std::nullopt;
    }
    const NodeKind op = tree_.KindOf(children[1]);
    const bool same = op == (holds ? NodeKind::TokenEqualEqual : NodeKind::TokenNotEqual);
    if (op == (holds ? NodeKind::TokenIn : NodeKind::TokenNotIn)) {
      return IsHead(children[0]) ? texts_.Of(children[2], false) : std::nullopt;
    }
    if (!same) {
      return std::nullopt;
    }
    return IsHead(children[0])   ? texts_.Of(children[2], false)
           : IsHead(children[2]) ? texts_.Of(children[0], false)
                                 : std::nullopt;
  }

  // `fullname.startswith(text)`
  FinderBounds BoundOfStart(uint32_t call) {
    const uint32_t callee = tree_.Child(call, 0);
    const uint32_t argument = tree_.Child(tree_.LastChild(call), 0);
    const bool starts = tree_.Is(callee, NodeKind::Attribute) && argument != 0 &&
                        tree_.Text(tree_.LastChild(callee)) == "startswith" &&
                        IsParameter(tree_.Child(callee, 0));
    return starts ? texts_.Of(argument, true) : std::nullopt;
  }

  bool IsParameter(uint32_t node) const {
    if (!tree_.Is(node, NodeKind::Identifier) || parameter_.empty() ||
        tree_.Text(node) != parameter_) {
      return false;
    }
    const auto bound = tree_.Scope(scope_).bindings.find(parameter_);
    return bound != tree_.Scope(scope_).bindings.end() && bound->second.size() == 1;
  }

  // Whether it is the module's name, or the first part of it.
  bool IsHead(uint32_t node) const {
    if (IsParameter(node) || IsFirstPart(node)) {
      return true;
    }
    if (!tree_.Is(node, NodeKind::Identifier)) {
      return false;
    }
    const auto bound = tree_.Scope(scope_).bindings.find(tree_.Text(node));
    if (bound == tree_.Scope(scope_).bindings.end() || bound->second.size() != 1) {
      return false;
    }
    const uint32_t target = bound->second.front();
    const uint32_t above = tree_.Parent(target);
    if (tree_.Is(above, NodeKind::Assignment)) {
      return IsFirstPart(tree_.LastChild(above));
    }
    // `package, dot, rest = fullname.partition(".")`
    const uint32_t assignment = tree_.Parent(above);
    return tree_.Is(above, NodeKind::PatternList) && target == above + 1 &&
           tree_.Is(assignment, NodeKind::Assignment) && IsSplit(tree_.LastChild(assignment));
  }

  // `fullname.split(".")[0]`
  bool IsFirstPart(uint32_t node) const {
    return tree_.Is(node, NodeKind::Subscript) && tree_.Text(tree_.LastChild(node)) == "0" &&
           IsSplit(tree_.Child(node, 0));
  }

  bool IsSplit(uint32_t call) const {
    const uint32_t callee = tree_.Is(call, NodeKind::Call) ? tree_.Child(call, 0) : 0;
    if (!tree_.Is(callee, NodeKind::Attribute) || !IsParameter(tree_.Child(callee, 0))) {
      return false;
    }
    const llvm::StringRef method = tree_.Text(tree_.LastChild(callee));
    const auto separator = PlainTextOf(tree_, tree_.Child(tree_.LastChild(call), 0), module_name_);
    return (method == "split" || method == "partition") && separator == ".";
  }

  const SourceTree &tree_;
  const uint32_t method_;
  const FinderTexts texts_;
  const llvm::StringRef module_name_;
  llvm::StringRef parameter_;
  uint32_t scope_ = 0;
  bool anything_ = false;
  std::vector<ServedByFinder> served_;
};

} // namespace

uint32_t FinderMethodOf(const SourceTree &tree, uint32_t class_definition) {
  uint32_t older = 0;
  for (uint32_t child : tree.Children(tree.LastChild(class_definition))) {
    const uint32_t function =
        tree.Is(child, NodeKind::DecoratedDefinition) ? tree.LastChild(child) : child;
    if (!tree.Is(function, NodeKind::FunctionDefinition)) {
      continue;
    }
    const llvm::StringRef name = tree.Text(tree.Child(function, 0));
    if (name == "find_spec") {
      return function;
    }
    older = name == "find_module" ? function : older;
  }
  return older;
}

FinderBounds ReadFinderBounds(const SourceTree &tree, uint32_t method, uint32_t call,
                              llvm::StringRef module_name) {
  return BoundReader(tree, method, call, module_name).Read();
}

} // namespace pydefrag
