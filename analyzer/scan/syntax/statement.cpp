// StatementParser: see statement.h. This file finds a statement's node in its tree and converts
// simple statements; headers are in header.cpp, where trees come from in statement_trees.cpp.
#include "scan/syntax/statement.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

// The outermost node that begins at `head`: the arm behind its prefix, the definition under its
// decorators. 0 when the text was taken for something else.
static uint32_t FindNode(const FlatTree &tree, uint32_t head) {
  for (uint32_t i = 1; i < tree.nodes.size(); ++i) {
    const Node &node = tree.nodes[i];
    if (node.begin < head || node.kind == NodeKind::Block) {
      continue;
    }
    return node.begin == head ? i : 0;
  }
  return 0;
}

ParsedStatement StatementParser::Convert(const ReducedStatement &unit) {
  constexpr uint32_t root = 1;
  text_ = unit.text;
  const uint32_t node = FindNode(tree_, unit.head);
  if (node == 0) {
    return NotUnderstood(unit);
  }
  ParsedStatement parsed;
  parsed.exprs_begin = ExprId(syntax_.exprs.size());
  Statement statement;
  statement.kind = unit.kind;
  statement.reduced = unit.reduced;
  statement.async = (tree_.nodes[node].flags & kIsAsync) != 0;
  python2_ = false;
  expressions_.Begin(tree_, text_, unit.head, statement.first);
  if (tree_.nodes[root].kind == NodeKind::DecoratedDefinition) {
    for (uint32_t child : expressions_.Children(root)) {
      if (tree_.nodes[child].kind == NodeKind::Decorator) {
        Operands(expressions_.Children(child));
      }
    }
  }
  Fill(statement, node);
  parsed.statement = syntax_.statements.push_back(statement);
  parsed.exprs_end = ExprId(syntax_.exprs.size());
  if (statement.kind == StatementKind::Error) {
    parsed.outcome = StatementOutcome::NotUnderstood;
  } else if (python2_ || expressions_.python2()) {
    parsed.outcome = StatementOutcome::Python2;
  }
  return parsed;
}

void StatementParser::Operands(llvm::ArrayRef<uint32_t> nodes) {
  for (uint32_t node : nodes) {
    expressions_.Operand(node);
  }
}

// `x` or `x, y`, which tree-sitter gives with or without a node of its own.
void StatementParser::OneOperand(uint32_t node) {
  const llvm::SmallVector<uint32_t, 8> parts = Parts(node);
  if (parts.size() > 1 || (!parts.empty() && (tree_.nodes[node].flags & kHasComma) != 0)) {
    expressions_.TupleOperand(parts);
  } else {
    Operands(parts);
  }
}

void StatementParser::SetText(Statement &statement, uint32_t node) {
  statement.text = expressions_.InternIdentifier(node);
  statement.text_begin = expressions_.Relative(tree_.nodes[node].begin);
  statement.text_end = expressions_.Relative(tree_.nodes[node].end);
}

llvm::SmallVector<uint32_t, 8> StatementParser::Parts(uint32_t node) const {
  llvm::SmallVector<uint32_t, 8> parts = expressions_.Children(node);
  llvm::erase_if(parts, [&](uint32_t part) {
    switch (tree_.nodes[part].kind) {
    case NodeKind::Block:
    case NodeKind::ElifClause:
    case NodeKind::ElseClause:
    case NodeKind::ExceptClause:
    case NodeKind::FinallyClause:
    case NodeKind::TypeParameter:
      return true;
    default:
      return false;
    }
  });
  return parts;
}

void StatementParser::Fill(Statement &statement, uint32_t node) {
  switch (tree_.nodes[node].kind) {
  case NodeKind::ImportStatement:
  case NodeKind::ImportFromStatement:
  case NodeKind::FutureImportStatement:
    return FillImport(statement, node);
  case NodeKind::ExpressionStatement:
    return FillExpressionStatement(statement, node);
  case NodeKind::PrintStatement: {
    // `print >>f, x` is an expression in Python 3 too.
    const llvm::SmallVector<uint32_t, 8> children = expressions_.Children(node);
    python2_ |= children.empty() || tree_.nodes[children.front()].kind != NodeKind::Chevron;
    statement.kind = StatementKind::Expression;
    expressions_.Operand(node);
    return;
  }
  case NodeKind::ExecStatement:
    python2_ = true;
    return;
  case NodeKind::FunctionDefinition:
  case NodeKind::ClassDefinition:
    return FillDefinition(statement, node);
  case NodeKind::IfStatement:
  case NodeKind::ElifClause:
  case NodeKind::ElseClause:
  case NodeKind::ForStatement:
  case NodeKind::WhileStatement:
  case NodeKind::TryStatement:
  case NodeKind::ExceptClause:
  case NodeKind::FinallyClause:
  case NodeKind::WithStatement:
  case NodeKind::MatchStatement:
  case NodeKind::CaseClause:
    return FillHeader(statement, node);
  default:
    return FillSimple(statement, node);
  }
}

