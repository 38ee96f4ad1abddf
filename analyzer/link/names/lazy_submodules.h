// `import_module("." + name, __name__)` in a module's `__getattr__`: the submodule that is asked
// for. Entry point: PackageImportedFrom.
#pragma once

#include "link/syntax_view.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <vector>

namespace pydefrag {

// What stands before the name, when the branch at `statement` returns the import of what its test
// asks for: ".", "pkg." or "__name__" (for `f"{__name__}.{name}"`). Invalid when it returns
// anything else, or when more than the name decides.
NameId PackageImportedFrom(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                           uint32_t statement);

// What stands before the name in a text that ends with it: `f"pkg.{name}"`, `"." + name`, as above;
// invalid for anything else. `is_asked`: whether an expression is the name.
NameId WordsBeforeName(const SyntaxView &view, ExprId text,
                       llvm::function_ref<bool(ExprId)> is_asked);

// The words before the variable in what the statements from `begin` to `end` import by a text made
// of it: `import_module(f"pkg.{module}")`, `import_module("." + module, __name__)`; invalid ones
// where they import by the variable alone. Each once.
llvm::SmallVector<NameId, 2> WordsOfImports(const SyntaxView &view,
                                            const std::vector<PlacedStatement> &statements,
                                            uint32_t begin, uint32_t end);

// Whether the words stand for a package, and with a name behind for its submodule: "pkg.",
// "__name__". Invalid ones do not.
bool StandForPackage(const SyntaxView &view, NameId words);

// Whether that package is the one that the hook stands in: ".", "__name__".
inline bool StandForOwnPackage(llvm::StringRef words) {
  return words == "." || words == "__name__";
}

// The text that a call of `import_module` imports, where that is an absolute name or one below
// `__name__`; invalid for anything else.
ExprId ImportedText(const SyntaxView &view, ExprId call);

} // namespace pydefrag
