// Asked names: while a hook is executed on paper, which of its variables stand for the name that is
// asked for, and which ones for known strings.
#pragma once

#include "link/syntax_view.h"

#include "llvm/ADT/SmallVector.h"

#include <vector>

namespace pydefrag {

class AskedNames {
public:
  explicit AskedNames(const SyntaxView &view) : view_(view) {}

  // What is assigned is not what was asked for any more; the names in the target.
  llvm::SmallVector<NameId, 2> Change(ExprId target);
  // How many names were changed; grows only.
  size_t changes() const { return changed_.size(); }

  // The parameter's name is not in the facts: any name counts as it that nothing else is assigned
  // to.
  bool IsAsked(ExprId id) const;

  // `for key, text in {KEY: "text"}.items()`, `for text in ("a", "b")`
  void BindTexts(ExprId target, ExprId iterable);
  // The strings that a variable of such a loop goes through, or null.
  const std::vector<NameId> *TextsOf(ExprId id) const;

private:
  struct Texts {
    NameId name;
    std::vector<NameId> texts;
  };

  const SyntaxView &view_;
  llvm::SmallVector<NameId, 2> changed_;
  llvm::SmallVector<Texts, 2> texts_;
};

} // namespace pydefrag
