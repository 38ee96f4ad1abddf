// ExpressionBuilder's operators and string literals: see expression.h.
#include "scan/syntax/expression.h"

#include "scan/lines/bytes.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

// A middle operand of a chain stands in two comparisons; larger ones are said once.
static constexpr uint32_t kMaxRepeatedNodes = 32;

Op OperatorOfToken(NodeKind token) {
  switch (token) {
  case NodeKind::TokenPlus:
  case NodeKind::TokenPlusAssign:
    return Op::Add;
  case NodeKind::TokenMinus:
  case NodeKind::TokenMinusAssign:
    return Op::Sub;
  case NodeKind::TokenStar:
  case NodeKind::TokenStarAssign:
    return Op::Mul;
  case NodeKind::TokenSlash:
  case NodeKind::TokenSlashAssign:
    return Op::Div;
  case NodeKind::TokenSlashSlash:
  case NodeKind::TokenSlashSlashAssign:
    return Op::FloorDiv;
  case NodeKind::TokenPercent:
  case NodeKind::TokenPercentAssign:
    return Op::Mod;
  case NodeKind::TokenStarStar:
  case NodeKind::TokenStarStarAssign:
    return Op::Pow;
  case NodeKind::TokenAt:
  case NodeKind::TokenAtAssign:
    return Op::MatMul;
  case NodeKind::TokenAmpersand:
  case NodeKind::TokenAmpersandAssign:
    return Op::BitAnd;
  case NodeKind::TokenBar:
  case NodeKind::TokenBarAssign:
    return Op::BitOr;
  case NodeKind::TokenCaret:
  case NodeKind::TokenCaretAssign:
    return Op::BitXor;
  case NodeKind::TokenShiftLeft:
  case NodeKind::TokenShiftLeftAssign:
    return Op::ShiftLeft;
  case NodeKind::TokenShiftRight:
  case NodeKind::TokenShiftRightAssign:
    return Op::ShiftRight;
  case NodeKind::TokenLess:
    return Op::Less;
  case NodeKind::TokenLessEqual:
    return Op::LessEqual;
  case NodeKind::TokenEqualEqual:
    return Op::Equal;
  case NodeKind::TokenNotEqual:
  case NodeKind::TokenLessGreater:
    return Op::NotEqual;
  case NodeKind::TokenGreaterEqual:
    return Op::GreaterEqual;
  case NodeKind::TokenGreater:
    return Op::Greater;
  case NodeKind::TokenIn:
    return Op::In;
  case NodeKind::TokenNotIn:
    return Op::NotIn;
  case NodeKind::TokenIs:
    return Op::Is;
  case NodeKind::TokenIsNot:
    return Op::IsNot;
  default:
    return Op::None;
  }
}

static Op UnaryOpOf(NodeKind token) {
  switch (token) {
  case NodeKind::TokenMinus:
    return Op::Negative;
  case NodeKind::TokenPlus:
    return Op::Positive;
  default:
    return Op::Invert;
  }
}

// The first operator token directly in `node`; `node` itself when there is none.
uint32_t ExpressionBuilder::OperatorOf(uint32_t node) const {
  for (uint32_t i = node + 1, end = At(node).subtree_end; i < end; i = At(i).subtree_end) {
    if (IsToken(At(i).kind)) {
      return i;
    }
  }
  return node;
}

bool ExpressionBuilder::BuildOperator(const Task &task, const Node &node) {
  switch (node.kind) {
  case NodeKind::NotOperator:
    BuildWithChildren(task, ExprKind::Not);
    return true;
  case NodeKind::UnaryOperator:
    BuildWithChildren(task, ExprKind::Unary, UnaryOpOf(At(OperatorOf(task.node)).kind));
    return true;
  case NodeKind::BinaryOperator:
    BuildWithChildren(task, ExprKind::Binary, OperatorOfToken(At(OperatorOf(task.node)).kind));
    return true;
  case NodeKind::BooleanOperator:
    BuildBoolean(task);
    return true;
  case NodeKind::ComparisonOperator:
    BuildCompare(task);
    return true;
  default:
    return false;
  }
}

// `a and b and c` is parsed as `(a and b) and c`; here it is one And.
void ExpressionBuilder::BuildBoolean(const Task &task) {
  const NodeKind token = At(OperatorOf(task.node)).kind;
  llvm::SmallVector<uint32_t, 8> operands;
  uint32_t node = task.node;
  while (At(node).kind == NodeKind::BooleanOperator && At(OperatorOf(node)).kind == token) {
    const llvm::SmallVector<uint32_t, 8> children = Children(node);
    operands.push_back(children.back());
    node = children.front();
  }
  operands.push_back(node);
  std::reverse(operands.begin(), operands.end());
  const ExprId id = Make(task, token == NodeKind::TokenAnd ? ExprKind::And : ExprKind::Or);
  PushChildren(task, id, operands);
}

