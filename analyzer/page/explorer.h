// Who imports whom when modules are imported, ready to be walked: the explorer draws one module's
// neighbourhood from it, the matrix lists what a cell stands for. Entry point: BuildExplorer.
#pragma once

#include "check/import_edges.h"
#include "page/package_tree.h"

#include <cstdint>
#include <vector>

namespace pydefrag {

struct ExplorerLink {
  uint32_t to = 0;   // index into Explorer::modules
  uint32_t line = 0; // of the import; 0 when the file can no longer be read
};

struct ExplorerModule {
  uint32_t node = 0; // of the PackageTree
  ModuleId module;
  Health health = Health::Clean;
  std::vector<ExplorerLink> imports; // in the order they are drawn in
  std::vector<uint32_t> importers;   // likewise
};

struct Explorer {
  std::vector<ExplorerModule> modules; // by dotted name
  uint32_t start = 0;                  // the one to show first
};

// `jobs`: threads for looking up line numbers.
Explorer BuildExplorer(const Report &report, const PackageTree &tree, const ImportEdges &edges,
                       unsigned jobs);

// What is drawn around one module: at most `limit` nodes, in columns from importers of importers
// (-2) to imports of imports (2). Nearer columns fill first; each gets its share of the limit.
struct EgoNode {
  uint32_t module = 0;
  int column = 0;
};
struct EgoGraph {
  std::vector<EgoNode> nodes; // by column, then in drawing order; the module itself alone in 0
  size_t left_out = 0;        // neighbours that found no room
};
EgoGraph LayOutEgo(const Explorer &explorer, uint32_t module, int depth, size_t limit);

} // namespace pydefrag
