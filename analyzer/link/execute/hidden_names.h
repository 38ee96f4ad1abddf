// HiddenNames: names of packages that a submodule of the same name takes over. Importing a
// submodule for the first time sets the package's attribute, whatever the package bound before:
//
//     # shop/__init__.py             # anywhere
//     from .other import cart        import shop.cart       -> shop.cart is the module from now on
//
// Nobody knows who comes first, so such a name is bound, but no path to the object. A package that
// loads the submodule itself is none of this: the first load is its own, and in order.
#pragma once

#include "link/execute/graph.h"

namespace pydefrag {

// Tells the resolver (Resolver::Override); to be asked after the imports were executed on paper.
void HideNamesBySubmodules(const Project &project, Resolver &resolver, const ImportGraph &graph);

} // namespace pydefrag