void StatementParser::FillSimple(Statement &statement, uint32_t node) {
  const llvm::SmallVector<uint32_t, 8> parts = Parts(node);
  switch (tree_.nodes[node].kind) {
  case NodeKind::PassStatement:
  case NodeKind::BreakStatement:
  case NodeKind::ContinueStatement:
    statement.kind = StatementKind::Pass;
    statement.level = tree_.nodes[node].kind == NodeKind::PassStatement    ? 0
                      : tree_.nodes[node].kind == NodeKind::BreakStatement ? 1
                                                                           : 2;
    return;
  case NodeKind::GlobalStatement:
    statement.kind = StatementKind::Global;
    return Operands(parts);
  case NodeKind::NonlocalStatement:
    statement.kind = StatementKind::Nonlocal;
    return Operands(parts);
  case NodeKind::AssertStatement:
    statement.kind = StatementKind::Assert;
    return Operands(parts);
  case NodeKind::ReturnStatement:
    statement.kind = StatementKind::Return;
    return Operands(parts);
  case NodeKind::RaiseStatement:
    statement.kind = StatementKind::Raise;
    for (uint32_t part : parts) { // `raise X, "why"` is Python 2
      python2_ |= tree_.nodes[part].kind == NodeKind::ExpressionList;
    }
    return Operands(parts);
  case NodeKind::DeleteStatement:
    statement.kind = StatementKind::Delete;
    if (parts.size() == 1 && tree_.nodes[parts[0]].kind == NodeKind::ExpressionList) {
      return Operands(expressions_.Children(parts[0]));
    }
    return Operands(parts);
  case NodeKind::TypeAliasStatement: {
    statement.kind = StatementKind::TypeAlias;
    const uint32_t end = tree_.nodes[node].subtree_end;
    for (uint32_t i = node; i < end; ++i) {
      if (tree_.nodes[i].kind == NodeKind::Identifier) {
        return SetText(statement, i);
      }
    }
    return;
  }
  default:
    statement.kind = StatementKind::Error;
  }
}

void StatementParser::FillImport(Statement &statement, uint32_t node) {
  const bool from = tree_.nodes[node].kind != NodeKind::ImportStatement;
  statement.kind = from ? StatementKind::FromImport : StatementKind::Import;
  llvm::SmallVector<uint32_t, 8> children = expressions_.Children(node);
  if (tree_.nodes[node].kind == NodeKind::FutureImportStatement) {
    // The grammar has no node for the module: its place is where the word is in the text.
    const size_t at = text_.find("__future__", tree_.nodes[node].begin);
    statement.text = names_.Intern("__future__");
    statement.text_begin = expressions_.Relative(static_cast<uint32_t>(at));
    statement.text_end = statement.text_begin + 10;
  } else if (from) {
    const uint32_t module = children.front();
    children.erase(children.begin());
    statement.text_begin = expressions_.Relative(tree_.nodes[module].begin);
    statement.text_end = expressions_.Relative(tree_.nodes[module].end);
    if (tree_.nodes[module].kind == NodeKind::DottedName) {
      statement.text = expressions_.InternDotted(module);
    } else {
      FillRelativeModule(statement, module);
    }
  }
  for (uint32_t child : children) {
    FillAlias(child);
  }
}

void StatementParser::FillRelativeModule(Statement &statement, uint32_t node) {
  statement.text = names_.Intern("");
  for (uint32_t part : expressions_.Children(node)) {
    if (tree_.nodes[part].kind == NodeKind::ImportPrefix) {
      const size_t dots = expressions_.Text(part).count('.');
      statement.level = static_cast<uint8_t>(std::min<size_t>(dots, 255));
    } else {
      statement.text = expressions_.InternDotted(part);
    }
  }
}

void StatementParser::FillAlias(uint32_t node) {
  switch (tree_.nodes[node].kind) {
  case NodeKind::WildcardImport:
    expressions_.Leaf(ExprKind::Star, NameId(), node);
    return;
  case NodeKind::AliasedImport: {
    const llvm::SmallVector<uint32_t, 8> children = expressions_.Children(node);
    const ExprId alias =
        expressions_.Leaf(ExprKind::Alias, expressions_.InternDotted(children.front()), node);
    expressions_.LeafUnder(alias, ExprKind::Name, expressions_.InternIdentifier(children.back()),
                           children.back());
    return;
  }
  default:
    expressions_.Leaf(ExprKind::Alias, expressions_.InternDotted(node), node);
  }
}

// A string alone is a Docstring: readers see from its place whether it is one.
void StatementParser::FillExpressionStatement(Statement &statement, uint32_t node) {
  const llvm::SmallVector<uint32_t, 8> children = expressions_.Children(node);
  const NodeKind kind = children.size() == 1 && (tree_.nodes[node].flags & kHasComma) == 0
                            ? tree_.nodes[children[0]].kind
                            : NodeKind::None;
  if (kind == NodeKind::Assignment || kind == NodeKind::AugmentedAssignment) {
    return FillAssignment(statement, children[0]);
  }
  statement.kind = StatementKind::Expression;
  OneOperand(node);
  if (kind == NodeKind::String || kind == NodeKind::ConcatenatedString) {
    if (syntax_.exprs[statement.first].kind == ExprKind::String) {
      statement.kind = StatementKind::Docstring;
    }
  }
}

// `a = b = c` is parsed as `a = (b = c)`.
void StatementParser::FillAssignment(Statement &statement, uint32_t node) {
  if (tree_.nodes[node].kind == NodeKind::AugmentedAssignment) {
    statement.kind = StatementKind::AugAssign;
    for (uint32_t i = node + 1; i < tree_.nodes[node].subtree_end; i = tree_.nodes[i].subtree_end) {
      if (IsToken(tree_.nodes[i].kind)) {
        statement.op = OperatorOfToken(tree_.nodes[i].kind);
      }
    }
    return Operands(expressions_.Children(node));
  }
  statement.kind = StatementKind::Assign;
  for (bool more = true; more;) {
    more = false;
    for (uint32_t child : expressions_.Children(node)) {
      switch (tree_.nodes[child].kind) {
      case NodeKind::Type:
        statement.kind = StatementKind::AnnAssign;
        expressions_.WalrusesOf(child);
        break;
      case NodeKind::Assignment:
        node = child;
        more = true;
        break;
      case NodeKind::AugmentedAssignment: // `a = b += c`
        statement.kind = StatementKind::Error;
        break;
      default:
        expressions_.Operand(child);
      }
    }
  }
}

} // namespace pydefrag
