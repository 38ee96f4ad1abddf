// Weighted directed graphs small enough to be drawn: strong components, an order in which few arcs
// point forward, and the arcs whose removal ends all cycles. Deterministic: ties go to the node
// with the smaller number.
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pydefrag {

struct Arc {
  uint32_t from = 0, to = 0;
  uint32_t weight = 1;
};

struct Digraph {
  size_t nodes = 0;
  std::vector<Arc> arcs; // no two with the same ends, none from a node to itself
};

// For each node the number of its component. A component has a smaller number than those that
// have an arc to it.
std::vector<uint32_t> StrongComponents(const Digraph &graph);

// Sizes by component number.
std::vector<uint32_t> ComponentSizes(llvm::ArrayRef<uint32_t> components);

// Every node once, targets before sources as far as there are no cycles; a component stays
// together, and within it little weight points from an earlier node to a later one (the heuristic
// of Eades, Lin and Smyth). Among free choices the smaller number comes first.
std::vector<uint32_t> TargetsFirst(const Digraph &graph);

// Arcs (indices) that together are on every cycle, and none of which can be left in. Not always the
// fewest: that is NP-hard. Light arcs are preferred.
std::vector<size_t> FeedbackArcs(const Digraph &graph);

} // namespace pydefrag
