// Tables of modules: literals that say where a module has the names from that it serves.
//
//     recreate_module(__name__, by_module={"shop.core": ["Shape", "Form"], "shop.units": ["Unit"]})
//     SHAPES = {"Shape": ("shop.core", "a shape"), "Form": "shop.core"}
#pragma once

#include "link/resolve/resolve.h"

#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <vector>

namespace pydefrag {

// The module that a text of `home` spells, absolutely or from its package on: "shop.core", ".core".
ModuleId FindSpelled(const Project &project, Resolver &resolver, ModuleId home,
                     llvm::StringRef dotted);

// What `name` is in the one module under whose name a literal of `module` lists it, or that it is a
// key of; No where none does, or several do. Reads the module's source.
Found FindInModuleTables(const Project &project, Resolver &resolver, ModuleId module, NameId name);

// What `name` is in the one module whose name stands before it in a list that `module` gives to a
// call: `relative_import(__name__, [".cart.Cart"])`. No where none does, or several do.
Found FindInDottedLists(const Project &project, Resolver &resolver, ModuleId module, NameId name);

// The keys of the `{...}` that `table` stands for, which `module` lists in its `__all__`:
// `__all__ = [...] + list(SHAPES)`. Reads the table's module; what that says of the keys counts for
// FindInModuleTables.
std::vector<NameId> TakeKeys(Project &project, Resolver &resolver, ModuleId module,
                             const Found &table);

// The names in the list of strings that `list` stands for, whose length kept it out of the facts:
// `__all__ = public_api`, made in another module. Nothing where its module does more with it.
std::optional<llvm::SmallVector<NameId, 16>> LongListOf(Project &project, Resolver &resolver,
                                                        const Found &list);

} // namespace pydefrag
