#include "link/names/literal_choices.h"

namespace pydefrag {

llvm::SmallVector<NameId, 4> LiteralChoices(const SyntaxView &view, ExprId expr) {
  llvm::SmallVector<NameId, 4> strings;
  llvm::SmallVector<ExprId, 8> choices{expr};
  while (!choices.empty()) {
    const ExprId choice = choices.pop_back_val();
    const ExprId display = view.Is(choice, ExprKind::Subscript) ? view.Child(choice) : ExprId();
    if (view.Is(choice, ExprKind::String)) {
      strings.push_back(view.At(choice).text);
    } else if (view.Is(choice, ExprKind::Conditional)) {
      choices.append({view.Child(choice), view.Child(choice, 2)});
    } else if (view.Is(display, ExprKind::Dict)) {
      for (ExprId pair : view.Children(display)) {
        choices.push_back(view.Is(pair, ExprKind::Pair) ? view.Child(pair, 1) : pair);
      }
    } else {
      return {};
    }
  }
  return strings;
}

} // namespace pydefrag
