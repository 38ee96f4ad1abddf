// `import_module("." + name, __name__)` in a module's `__getattr__`: the submodule that is asked
// for. Entry point: PackageImportedFrom.
#pragma once

#include "link/syntax_view.h"

#include <vector>

namespace pydefrag {

// What stands before the name, when the branch at `statement` returns the import of what its test
// asks for: ".", "pkg." or "__name__" (for `f"{__name__}.{name}"`). Invalid when it returns
// anything else, or when more than the name decides.
NameId PackageImportedFrom(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                           uint32_t statement);

} // namespace pydefrag
