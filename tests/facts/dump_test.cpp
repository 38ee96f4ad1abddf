// The text form of facts, from tables made by hand.
#include "facts/dump.h"

#include <gtest/gtest.h>

namespace pydefrag {

TEST(DumpExpr, PrintsChildrenInOrder) {
  SyntaxTable syntax;
  NameTable names;
  const ExprId call = syntax.exprs.push_back({.kind = ExprKind::Call});
  const ExprId callee = syntax.exprs.push_back({.kind = ExprKind::Name, .text = names.Intern("f")});
  const ExprId text =
      syntax.exprs.push_back({.kind = ExprKind::String, .text = names.Intern("a\n\"b")});
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
  const StatementId with_id = syntax.statements.push_back(with);
  Statement add;
  add.kind = StatementKind::AugAssign;
  add.op = Op::Add;
  add.first = syntax.exprs.push_back(
      {.kind = ExprKind::Name, .text = names.Intern("x"), .begin = 0, .end = 1});
  const StatementId add_id = syntax.statements.push_back(add);
  ModuleFacts facts;
  facts.state = FileState::Uncertain;
  facts.has_main_guard = true;
  facts.statements.push_back(
      {.statement = with_id, .begin = 3, .head = 5, .line = 1, .last_line = 2, .end = 2});
  facts.statements.push_back({.statement = add_id,
                              .begin = 9,
                              .head = 9,
                              .line = 3,
                              .last_line = 3,
                              .end = 2,
                              .parent = 0});
  facts.suppressions.push_back({.begin = 20, .end = 30, .line = 4, .codes = {"DFG201"}});
  EXPECT_EQ(DumpFacts(facts, syntax, names), "uncertain\n"
                                             "main guard\n"
                                             "suppression 20-30 line 4 DFG201\n"
                                             "1-2 [3,5] with async reduced\n"
                                             "  3 [9] aug-assign += (name x)@0-1\n");
}

} // namespace pydefrag
