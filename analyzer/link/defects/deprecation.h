// Deprecation: which modules warn when they are imported, which classes and functions are marked or
// warn when used, and which imports reach them (semantics.md section 6). Only what surely happens
// counts: a warning under a condition nobody decides is none.
#pragma once

#include "link/resolve/resolve.h"

namespace pydefrag {

void FindModuleDeprecations(Project &project, Resolver &resolver);
void FindSymbolDeprecations(Project &project, Resolver &resolver, unsigned jobs);
void MarkDeprecatedRows(Project &project, Resolver &resolver);

} // namespace pydefrag
