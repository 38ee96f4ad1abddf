// Name tables: the strings that a dict, list, tuple or set of a file holds, with what a dict says
// of each. A display, or a name for one; unknown where code that is seen changes it in a way that
// does not tell the names.
#pragma once

#include "link/syntax_view.h"

#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

struct NameTableEntry {
  std::string text;    // some are made, and spelled in no file
  ExprId value;        // of a dict; else invalid
  NameId variable;     // of a comprehension: what stands for the text in `value`
  bool untold = false; // there is a value, and nobody can tell which
};

struct NameTableRead {
  bool known = false; // these are all
  std::vector<NameTableEntry> entries;
};

class NameTables {
public:
  NameTables(const Scanned &scanned, FileId file)
      : view_(scanned), statements_(scanned.facts[file].statements) {}

  // The table that an expression in the function at `function` stands for.
  NameTableRead Read(ExprId table, uint32_t function) const;

  // A string, or a name that the module binds once, to a string; else invalid.
  NameId ConstantText(ExprId id) const;

private:
  void ReadValue(ExprId value, uint32_t function, int depth, NameTableRead &read) const;
  void ReadComprehension(ExprId value, uint32_t function, int depth, NameTableRead &read) const;
  void ReadName(NameId name, uint32_t function, int depth, NameTableRead &read) const;
  bool ReadNameIn(NameId name, uint32_t begin, uint32_t end, uint32_t function, int depth,
                  NameTableRead &read) const;
  void ReadChanges(NameId name, NameTableRead &read) const;

  SyntaxView view_;
  const std::vector<PlacedStatement> &statements_;
};

// The text of an expression of a comprehension whose variable has the text `name`: a literal, the
// variable, `variable.lower()`, `f"pkg.{variable}"`; nothing for anything else.
std::optional<std::string> TextOfVariable(const SyntaxView &view, ExprId expr, NameId variable,
                                          llvm::StringRef name);

} // namespace pydefrag
