#include "base/components.h"

#include <gtest/gtest.h>

namespace pydefrag {
namespace {

using Graph = std::vector<std::vector<uint32_t>>;

std::vector<uint32_t> Numbers(const Graph &graph, uint32_t roots) {
  return ComponentNumbers(
      static_cast<uint32_t>(graph.size()), [&](uint32_t node) { return graph[node].size(); },
      [&](uint32_t node, uint32_t i) { return graph[node][i]; },
      [&](uint32_t node) { return node < roots; });
}

TEST(Components, WhatReachesEachOtherIsOneAndComesAfterWhatItReaches) {
  // 0 <-> 1 -> 2 <-> 3, and 4 -> 0
  const Graph graph = {{1}, {0, 2}, {3}, {2}, {0}};
  EXPECT_EQ(Numbers(graph, 5), (std::vector<uint32_t>{1, 1, 0, 0, 2}));
  EXPECT_EQ(MembersOfComponents(Numbers(graph, 5)),
            (std::vector<std::vector<uint32_t>>{{2, 3}, {0, 1}, {4}}));
}

TEST(Components, WhatNoRootReachesHasNone) {
  const Graph graph = {{2}, {0}, {}};
  EXPECT_EQ(Numbers(graph, 1), (std::vector<uint32_t>{1, kNoComponent, 0}));
}

TEST(Components, ALongChainTakesNoStack) {
  Graph graph(1'000'000);
  for (uint32_t node = 0; node < graph.size(); ++node) {
    graph[node] = {static_cast<uint32_t>((node + 1) % graph.size())};
  }
  EXPECT_EQ(Numbers(graph, 1), std::vector<uint32_t>(graph.size(), 0));
}

} // namespace
} // namespace pydefrag
