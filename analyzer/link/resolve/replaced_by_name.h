// Modules that give their `__name__` away: a function of a file that looks modules of computed
// names up in `sys.modules` may write into one that it gets the name of, or replace it.
//
//     deprecate(__name__, {"Old": New})
//
// Told by bare names; what only reads is left out (module_reads.h). own_name.h reads what such a
// module really does, where a name is looked for in vain.
#pragma once

#include "link/resolve/resolve.h"

namespace pydefrag {

void OpenModulesReplacedByName(Resolver &resolver);

} // namespace pydefrag
