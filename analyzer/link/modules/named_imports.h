// Imports by a name in a string that is known: `importlib.import_module("a.b")`, relative with a
// package that is told, `__import__("a.b")`, and such a call alone in a loop over literals (CPython
// importlib/__init__.py, import_module; importlib/_bootstrap.py, __import__).
#pragma once

#include "link/modules/module_table.h"
#include "link/syntax_view.h"

#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

struct NamedImports {
  llvm::SmallVector<std::string, 2> modules; // dotted, absolute; "": beyond the top-level package
  // `fromlist` of `__import__`: submodules of these names are imported where they are there.
  llvm::SmallVector<NameId, 4> names;
};

// Whether it is a call of either of the two, by what it is called.
bool IsImporter(llvm::StringRef callee);

// What a call of an importer in `module`, in its statement `at`, imports; nothing: it computes
// that.
std::optional<NamedImports> ReadNamedImports(const Project &project, const SyntaxView &view,
                                             const ModuleTable &table, ModuleId module, uint32_t at,
                                             ExprId call);

} // namespace pydefrag
