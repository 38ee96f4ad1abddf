// Changed paths: packages whose `__path__` may hold more than their file shows, as it is changed by
// other modules, or handed to a function.
#pragma once

#include "link/names/statement_signs.h"
#include "link/project.h"
#include "link/syntax_view.h"

#include "llvm/ADT/DenseSet.h"

namespace pydefrag {

// The last names of packages that code changes the path of by an import of them: `cart` for
// `shop.cart.__path__.append(folder)`, `from shop import cart as c`, `c.__path__ = [folder]`.
llvm::DenseSet<NameId> FindChangedPaths(const Project &project, const SyntaxView &view,
                                        const StatementSigns &signs);

// Whether a call gets the module's own `__path__`, other than one that surely only reads it.
bool HandsPathOver(const SyntaxView &view, const Statement &statement);

} // namespace pydefrag
