// StatementParser's compound headers and definitions: see statement.h.
#include "scan/syntax/statement.h"

namespace pydefrag {

void StatementParser::FillHeader(Statement &statement, uint32_t node) {
  switch (tree_.nodes[node].kind) {
  case NodeKind::IfStatement:
    statement.kind = StatementKind::If;
    return Operands(Parts(node));
  case NodeKind::ElifClause:
    statement.kind = StatementKind::Elif;
    return Operands(Parts(node));
  case NodeKind::ElseClause:
    statement.kind = StatementKind::Else;
    return;
  case NodeKind::ForStatement:
    statement.kind = StatementKind::For;
    return Operands(Parts(node));
  case NodeKind::WhileStatement:
    statement.kind = StatementKind::While;
    return Operands(Parts(node));
  case NodeKind::TryStatement:
    statement.kind = StatementKind::Try;
    return;
  case NodeKind::FinallyClause:
    statement.kind = StatementKind::Finally;
    return;
  case NodeKind::MatchStatement:
    statement.kind = StatementKind::Match;
    return OneOperand(node);
  case NodeKind::ExceptClause:
    return FillExcept(statement, node);
  case NodeKind::WithStatement:
    statement.kind = StatementKind::With;
    return FillWith(node);
  case NodeKind::CaseClause:
    statement.kind = StatementKind::Case;
    return FillCase(node);
  default:
    statement.kind = StatementKind::Error;
  }
}

void StatementParser::FillDefinition(Statement &statement, uint32_t node) {
  const bool is_class = tree_.nodes[node].kind == NodeKind::ClassDefinition;
  statement.kind = is_class ? StatementKind::Class : StatementKind::Function;
  const ExprId before(syntax_.exprs.size());
  for (uint32_t child : expressions_.Children(node)) {
    switch (tree_.nodes[child].kind) {
    case NodeKind::Identifier:
      SetText(statement, child);
      break;
    case NodeKind::ArgumentList:
      Operands(expressions_.Children(child));
      break;
    case NodeKind::Parameters:
    case NodeKind::TypeParameter:
    case NodeKind::Type:
      expressions_.WalrusesOf(child);
      break;
    default:
      break;
    }
  }
  if (is_class && before.index < static_cast<int32_t>(syntax_.exprs.size())) {
    statement.bases = before;
  }
}

// `except A as e` is given as one as_pattern, as value and alias, or as a list with commas.
void StatementParser::FillExcept(Statement &statement, uint32_t node) {
  statement.kind = StatementKind::Except;
  for (uint32_t i = node + 1; i < tree_.nodes[node].subtree_end; i = tree_.nodes[i].subtree_end) {
    if (tree_.nodes[i].kind == NodeKind::TokenStar) {
      statement.kind = StatementKind::ExceptStar;
    }
  }
  llvm::SmallVector<uint32_t, 8> parts = Parts(node);
  if (parts.size() == 1 && tree_.nodes[parts[0]].kind == NodeKind::AsPattern) {
    parts = expressions_.Children(parts[0]);
  } else if ((tree_.nodes[node].flags & kHasComma) != 0) {
    return OneOperand(node);
  }
  if (parts.empty()) {
    return;
  }
  expressions_.Operand(parts[0]);
  if (parts.size() == 2) {
    const uint32_t end = tree_.nodes[parts[1]].subtree_end;
    const bool bare = end == parts[1] + 1 || end == parts[1] + 2;
    if (bare && tree_.nodes[end - 1].kind == NodeKind::Identifier) {
      return SetText(statement, end - 1);
    }
    statement.kind = StatementKind::Error; // `except A as b.c`
  }
}

// `with (a as b, c as d):` may come as one item that is a tuple or a parenthesis.
void StatementParser::FillWith(uint32_t node) {
  for (uint32_t clause : Parts(node)) {
    const llvm::SmallVector<uint32_t, 8> items = expressions_.Children(clause);
    for (uint32_t item : items) {
      const llvm::SmallVector<uint32_t, 8> values = expressions_.Children(item);
      const bool tuple =
          items.size() == 1 && values.size() == 1 && tree_.nodes[values[0]].kind == NodeKind::Tuple;
      Operands(tuple ? expressions_.Children(values[0]) : values);
    }
  }
}

void StatementParser::FillCase(uint32_t node) {
  llvm::SmallVector<uint32_t, 8> parts = Parts(node);
  const bool has_guard = !parts.empty() && tree_.nodes[parts.back()].kind == NodeKind::IfClause;
  const uint32_t guard = has_guard ? parts.pop_back_val() : 0;
  if (parts.size() > 1 || (!parts.empty() && (tree_.nodes[node].flags & kHasComma) != 0)) {
    expressions_.TupleOperand(parts);
  } else {
    Operands(parts);
  }
  if (has_guard) {
    expressions_.Operand(guard);
  }
}

} // namespace pydefrag
