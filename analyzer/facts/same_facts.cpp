#include "facts/same_facts.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <tuple>
#include <utility>

namespace pydefrag {

// Trees are compared side by side, without recursion: `next` leads to the siblings.
static bool SameExprs(const SyntaxTable &syntax, ExprId a, ExprId b) {
  llvm::SmallVector<std::pair<ExprId, ExprId>, 16> open{{a, b}};
  while (!open.empty()) {
    const auto [x, y] = open.pop_back_val();
    if (x == y) {
      continue;
    }
    if (!x.valid() || !y.valid()) {
      return false;
    }
    const Expr &left = syntax.exprs[x];
    const Expr &right = syntax.exprs[y];
    if (std::tie(left.kind, left.op, left.text) != std::tie(right.kind, right.op, right.text)) {
      return false;
    }
    open.push_back({left.child, right.child});
    open.push_back({left.next, right.next});
  }
  return true;
}

static bool SameStatement(const SyntaxTable &syntax, StatementId a, StatementId b) {
  if (a == b) {
    return true;
  }
  const Statement &left = syntax.statements[a];
  const Statement &right = syntax.statements[b];
  return std::tie(left.kind, left.op, left.level, left.reduced, left.async, left.text) ==
             std::tie(right.kind, right.op, right.level, right.reduced, right.async, right.text) &&
         left.bases.valid() == right.bases.valid() && SameExprs(syntax, left.first, right.first);
}

static bool SameComment(const Suppression &a, const Suppression &b) {
  return std::tie(a.own_line, a.whole_file, a.noqa, a.codes, a.reason) ==
         std::tie(b.own_line, b.whole_file, b.noqa, b.codes, b.reason);
}

bool SameFacts(const SyntaxTable &syntax, const ModuleFacts &a, const ModuleFacts &b) {
  const auto key = [](const ModuleFacts &facts) {
    return std::tie(facts.state, facts.python2, facts.error_message, facts.has_main_guard,
                    facts.has_shebang, facts.own_environment);
  };
  return key(a) == key(b) && a.statements.size() == b.statements.size() &&
         llvm::equal(a.suppressions, b.suppressions, SameComment) &&
         llvm::all_of(llvm::zip(a.statements, b.statements), [&](const auto &pair) {
           const PlacedStatement &left = std::get<0>(pair);
           const PlacedStatement &right = std::get<1>(pair);
           return std::tie(left.end, left.parent, left.lazy) ==
                      std::tie(right.end, right.parent, right.lazy) &&
                  SameStatement(syntax, left.statement, right.statement);
         });
}

} // namespace pydefrag
