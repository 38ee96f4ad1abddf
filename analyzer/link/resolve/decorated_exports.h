// Decorated exports: what decorators of a module add to its `__all__`.
//
//     def export(thing):
//         __all__.append(thing.__name__)
//         return thing
//     @export
//     class Cart: ...
#pragma once

#include "link/resolve/resolve.h"

namespace pydefrag {

// Adds them to `all`, where functions write into `__all__` that are decorators as above, used for
// nothing else, on definitions behind its last assignment; false: somebody may add more.
bool AddDecoratedExports(Resolver &resolver, ModuleId module, AllNames &all);

} // namespace pydefrag
