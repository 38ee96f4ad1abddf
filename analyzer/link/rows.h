// Rows: every imported name of every import statement, with what it reaches and the context it
// stands in (under TYPE_CHECKING, in a function, guarded...). Rows come in file and source order.
#pragma once

#include "link/resolve.h"
#include "link/roots.h"

namespace pydefrag {

// All rows of the project.
void ResolveRows(Project &project, Resolver &resolver, const Roots &roots, unsigned jobs);

// Rows that import what lies below a package that puts another module into its own place: unknown,
// unless importing the package loads it. After SimulateImports.
void DoubtHiddenRows(Project &project, Resolver &resolver);

// The rows of one file and no others, for a draft of it.
void ResolveRowsOf(Project &project, Resolver &resolver, const Roots &roots, FileId file);

} // namespace pydefrag
