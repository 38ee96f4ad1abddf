// Given names: installed modules that hand their `__name__` to a function when they are imported.
// Of installed packages only some files are read, and the function may do anything with the name:
// the module is open (semantics.md G2), unless it makes a logger, or an instance of a class that
// only keeps what it gets and never writes into other objects:
//
//     test = PytestTester(__name__)
#pragma once

#include "link/resolve/resolve.h"

namespace pydefrag {

// Before anything was asked of the resolver, but when it can read sources.
void OpenModulesGivenAway(const Project &project, Resolver &resolver);

} // namespace pydefrag
