// Found modules: functions that find the module of what they are given, or of who calls them, and
// write into it.
//
//     class Base:
//         def __init_subclass__(cls): setattr(sys.modules[cls.__module__], cls.__name__ + "s", [])
//
//     def constant(name, value): setattr(inspect.getmodule(inspect.stack()[1][0]), name, value)
#pragma once

#include "link/names/statement_signs.h"
#include "link/resolve/resolve.h"

namespace pydefrag {

// Every module is open that calls such a function as it is imported, or decorates by one that asks
// the interpreter for the module, and every one that makes a class of such a base or metaclass, at
// any distance. Classes and functions are told by their bare names.
void OpenFoundModules(const Project &project, const StatementSigns &signs, Resolver &resolver);

} // namespace pydefrag
