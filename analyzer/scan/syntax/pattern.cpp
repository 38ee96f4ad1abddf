// ExpressionBuilder's patterns of `case`: see expression.h.
//   x -> Capture, a.b -> Attribute, C(x, k=y) -> Call(C, Capture, Keyword), a | b -> Or,
//   [a, *r] -> List(Capture, Splat(Capture)), p as x -> Walrus(Capture, p), _ -> Opaque.
#include "scan/syntax/expression.h"

namespace pydefrag {

// Children of a pattern: with `_`, and with the `-` before a number instead of the number.
static llvm::SmallVector<uint32_t, 8> PatternChildren(const ExpressionBuilder &builder,
                                                      uint32_t node) {
  llvm::SmallVector<uint32_t, 8> children;
  bool negative = false;
  const uint32_t end = builder.At(node).subtree_end;
  for (uint32_t i = node + 1; i < end; i = builder.At(i).subtree_end) {
    const NodeKind kind = builder.At(i).kind;
    if (kind == NodeKind::TokenMinus || kind == NodeKind::TokenUnderscore || !IsToken(kind)) {
      if (!negative) {
        children.push_back(i);
      }
      negative = kind == NodeKind::TokenMinus;
    }
  }
  return children;
}

bool ExpressionBuilder::BuildPattern(const Task &task, const Node &node) {
  switch (node.kind) {
  case NodeKind::CasePattern:
    PushChildren(task, task.parent, PatternChildren(*this, task.node));
    return true;
  case NodeKind::TokenUnderscore:
    Make(task, ExprKind::Opaque);
    return true;
  case NodeKind::TokenMinus: {
    const ExprId id = Make(task, ExprKind::Unary, Op::Negative);
    exprs_[id].end = Relative(At(task.node + 1).end);
    PushChildren(task, id, task.node + 1);
    return true;
  }
  case NodeKind::UnionPattern: {
    const ExprId id = Make(task, ExprKind::Or);
    PushChildren(task, id, PatternChildren(*this, task.node));
    return true;
  }
  case NodeKind::KeywordPattern: {
    const llvm::SmallVector<uint32_t, 8> children = PatternChildren(*this, task.node);
    const ExprId id = Make(task, ExprKind::Keyword);
    exprs_[id].text = InternIdentifier(children.front());
    PushChildren(task, id, children.back());
    return true;
  }
  case NodeKind::SplatPattern: {
    const bool two = At(task.node + 1).kind == NodeKind::TokenStarStar;
    const ExprId splat = Make(task, two ? ExprKind::DoubleSplat : ExprKind::Splat);
    const uint32_t name = At(task.node).subtree_end - 1;
    const bool binds = At(name).kind == NodeKind::Identifier;
    LeafUnder(splat, binds ? ExprKind::Capture : ExprKind::Opaque,
              binds ? InternIdentifier(name) : NameId(), name);
    return true;
  }
  case NodeKind::ClassPattern: {
    const ExprId id = Make(task, ExprKind::Call);
    const llvm::SmallVector<uint32_t, 8> children = Children(task.node);
    const uint16_t depth = static_cast<uint16_t>(task.depth + 1);
    BuildDotted({.node = children.front(), .parent = id, .depth = depth}, ExprKind::Name);
    PushChildren(task, id, llvm::ArrayRef(children).drop_front());
    return true;
  }
  case NodeKind::AsPattern:
    BuildAsPattern(task);
    return true;
  case NodeKind::ComplexPattern:
    Make(task, ExprKind::Opaque);
    return true;
  case NodeKind::DictPattern:
    BuildDictPattern(task);
    return true;
  default:
    return false;
  }
}

// `value as target`: in a case the target is a bare name, elsewhere an expression.
void ExpressionBuilder::BuildAsPattern(const Task &task) {
  const llvm::SmallVector<uint32_t, 8> children = PatternChildren(*this, task.node);
  const ExprId id = Make(task, ExprKind::Walrus);
  const uint32_t target = children.back();
  if (At(target).kind == NodeKind::Identifier) {
    LeafUnder(id, ExprKind::Capture, InternIdentifier(target), target);
    return PushChildren(task, id, children.front());
  }
  PushChildren(task, id, {target, children.front()});
}

// The parts of a dotted name, from the outermost attribute in. One part alone is `single`.
void ExpressionBuilder::BuildDotted(const Task &task, ExprKind single) {
  const llvm::SmallVector<uint32_t, 8> parts = Children(task.node);
  ExprId parent = task.parent;
  for (size_t i = parts.size(); i-- > 0;) {
    const ExprKind kind = i > 0 ? ExprKind::Attribute : parts.size() > 1 ? ExprKind::Name : single;
    parent = LeafUnder(parent, kind, InternIdentifier(parts[i]), task.node);
    exprs_[parent].end = Relative(At(parts[i]).end);
  }
}

void ExpressionBuilder::BuildDictPattern(const Task &task) {
  const ExprId dict = Make(task, ExprKind::Dict);
  const llvm::SmallVector<uint32_t, 8> children = PatternChildren(*this, task.node);
  const uint16_t depth = static_cast<uint16_t>(task.depth + 2);
  for (size_t i = 0; i < children.size(); ++i) {
    if (At(children[i]).kind == NodeKind::SplatPattern || i + 1 == children.size()) {
      tasks_.push_back({.node = children[i], .parent = dict, .depth = depth});
      continue;
    }
    const ExprId pair = Make({.node = children[i], .parent = dict, .depth = depth}, ExprKind::Pair);
    exprs_[pair].end = Relative(At(children[i + 1]).end);
    tasks_.push_back({.node = children[i + 1], .parent = pair, .depth = depth});
    tasks_.push_back({.node = children[i], .parent = pair, .depth = depth});
    ++i;
  }
}

} // namespace pydefrag
