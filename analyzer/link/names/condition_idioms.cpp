// Conditions that are known by how they are spelled (conditions.h).
#include "base/identifier.h"
#include "link/names/conditions.h"

namespace pydefrag {

bool IsTypeCheckingTest(const SyntaxView &view, ExprId condition) {
  if (view.Is(condition, ExprKind::Or)) { // `if TYPE_CHECKING or X`
    for (ExprId child : view.Children(condition)) {
      if (IsTypeCheckingTest(view, child)) {
        return true;
      }
    }
    return false;
  }
  if (view.Is(condition, ExprKind::And)) {
    return IsTypeCheckingTest(view, view.Child(condition));
  }
  const auto dotted = view.Dotted(condition);
  const llvm::StringRef last = dotted ? LastPart(*dotted) : "";
  return last == "TYPE_CHECKING" || last == "MYPY";
}

bool IsMainGuard(const SyntaxView &view, ExprId condition) {
  if (!view.Is(condition, ExprKind::Compare) || view.At(condition).op != Op::Equal) {
    return false;
  }
  const ExprId a = view.Child(condition, 0);
  const ExprId b = view.Child(condition, 1);
  auto matches = [&](ExprId name, ExprId text) {
    const auto value = view.String(text);
    return view.IsName(name, "__name__") && value && *value == "__main__";
  };
  return matches(a, b) || matches(b, a);
}

} // namespace pydefrag
