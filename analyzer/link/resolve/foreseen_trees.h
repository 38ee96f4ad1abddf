// Foreseen trees: which files somebody is likely to ask the trees of (SourceTrees::Of), so that
// they are read beside what comes before. Only a guess: it changes no answer.
#pragma once

#include "link/resolve/resolve.h"

namespace pydefrag {

// Of what import statements ask for. Before anything was asked of the resolver.
void ForeseeTreesOfImports(const Project &project, Resolver &resolver);

// Whether the tree of the module's file may be asked for what the module has under a name. An
// invalid one: a name that no file's facts know.
bool MayTakeTree(const Resolver &resolver, ModuleId module, NameId name);

} // namespace pydefrag
