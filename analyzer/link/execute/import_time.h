// Import time: executes the module-level import statements on paper, in order, the way CPython does
// (importlib/_bootstrap.py; IMPORT_FROM in ceval.c), and tells for each module whether a fresh
// interpreter can import it, and through which chain of statements it fails.
//
// Components of the import graph are decided in dependency order, so a module outside a cycle costs
// one look at its own rows, or none when it is plain (plain_modules.h). Inside a cycle every member
// is tried as the first one imported; what its package's `__init__` loads is executed once and
// shared by all members below that package.
#pragma once

#include "link/execute/graph.h"

namespace pydefrag {

// Fills project.outcomes (Ok and not certain: works in a fresh interpreter, and fails behind the
// module where the chain begins), and tells the resolver where modules hold something else than
// their own code tells: names taken from modules under way, submodules that came first
// (Resolver::Override).
void SimulateImports(Project &project, Resolver &resolver, const ImportGraph &graph, unsigned jobs);

} // namespace pydefrag
