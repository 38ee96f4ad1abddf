// Hook variables: while a hook is executed on paper for a name that nothing serves, which of its
// variables stand for that name, which ones for known strings, and which ones for what is found
// for it in vain.
#pragma once

#include "link/syntax_view.h"

#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <vector>

namespace pydefrag {

// What a variable is for a name that nothing serves.
struct FoundInVain {
  std::optional<ExprId> nothing; // this value; invalid: None
  NameId words;                  // or the text of these words and the name
};

class HookVariables {
public:
  explicit HookVariables(const SyntaxView &view) : view_(view) {}

  // What is assigned is not what it was any more.
  void Change(ExprId target);
  // What a variable was found to be in vain counts no more: it stands for the name again.
  void Forget(ExprId target);
  // How many names were changed; grows only.
  size_t changes() const { return changed_.size(); }

  // The parameter's name is not in the facts: any name counts as it that nothing else is assigned
  // to.
  bool IsAsked(ExprId id) const;

  // `for key, text in {KEY: "text"}.items()`, `for text in ("a", "b")`
  void BindTexts(ExprId target, ExprId iterable);
  // The strings that a variable of such a loop goes through, or null.
  const std::vector<NameId> *TextsOf(ExprId id) const;

  // The displays of strings that a variable of such a loop goes through, or null:
  // `for names, package in (({"a", "b"}, "one"), ({"c"}, "two"))`.
  const llvm::SmallVector<ExprId, 8> *TablesOf(ExprId id) const;

  // The target, which was changed before, is this from now on; parts of a tuple are its parts.
  void StandFor(ExprId target, FoundInVain found);
  // What a variable stands for, or null.
  const FoundInVain *Find(ExprId id) const;

private:
  struct Texts {
    NameId name;
    std::vector<NameId> texts;
  };
  struct Tables {
    NameId name;
    llvm::SmallVector<ExprId, 8> tables;
  };
  struct Known {
    NameId name;
    FoundInVain found;
  };

  const SyntaxView &view_;
  llvm::SmallVector<NameId, 2> changed_;
  llvm::SmallVector<Texts, 2> texts_;
  llvm::SmallVector<Tables, 1> tables_;
  llvm::SmallVector<Known, 2> known_;
};

} // namespace pydefrag
