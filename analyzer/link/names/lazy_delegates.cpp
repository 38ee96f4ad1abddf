#include "link/names/lazy_delegates.h"

namespace pydefrag {

static bool IsImport(const Statement &statement) {
  return statement.kind == StatementKind::Import || statement.kind == StatementKind::FromImport;
}

// The name that an import binds in front of any dot.
static llvm::StringRef BoundBy(const SyntaxView &view, ExprId alias) {
  const ExprId as = view.Child(alias);
  return as.valid() ? view.TextOf(as) : view.TextOf(alias).split('.').first;
}

std::optional<LazyDelegate> ReadDelegate(const SyntaxView &view,
                                         llvm::ArrayRef<PlacedStatement> statements, uint32_t hook,
                                         ExprId value) {
  const auto arguments =
      view.Callee(value) == "getattr" ? view.Arguments(value) : llvm::SmallVector<ExprId, 4>();
  if (arguments.size() < 2 || arguments.size() > 3 || !view.Is(arguments[1], ExprKind::Name) ||
      !view.Dotted(arguments[0])) {
    return std::nullopt;
  }
  const ExprId root = view.RootOf(arguments[0]);
  LazyDelegate delegate{arguments[0], view.At(arguments[1]).text, ExprId(), 0};
  for (uint32_t i = hook + 1; i < statements[hook].end; ++i) {
    const Statement &statement = view.Of(statements[i]);
    for (ExprId alias :
         IsImport(statement) ? view.Operands(statement) : llvm::SmallVector<ExprId, 8>()) {
      if (!view.IsName(root, BoundBy(view, alias))) {
        continue;
      }
      const bool whole = root == arguments[0] && !delegate.alias.valid() &&
                         (view.Child(alias).valid() || !view.TextOf(alias).contains('.'));
      if (!whole) {
        return std::nullopt;
      }
      delegate.alias = alias;
      delegate.statement = i;
    }
  }
  return delegate;
}

bool IsBoundInHook(const SyntaxView &view, llvm::ArrayRef<PlacedStatement> statements,
                   uint32_t hook, NameId name) {
  if (hook >= statements.size()) {
    return true;
  }
  for (uint32_t i = hook + 1; i < statements[hook].end; ++i) {
    const Statement &statement = view.Of(statements[i]);
    const auto operands = view.Operands(statement);
    switch (statement.kind) {
    case StatementKind::Import:
    case StatementKind::FromImport:
      for (ExprId alias : operands) {
        if (BoundBy(view, alias) == view.Text(name)) {
          return true;
        }
      }
      break;
    case StatementKind::Assign:
    case StatementKind::AnnAssign:
    case StatementKind::AugAssign:
    case StatementKind::For:
      for (ExprId target : llvm::ArrayRef(operands).drop_back()) {
        if (!view.Is(target, ExprKind::Name) || view.At(target).text == name) {
          return true; // perhaps within a pattern
        }
      }
      break;
    case StatementKind::With:
    case StatementKind::Function:
    case StatementKind::Class:
    case StatementKind::Global:
    case StatementKind::Delete:
      return true;
    default:
      break;
    }
  }
  return false;
}

} // namespace pydefrag
