// WrittenModules: modules that code elsewhere replaces or adds names to: `sys.modules["a.b"] = x`,
// `setattr(module, name, x)`, a function that puts the module whose `__name__` it gets into
// `sys.modules`. Such modules are open (semantics.md G2). Entry point:
// OpenModulesWrittenElsewhere.
#pragma once

#include "link/names/statement_signs.h"
#include "link/resolve/resolve.h"

namespace pydefrag {

// Before anything was asked of the resolver: it only looks modules up.
void OpenModulesWrittenElsewhere(const Project &project, const StatementSigns &signs,
                                 Resolver &resolver);

} // namespace pydefrag
