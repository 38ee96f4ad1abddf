// ImportGraph: which modules an import of a module runs, in order: its own module-level imports,
// the packages above each of them (CPython runs every `__init__` on the way), and the imports in
// functions that module-level code calls. Strongly connected components are the cycles.
#pragma once

#include "link/resolve.h"

#include "llvm/ADT/ArrayRef.h"

#include <vector>

namespace pydefrag {

struct ImportGraph {
  // Targets of each module in source order, each once; only modules with a file.
  IdVector<ModuleId, std::vector<ModuleId>> edges;
  // Components in dependency order: a component imports only earlier ones and itself.
  std::vector<std::vector<ModuleId>> components;
  IdVector<ModuleId, int32_t> component_of; // index into `components`; -1: has no file
  // Rows of each file: rows[row_begin[f] .. row_begin[f + 1]).
  std::vector<uint32_t> row_begin;

  bool InCycle(ModuleId module) const;
};

ImportGraph BuildImportGraph(const Project &project, Resolver &resolver);

} // namespace pydefrag
