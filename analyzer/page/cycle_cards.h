// One card for each set of modules that import each other: a shortest way round it, and which
// imports to take out so that no cycle is left. Entry point: BuildCycles.
#pragma once

#include "check/import_edges.h"
#include "page/package_tree.h"
#include "report/report.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pydefrag {

struct CycleHop {       // an import statement
  std::string from, to; // dotted names
  std::string path;
  uint32_t line = 0;
};

struct CycleCard {
  uint32_t number = 0;              // from 1
  std::vector<std::string> modules; // by name, or in the order of the ring
  std::vector<CycleHop> way;        // a shortest way round; the last hop leads back to the first
  std::vector<CycleHop> feedback;   // to take out, at most kMaxFeedback shown
  size_t feedback_total = 0;
  size_t imports = 0;   // between modules of the set
  bool crashes = false; // importing one of its modules fails because of it
  // Imports as pairs of indices into `modules`, for the ring; only for kMaxRing modules at most.
  std::vector<std::pair<uint32_t, uint32_t>> links;
};

constexpr size_t kMaxRing = 12;
constexpr size_t kMaxFeedback = 8;

struct Cycles {
  std::vector<CycleCard> cards; // those that crash first, then the largest; at most `limit`
  size_t total = 0;
  size_t modules = 0; // in all cycles
};

Cycles BuildCycles(const Report &report, SourceCache &sources, const ImportEdges &edges,
                   size_t limit);

} // namespace pydefrag
