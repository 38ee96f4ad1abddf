// Resolver: names that another arm of the same `if` binds.
#include "facts/headers_around.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// Whether an import in the subtree, or a definition or assignment, binds `local` and does not fail.
static bool Binds(const SyntaxView &view, const Statement &statement, NameId local) {
  switch (statement.kind) {
  case StatementKind::Function:
  case StatementKind::Class:
    return statement.text == local;
  case StatementKind::Assign:
  case StatementKind::AnnAssign:
    return view.Is(statement.first, ExprKind::Name) && view.At(statement.first).text == local &&
           view.Next(statement.first).valid();
  case StatementKind::Import:
  case StatementKind::FromImport:
    return llvm::any_of(view.Operands(statement), [&](ExprId alias) {
      const ExprId as = view.Child(alias);
      const llvm::StringRef plain = view.TextOf(alias);
      return as.valid()
                 ? view.At(as).text == local
                 : view.Is(alias, ExprKind::Alias) && plain.split('.').first == view.Text(local);
    });
  default:
    return false;
  }
}

bool Resolver::IsBoundInOtherArm(ModuleId module, uint32_t statement, NameId local) {
  const auto &statements = project_.StatementsOf(module);
  auto is_arm = [&](uint32_t header) {
    const StatementKind kind = view_.Of(statements[header]).kind;
    return kind == StatementKind::If || kind == StatementKind::Elif || kind == StatementKind::Else;
  };
  auto binds = [&](uint32_t header) {
    for (uint32_t i = header + 1; i < statements[header].end;) {
      const Statement &inner = view_.Of(statements[i]);
      if (Binds(view_, inner, local) && FailureOf(module, i) == ImportFailure::None) {
        return true;
      }
      const bool body = inner.kind == StatementKind::Function || inner.kind == StatementKind::Class;
      i = body ? statements[i].end : i + 1;
    }
    return false;
  };
  for (uint32_t own : HeadersAround(statements, statement)) {
    if (!is_arm(own) || ArmTaken(module, own) != Tri::Unknown) {
      continue;
    }
    uint32_t arm = Log(module).FirstArm(own);
    for (bool first = true;
         arm < statements.size() && statements[arm].parent == statements[own].parent &&
         is_arm(arm) && (first || view_.Of(statements[arm]).kind != StatementKind::If);
         arm = statements[arm].end, first = false) {
      if (arm != own && binds(arm)) {
        return true;
      }
    }
  }
  return false;
}

} // namespace pydefrag
