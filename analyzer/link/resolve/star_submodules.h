// Submodules that a star import takes: they stand in the package's dict once anything loaded them.
//
//     # shop/__init__.py           # shop/core.py             # till.py
//     from shop.core import *      from shop.units import x   from shop import *   -> binds `units`
#pragma once

#include "link/resolve/resolve.h"

namespace pydefrag {

// Whether `from package import *` in `importer` finds the package's submodule `child` loaded: Yes
// where importing the package surely leads there, No where no import statement that `importer`
// leads to does, in functions or anywhere else; Unknown where more modules would have to be read.
// Without the imports of `package`'s own file, which its log tells.
Tri StarTakesSubmodule(const Project &project, Resolver &resolver, ModuleId importer,
                       ModuleId package, ModuleId child);

} // namespace pydefrag
