// ModuleEdges: which module of the project imports which other one anywhere, in functions and for
// type checking too. For showing; rules use check/import_edges.h.
#pragma once

#include "link/project.h"

#include <vector>

namespace pydefrag {

struct ModuleEdge {
  ModuleId to;
  RowId row;              // the first row that makes the edge; one that runs at import, if any does
  bool at_import = false; // importing the module executes the row
};

// In source order, each target once.
using ModuleEdges = IdVector<ModuleId, std::vector<ModuleEdge>>;
ModuleEdges FindModuleEdges(const Project &project);

} // namespace pydefrag
