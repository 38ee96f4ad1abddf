// Small readers of compact syntax (facts/syntax.h): children, dotted names, calls. No meaning here.
#pragma once

#include "facts/facts.h"
#include "scan/scan.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace pydefrag {

inline bool IsHandler(StatementKind kind) {
  return kind == StatementKind::Except || kind == StatementKind::ExceptStar;
}

// An arm that runs when a condition holds and those of the arms before it do not.
inline bool IsConditional(StatementKind kind) {
  return kind == StatementKind::If || kind == StatementKind::Elif || kind == StatementKind::Else ||
         kind == StatementKind::Case;
}

class SyntaxView {
public:
  explicit SyntaxView(const Scanned &scanned) : scanned_(scanned) {}

  const Expr &At(ExprId id) const { return scanned_.syntax.exprs[id]; }
  const Statement &At(StatementId id) const { return scanned_.syntax.statements[id]; }
  const Statement &Of(const PlacedStatement &placed) const { return At(placed.statement); }
  llvm::StringRef Text(NameId name) const { return scanned_.names.Text(name); }
  llvm::StringRef TextOf(ExprId id) const { return Text(At(id).text); }

  bool Is(ExprId id, ExprKind kind) const { return id.valid() && At(id).kind == kind; }
  bool IsName(ExprId id, llvm::StringRef text) const {
    return Is(id, ExprKind::Name) && TextOf(id) == text;
  }
  ExprId Child(ExprId id) const { return At(id).child; }
  ExprId Next(ExprId id) const { return At(id).next; }
  ExprId Child(ExprId id, int n) const;

  // All children of `id`; all operands of a statement.
  llvm::SmallVector<ExprId, 8> Children(ExprId id) const { return Siblings(At(id).child); }
  llvm::SmallVector<ExprId, 8> Operands(const Statement &statement) const {
    return Siblings(statement.first);
  }
  ExprId LastOperand(const Statement &statement) const;

  // A number, a string, None, True or False.
  bool IsConstant(ExprId id) const;
  // `a` of `a.b.c`: what the chain of Attributes begins with.
  ExprId RootOf(ExprId id) const;
  // "a.b.c" of a Name or a chain of Attributes on a Name; nothing for anything else.
  std::optional<std::string> Dotted(ExprId id) const;
  // "a.b" of the callee of a Call; nothing for other expressions.
  std::optional<std::string> Callee(ExprId id) const;
  // `b` of a call of `b(...)` or `a.b(...)`; invalid for other expressions.
  NameId CalledName(ExprId id) const;
  // Whether one of a file's statements stands in a function or class.
  bool StandsInDefinition(llvm::ArrayRef<PlacedStatement> statements, uint32_t i) const;
  // Whether it is a call of a plain name: `name(...)`.
  bool Calls(ExprId id, llvm::StringRef name) const {
    return Is(id, ExprKind::Call) && IsName(Child(id), name);
  }
  // Positional arguments of a Call (without Keyword and DoubleSplat), in order.
  llvm::SmallVector<ExprId, 4> Arguments(ExprId call) const;
  // The value of keyword argument `name` of a Call; invalid when not given.
  ExprId KeywordArgument(ExprId call, llvm::StringRef name) const;
  // The value of a String literal.
  std::optional<llvm::StringRef> String(ExprId id) const;
  // The strings of a list, tuple or set display of string literals (Splat: nothing).
  std::optional<llvm::SmallVector<NameId, 16>> StringItems(ExprId id) const;

  // Every expression of a statement, parents before children, in source order. What stands in a
  // lambda is only visited by WalkAll: it does not run where it stands.
  void Walk(const Statement &statement, llvm::function_ref<void(ExprId)> visit) const;
  void Walk(ExprId root, llvm::function_ref<void(ExprId)> visit) const;
  void WalkAll(const Statement &statement, llvm::function_ref<void(ExprId)> visit) const;
  void WalkAll(ExprId root, llvm::function_ref<void(ExprId)> visit) const;

private:
  llvm::SmallVector<ExprId, 8> Siblings(ExprId first) const;
  enum class Roots : uint8_t { One, Siblings };
  enum class Lambdas : uint8_t { Skip, Enter };
  void WalkFrom(ExprId first, Roots roots, Lambdas lambdas,
                llvm::function_ref<void(ExprId)> visit) const;

  const Scanned &scanned_;
};

} // namespace pydefrag
