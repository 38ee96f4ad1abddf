// Tables of modules: a module that another one is to make again says where its names come from:
//
//     recreate_module(__name__, by_module={"shop.core": ["Shape", "Form"], "shop.units": ["Unit"]})
#pragma once

#include "link/resolve/resolve.h"

namespace pydefrag {

// What `name` is in the one module under whose name a literal of `module` lists it; No where none
// does, or several do. Reads the module's source.
Found FindInModuleTables(const Project &project, Resolver &resolver, ModuleId module, NameId name);

} // namespace pydefrag
