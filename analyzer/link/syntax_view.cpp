#include "link/syntax_view.h"

#include "facts/headers_around.h"

namespace pydefrag {

ExprId SyntaxView::Child(ExprId id, int n) const {
  ExprId child = At(id).child;
  for (; n > 0 && child.valid(); --n) {
    child = At(child).next;
  }
  return child;
}

llvm::SmallVector<ExprId, 8> SyntaxView::Siblings(ExprId first) const {
  llvm::SmallVector<ExprId, 8> all;
  for (ExprId id = first; id.valid(); id = At(id).next) {
    all.push_back(id);
  }
  return all;
}

ExprId SyntaxView::LastOperand(const Statement &statement) const {
  ExprId last = statement.first;
  while (last.valid() && At(last).next.valid()) {
    last = At(last).next;
  }
  return last;
}

std::optional<std::string> SyntaxView::Dotted(ExprId id) const {
  llvm::SmallVector<llvm::StringRef, 8> parts;
  for (; id.valid(); id = At(id).child) {
    const Expr &expr = At(id);
    if (expr.kind == ExprKind::Name) {
      std::string dotted = Text(expr.text).str();
      for (auto it = parts.rbegin(); it != parts.rend(); ++it) {
        dotted += '.';
        dotted += *it;
      }
      return dotted;
    }
    if (expr.kind != ExprKind::Attribute) {
      return std::nullopt;
    }
    parts.push_back(Text(expr.text));
  }
  return std::nullopt;
}

std::optional<std::string> SyntaxView::Callee(ExprId id) const {
  return Is(id, ExprKind::Call) ? Dotted(Child(id)) : std::nullopt;
}

NameId SyntaxView::CalledName(ExprId id) const {
  const ExprId callee = Is(id, ExprKind::Call) ? Child(id) : ExprId();
  const bool named = Is(callee, ExprKind::Name) || Is(callee, ExprKind::Attribute);
  return named ? At(callee).text : NameId();
}

llvm::SmallVector<ExprId, 4> SyntaxView::Arguments(ExprId call) const {
  llvm::SmallVector<ExprId, 4> arguments;
  for (ExprId id = Next(Child(call)); id.valid(); id = Next(id)) {
    if (At(id).kind != ExprKind::Keyword && At(id).kind != ExprKind::DoubleSplat) {
      arguments.push_back(id);
    }
  }
  return arguments;
}

ExprId SyntaxView::KeywordArgument(ExprId call, llvm::StringRef name) const {
  for (ExprId id = Next(Child(call)); id.valid(); id = Next(id)) {
    if (At(id).kind == ExprKind::Keyword && TextOf(id) == name) {
      return Child(id);
    }
  }
  return ExprId();
}

std::optional<llvm::StringRef> SyntaxView::String(ExprId id) const {
  return Is(id, ExprKind::String) ? std::optional(TextOf(id)) : std::nullopt;
}

std::optional<llvm::SmallVector<NameId, 16>> SyntaxView::StringItems(ExprId id) const {
  if (!id.valid()) {
    return std::nullopt;
  }
  const ExprKind kind = At(id).kind;
  if (kind != ExprKind::List && kind != ExprKind::Tuple && kind != ExprKind::Set) {
    return std::nullopt;
  }
  llvm::SmallVector<NameId, 16> names;
  for (ExprId item = Child(id); item.valid(); item = Next(item)) {
    if (At(item).kind != ExprKind::String) {
      return std::nullopt;
    }
    names.push_back(At(item).text);
  }
  return names;
}

void SyntaxView::WalkFrom(ExprId first, Roots roots, Lambdas lambdas,
                          llvm::function_ref<void(ExprId)> visit) const {
  llvm::SmallVector<ExprId, 32> stack; // siblings to go on with
  bool alone = roots == Roots::One;    // `id` is a root whose siblings do not count
  for (ExprId id = first; id.valid() || !stack.empty(); alone = false) {
    if (!id.valid()) {
      id = stack.pop_back_val();
    }
    visit(id);
    const Expr &expr = At(id);
    const ExprId next = alone ? ExprId() : expr.next;
    const bool enter = lambdas == Lambdas::Enter || expr.kind != ExprKind::Lambda;
    if (!enter || !expr.child.valid()) {
      id = next;
      continue;
    }
    if (next.valid()) {
      stack.push_back(next);
    }
    id = expr.child;
  }
}

void SyntaxView::Walk(const Statement &statement, llvm::function_ref<void(ExprId)> visit) const {
  WalkFrom(statement.first, Roots::Siblings, Lambdas::Skip, visit);
}

void SyntaxView::Walk(ExprId root, llvm::function_ref<void(ExprId)> visit) const {
  WalkFrom(root, Roots::One, Lambdas::Skip, visit);
}

void SyntaxView::WalkAll(const Statement &statement, llvm::function_ref<void(ExprId)> visit) const {
  WalkFrom(statement.first, Roots::Siblings, Lambdas::Enter, visit);
}

void SyntaxView::WalkAll(ExprId root, llvm::function_ref<void(ExprId)> visit) const {
  WalkFrom(root, Roots::One, Lambdas::Enter, visit);
}

bool SyntaxView::IsConstant(ExprId id) const {
  return Is(id, ExprKind::Number) || Is(id, ExprKind::String) || Is(id, ExprKind::None) ||
         Is(id, ExprKind::True) || Is(id, ExprKind::False);
}

ExprId SyntaxView::RootOf(ExprId id) const {
  while (Is(id, ExprKind::Attribute)) {
    id = Child(id);
  }
  return id;
}

bool SyntaxView::StandsInDefinition(llvm::ArrayRef<PlacedStatement> statements, uint32_t i) const {
  return llvm::any_of(HeadersAround(statements, i), [&](uint32_t header) {
    const StatementKind kind = Of(statements[header]).kind;
    return kind == StatementKind::Class || kind == StatementKind::Function;
  });
}

} // namespace pydefrag
