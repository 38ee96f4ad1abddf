// The text form of facts, from tables made by hand.
#include "facts/dump.h"

#include <gtest/gtest.h>

namespace pydefrag {

static ExprId Add(SyntaxTable &syntax, ExprKind kind, NameId text = {}) {
  Expr expr;
  expr.kind = kind;
  expr.text = text;
  return syntax.exprs.push_back(expr);
}

TEST(DumpExpr, PrintsChildrenInOrder) {
  SyntaxTable syntax;
  NameTable names;
  const ExprId call = Add(syntax, ExprKind::Call);
  const ExprId callee = Add(syntax, ExprKind::Name, names.Intern("f"));
  const ExprId text = Add(syntax, ExprKind::String, names.Intern("a\n\"b"));
  syntax.exprs[call].child = callee;
  syntax.exprs[callee].next = text;
  EXPECT_EQ(DumpExpr(call, syntax, names), "(call (name f) (string \"a\\0A\\22b\"))");
  EXPECT_EQ(DumpExpr(ExprId(), syntax, names), "");
}

TEST(DumpFacts, PrintsStateStatementsAndSuppressions) {
  SyntaxTable syntax;
  NameTable names;
  Statement with;
  with.kind = StatementKind::With;
  with.async = true;
  with.reduced = true;
  Statement add;
  add.kind = StatementKind::AugAssign;
  add.op = Op::Add;
  add.first = Add(syntax, ExprKind::Name, names.Intern("x"));
  syntax.exprs[add.first].begin = 0;
  syntax.exprs[add.first].end = 1;
  ModuleFacts facts;
  facts.state = FileState::Uncertain;
  facts.has_main_guard = true;
  facts.statements.push_back({.statement = syntax.statements.push_back(with),
                              .begin = 3,
                              .head = 5,
                              .line = 1,
                              .last_line = 2,
                              .end = 2});
  facts.statements.push_back({.statement = syntax.statements.push_back(add),
                              .begin = 9,
                              .head = 9,
                              .line = 3,
                              .last_line = 3,
                              .end = 2,
                              .parent = 0});
  Suppression suppression;
  suppression.begin = 20;
  suppression.end = 30;
  suppression.line = 4;
  suppression.codes = {"DFG201"};
  facts.suppressions.push_back(suppression);
  EXPECT_EQ(DumpFacts(facts, syntax, names), "uncertain\n"
                                             "main guard\n"
                                             "suppression 20-30 line 4 DFG201\n"
                                             "1-2 [3,5] with async reduced\n"
                                             "  3 [9] aug-assign += (name x)@0-1\n");
}

} // namespace pydefrag
