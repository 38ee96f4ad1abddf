// ImportEdges: which module's own statements import which other module when it is imported. Unlike
// link/execute/graph.h, a package that is only run on the way to a submodule is no target, so
// `pkg.a` importing `pkg.b` does not lead back to a `pkg/__init__` that imports `pkg.a`.
#pragma once

#include "link/project.h"

#include <vector>

namespace pydefrag {

struct ImportEdge {
  ModuleId to;
  RowId row; // the first row that makes the edge
};

struct ImportEdges {
  IdVector<ModuleId, std::vector<ImportEdge>> edges; // in source order, each target once
  // Modules that reach each other, in module order; only sets of two or more. Sorted by the first.
  std::vector<std::vector<ModuleId>> cycles;
};

// Whether importing the row's module executes the row.
bool RunsAtImport(const Project &project, const ImportRow &row);

// The module whose names a resolved row wants: the submodule itself, else the module imported from.
ModuleId WantedModule(const Project &project, const ImportRow &row);

ImportEdges FindImportEdges(const Project &project);

// A shortest way round within one of `cycles`: each edge leads from the module of the edge before
// it, the last one back to the first module. Starts at the first module of the set that has one.
struct WayRound {
  ModuleId start;
  std::vector<ImportEdge> hops;
};
WayRound ShortestWayRound(const ImportEdges &edges, const std::vector<ModuleId> &members);

} // namespace pydefrag
