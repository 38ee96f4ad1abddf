// Lacking modules: those of the project and of its environment that cannot be imported there, since
// they import, at their top level, what is not installed, or a module that is lacking itself.
#pragma once

#include "link/resolve/resolve.h"

#include "llvm/ADT/DenseSet.h"

namespace pydefrag {

// Empty where no environment was looked into.
llvm::DenseSet<ModuleId> FindLackingModules(const Resolver &resolver);

} // namespace pydefrag
