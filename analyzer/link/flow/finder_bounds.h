// FinderBounds: which modules an importer's class may serve, read from its `find_spec` (before
// that, `find_module`): a module spec is returned only where the module's name passed a test
// against constants.
//
//     package, dot, rest = fullname.partition(".")
//     if package == "shop": return ModuleSpec(fullname, self)     -> shop and what is below it
//     if not fullname.startswith(self.path): return None          -> what self.path starts with
#pragma once

#include "link/flow/source_trees.h"
#include "link/modules/served_by_finders.h"

#include <optional>
#include <vector>

namespace pydefrag {

// Without `by`. Nothing: it may serve any module; empty: it serves none.
using FinderBounds = std::optional<std::vector<ServedByFinder>>;

// The method of the class that finds modules; 0: it has none.
uint32_t FinderMethodOf(const SourceTree &tree, uint32_t class_definition);

// What the method may find when the class is called with these arguments (a Call; 0: unknown).
// `module_name`: of the module that the call stands in.
FinderBounds ReadFinderBounds(const SourceTree &tree, uint32_t method, uint32_t call,
                              llvm::StringRef module_name);

} // namespace pydefrag
