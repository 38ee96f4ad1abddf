// ExpressionBuilder: see expression.h. Operators and literals are built in
// operators.cpp, patterns of `case` in pattern.cpp.
#include "scan/syntax/expression.h"

namespace pydefrag {

void ExpressionBuilder::Begin(const FlatTree &tree, llvm::StringRef text, uint32_t head,
                              ExprId &first) {
  tree_ = &tree;
  text_ = text;
  head_ = head;
  first_ = &first;
  base_ = exprs_.size();
  last_ = ExprId();
  last_child_.clear();
  python2_ = false;
}

llvm::SmallVector<uint32_t, 8> ExpressionBuilder::Children(uint32_t node) const {
  llvm::SmallVector<uint32_t, 8> children;
  for (uint32_t i = node + 1, end = At(node).subtree_end; i < end; i = At(i).subtree_end) {
    if (!IsToken(At(i).kind)) {
      children.push_back(i);
    }
  }
  return children;
}

NameId ExpressionBuilder::InternIdentifier(uint32_t node) {
  return names_.Intern(NormaliseIdentifier(Text(node), scratch_));
}

NameId ExpressionBuilder::InternDotted(uint32_t node) {
  const llvm::SmallVector<uint32_t, 8> parts = Children(node);
  if (parts.size() == 1) {
    return InternIdentifier(parts[0]);
  }
  llvm::SmallString<128> dotted;
  for (uint32_t part : parts) {
    if (!dotted.empty()) {
      dotted.push_back('.');
    }
    dotted += NormaliseIdentifier(Text(part), scratch_);
  }
  return names_.Intern(dotted);
}

ExprId ExpressionBuilder::Append(ExprId parent, Expr expr) {
  const ExprId id = exprs_.push_back(expr);
  last_child_.push_back(ExprId());
  ExprId &last = parent.valid() ? last_child_[static_cast<size_t>(parent.index) - base_] : last_;
  if (last.valid()) {
    exprs_[last].next = id;
  } else if (parent.valid()) {
    exprs_[parent].child = id;
  } else {
    *first_ = id;
  }
  last = id;
  return id;
}

ExprId ExpressionBuilder::Make(const Task &task, ExprKind kind, Op op) {
  Expr expr;
  expr.kind = kind;
  expr.op = op;
  const Node &node = At(task.node);
  if (node.begin >= head_) {
    expr.begin = node.begin - head_;
    expr.end = node.end - head_;
  }
  return Append(task.parent, expr);
}

ExprId ExpressionBuilder::Leaf(ExprKind kind, NameId text, uint32_t node) {
  return LeafUnder(ExprId(), kind, text, node);
}

ExprId ExpressionBuilder::LeafUnder(ExprId parent, ExprKind kind, NameId text, uint32_t node) {
  const ExprId id = Make({.node = node, .parent = parent, .depth = 0}, kind);
  exprs_[id].text = text;
  return id;
}

ExprId ExpressionBuilder::Operand(uint32_t node) {
  const ExprId id(exprs_.size());
  tasks_.push_back({.node = node, .parent = ExprId(), .depth = 0});
  Run();
  return id;
}

ExprId ExpressionBuilder::TupleOperand(llvm::ArrayRef<uint32_t> nodes) {
  const ExprId tuple =
      Make({.node = nodes.front(), .parent = ExprId(), .depth = 0}, ExprKind::Tuple);
  exprs_[tuple].end = Relative(At(nodes.back()).end);
  for (uint32_t node : nodes) {
    Under(tuple, node);
  }
  return tuple;
}

void ExpressionBuilder::Under(ExprId parent, uint32_t node) {
  tasks_.push_back({.node = node, .parent = parent, .depth = 1});
  Run();
}

void ExpressionBuilder::WalrusesOf(uint32_t node) {
  ExprId opaque;
  for (uint32_t i = node + 1; i < At(node).subtree_end;) {
    if (At(i).kind != NodeKind::NamedExpression) {
      ++i;
      continue;
    }
    if (!opaque.valid()) {
      opaque = Make({.node = node, .parent = ExprId(), .depth = 0}, ExprKind::Opaque);
    }
    Under(opaque, i);
    i = At(i).subtree_end;
  }
}

void ExpressionBuilder::Run() {
  while (!tasks_.empty()) {
    const Task task = tasks_.pop_back_val();
    if (task.depth > kMaxDepth) {
      Make(task, ExprKind::Opaque);
    } else {
      Build(task);
    }
  }
}

// The last is pushed first: tasks are taken from the back.
void ExpressionBuilder::PushChildren(const Task &task, ExprId parent,
                                     llvm::ArrayRef<uint32_t> nodes) {
  const bool same_level = parent == task.parent;
  const uint16_t depth = same_level ? task.depth : static_cast<uint16_t>(task.depth + 1);
  for (size_t i = nodes.size(); i-- > 0;) {
    tasks_.push_back({.node = nodes[i], .parent = parent, .depth = depth});
  }
}

void ExpressionBuilder::BuildWithChildren(const Task &task, ExprKind kind, Op op) {
  const ExprId id = Make(task, kind, op);
  PushChildren(task, id, Children(task.node));
}

void ExpressionBuilder::Build(const Task &task) {
  const Node &node = At(task.node);
  if (BuildLeaf(task, node) || BuildOperator(task, node) || BuildPattern(task, node)) {
    return;
  }
  switch (node.kind) {
  case NodeKind::ParenthesizedExpression:
  case NodeKind::AsPatternTarget:
  case NodeKind::Interpolation:
  case NodeKind::IfClause:
  case NodeKind::WithItem:
    return PushChildren(task, task.parent, Children(task.node));
  case NodeKind::TuplePattern:
    if (Children(task.node).size() == 1 && (node.flags & kHasComma) == 0) {
      return PushChildren(task, task.parent, Children(task.node));
    }
    return BuildWithChildren(task, ExprKind::Tuple);
  case NodeKind::Tuple:
  case NodeKind::ExpressionList:
  case NodeKind::PatternList:
    return BuildWithChildren(task, ExprKind::Tuple);
  case NodeKind::List:
  case NodeKind::ListPattern:
    return BuildWithChildren(task, ExprKind::List);
  case NodeKind::Set:
    return BuildWithChildren(task, ExprKind::Set);
  case NodeKind::Dictionary:
    return BuildWithChildren(task, ExprKind::Dict);
  case NodeKind::Pair:
    return BuildWithChildren(task, ExprKind::Pair);
  case NodeKind::ListSplat:
  case NodeKind::ListSplatPattern:
    return BuildWithChildren(task, ExprKind::Splat);
  case NodeKind::DictionarySplat:
  case NodeKind::DictionarySplatPattern:
    return BuildWithChildren(task, ExprKind::DoubleSplat);
  case NodeKind::Subscript:
    return BuildWithChildren(task, ExprKind::Subscript);
  case NodeKind::Slice:
    return BuildWithChildren(task, ExprKind::Slice);
  case NodeKind::NamedExpression:
    return BuildWithChildren(task, ExprKind::Walrus);
  case NodeKind::Await:
    return BuildWithChildren(task, ExprKind::Await);
  case NodeKind::Yield:
    return BuildWithChildren(task, ExprKind::Yield);
  case NodeKind::ConditionalExpression:
    return BuildWithChildren(task, ExprKind::Conditional);
  case NodeKind::ListComprehension:
    return BuildWithChildren(task, ExprKind::Comprehension, Op::ListComp);
  case NodeKind::SetComprehension:
    return BuildWithChildren(task, ExprKind::Comprehension, Op::SetComp);
  case NodeKind::DictionaryComprehension:
    return BuildWithChildren(task, ExprKind::Comprehension, Op::DictComp);
  case NodeKind::GeneratorExpression:
    return BuildWithChildren(task, ExprKind::Comprehension, Op::Generator);
  case NodeKind::ForInClause:
    return BuildForIn(task);
  default:
    return BuildWithChildren(task, ExprKind::Opaque);
  }
}

// Nodes whose text matters or that have no children that become Exprs as they stand.
bool ExpressionBuilder::BuildLeaf(const Task &task, const Node &node) {
  switch (node.kind) {
  case NodeKind::Identifier: {
    const ExprId id = Make(task, ExprKind::Name);
    exprs_[id].text = InternIdentifier(task.node);
    return true;
  }
  case NodeKind::Integer:
  case NodeKind::Float: {
    const ExprId id = Make(task, ExprKind::Number);
    exprs_[id].text = names_.Intern(NumberText(Text(task.node), scratch_));
    python2_ |= IsPython2Number(Text(task.node));
    return true;
  }
  case NodeKind::True:
    Make(task, ExprKind::True);
    return true;
  case NodeKind::False:
    Make(task, ExprKind::False);
    return true;
  case NodeKind::None_:
    Make(task, ExprKind::None);
    return true;
  case NodeKind::Ellipsis:
    Make(task, ExprKind::Ellipsis);
    return true;
  case NodeKind::String:
  case NodeKind::ConcatenatedString:
    BuildString(task);
    return true;
  case NodeKind::DottedName:
    BuildDotted(task, ExprKind::Capture);
    return true;
  case NodeKind::Attribute: {
    const llvm::SmallVector<uint32_t, 8> children = Children(task.node);
    const ExprId id = Make(task, ExprKind::Attribute);
    exprs_[id].text = InternIdentifier(children.back());
    PushChildren(task, id, children.front());
    return true;
  }
  case NodeKind::KeywordArgument: {
    const llvm::SmallVector<uint32_t, 8> children = Children(task.node);
    const ExprId id = Make(task, ExprKind::Keyword);
    exprs_[id].text = InternIdentifier(children.front());
    PushChildren(task, id, children.back());
    return true;
  }
  case NodeKind::Lambda: {
    const ExprId id = Make(task, ExprKind::Lambda);
    PushChildren(task, id, Children(task.node).back());
    return true;
  }
  case NodeKind::Call: {
    llvm::SmallVector<uint32_t, 8> children = Children(task.node);
    const ExprId id = Make(task, ExprKind::Call);
    if (children.size() > 1 && At(children[1]).kind == NodeKind::ArgumentList) {
      const llvm::SmallVector<uint32_t, 8> arguments = Children(children[1]);
      children.truncate(1);
      children.append(arguments.begin(), arguments.end());
    }
    PushChildren(task, id, children);
    return true;
  }
  default:
    return false;
  }
}

// `[x for x in 1, 2]` without parentheses was Python 2.
void ExpressionBuilder::BuildForIn(const Task &task) {
  python2_ |= Children(task.node).size() > 2;
  BuildWithChildren(task, ExprKind::ForIn);
}

} // namespace pydefrag
