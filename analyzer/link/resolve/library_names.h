// Library names: what a module surely takes from code that is not analysed, whatever functions of
// the project are called: `logging.getLogger`, `partial` of `from functools import partial`.
#pragma once

#include "link/resolve/resolve.h"

namespace pydefrag {

// Of a name, or a chain of attributes that begins with one. Asks nothing that is remembered: may be
// asked from several threads.
bool ComesFromLibrary(const Resolver &resolver, ModuleId module, ExprId name);

} // namespace pydefrag