void ExpressionBuilder::BuildCompare(const Task &task) {
  llvm::SmallVector<uint32_t, 4> operators;
  for (uint32_t i = task.node + 1, end = At(task.node).subtree_end; i < end;
       i = At(i).subtree_end) {
    if (IsToken(At(i).kind)) {
      operators.push_back(i);
      python2_ |= At(i).kind == NodeKind::TokenLessGreater;
    }
  }
  const llvm::SmallVector<uint32_t, 8> operands = Children(task.node);
  if (operators.size() == 1) {
    return BuildWithChildren(task, ExprKind::Compare, OperatorOfToken(At(operators[0]).kind));
  }
  const ExprId chain = Make(task, ExprKind::And);
  const uint16_t depth = static_cast<uint16_t>(task.depth + 2);
  for (size_t i = 0; i < operators.size(); ++i) {
    Expr compare;
    compare.kind = ExprKind::Compare;
    compare.op = OperatorOfToken(At(operators[i]).kind);
    compare.begin = Relative(At(operands[i]).begin);
    compare.end = Relative(At(operands[i + 1]).end);
    const ExprId id = Append(chain, compare);
    tasks_.push_back({.node = operands[i + 1], .parent = id, .depth = depth});
    const Node &left = At(operands[i]);
    const bool said_before = i > 0 && left.subtree_end - operands[i] > kMaxRepeatedNodes;
    // Below the limit of depth nothing is built: an Opaque.
    tasks_.push_back(
        {.node = operands[i], .parent = id, .depth = said_before ? kOpaqueDepth : depth});
  }
}

// A template whose constant parts may be parts of a dotted path.
static bool MayBePath(llvm::StringRef text) {
  return llvm::all_of(text,
                      [](char c) { return IsWordByte(c) || c == '.' || c == '{' || c == '}'; });
}

// What `part` says behind the first interpolation. `{!}` stands for one that is formatted.
void ExpressionBuilder::AppendRest(const StringLiteral &literal, uint32_t part, bool constant,
                                   TokenText &rest) const {
  const size_t body_begin = static_cast<size_t>(literal.body.data() - text_.data());
  size_t at = body_begin;
  for (uint32_t interpolation : Children(part)) {
    const Node &node = At(interpolation);
    if (!constant) {
      AppendValue(literal, text_.slice(at, node.begin), rest);
    }
    constant = false;
    const llvm::SmallVector<uint32_t, 8> inner = Children(interpolation);
    const llvm::StringRef behind =
        inner.empty() ? "!" : text_.slice(At(inner.back()).end, node.end).trim();
    rest += inner.size() == 1 && behind == "}" ? "{}" : "{!}";
    at = node.end;
  }
  if (!constant) {
    AppendValue(literal, text_.slice(at, body_begin + literal.body.size()), rest);
  }
}

void ExpressionBuilder::BuildString(const Task &task) {
  const bool joined = At(task.node).kind == NodeKind::ConcatenatedString;
  const llvm::SmallVector<uint32_t, 8> parts =
      joined ? Children(task.node) : llvm::SmallVector<uint32_t, 8>{task.node};
  ExprKind kind = ExprKind::String;
  bool constant = true; // no interpolation yet
  llvm::SmallVector<uint32_t, 8> interpolations;
  TokenText value;
  TokenText rest; // from the first interpolation on, `{}` for each
  for (uint32_t part : parts) {
    const StringLiteral literal = SplitLiteral(Text(part));
    if (literal.format) {
      kind = ExprKind::FString;
      interpolations.append(Children(part));
    } else if (literal.bytes) {
      kind = ExprKind::Bytes;
    }
    llvm::StringRef body = literal.body;
    if (constant && !interpolations.empty()) {
      const size_t begin = static_cast<size_t>(body.data() - text_.data());
      body = body.take_front(At(interpolations.front()).begin - begin);
    }
    if (constant) {
      AppendValue(literal, body, value);
    }
    AppendRest(literal, part, constant, rest);
    constant = interpolations.empty();
  }
  const ExprId id = Make(task, kind);
  exprs_[id].text = names_.Intern(value);
  if (!interpolations.empty() && MayBePath(rest)) {
    LeafUnder(id, ExprKind::Opaque, names_.Intern(rest), task.node);
  }
  PushChildren(task, id, interpolations);
}

} // namespace pydefrag
