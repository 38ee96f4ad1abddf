#include "made_graph.h"
#include "page/digraph.h"
#include "page/matrix.h"

#include "gtest/gtest.h"

#include <string>

namespace pydefrag {
namespace {

std::string Names(const Matrix &matrix) {
  std::string names;
  for (const MatrixRow &row : matrix.rows) {
    names += (names.empty() ? "" : " ") + row.name;
  }
  return names;
}

TEST(Digraph, ComponentsAreNumberedTargetsFirst) {
  const Digraph graph{.nodes = 4, .arcs = {{0, 1, 1}, {1, 2, 1}, {2, 1, 1}, {2, 3, 1}}};
  const std::vector<uint32_t> components = StrongComponents(graph);
  EXPECT_EQ(components[1], components[2]);
  EXPECT_LT(components[3], components[1]);
  EXPECT_LT(components[1], components[0]);
}

TEST(Digraph, WhatIsImportedComesBeforeItsImporters) {
  const Digraph graph{.nodes = 4, .arcs = {{0, 2, 1}, {2, 3, 1}, {1, 3, 1}}};
  EXPECT_EQ(TargetsFirst(graph), (std::vector<uint32_t>{3, 1, 2, 0}));
}

TEST(Digraph, TheLightImportOfACycleGoesAgainstTheOrder) {
  const Digraph graph{.nodes = 2, .arcs = {{0, 1, 9}, {1, 0, 1}}};
  EXPECT_EQ(TargetsFirst(graph), (std::vector<uint32_t>{1, 0}));
  const Digraph other{.nodes = 2, .arcs = {{0, 1, 1}, {1, 0, 9}}};
  EXPECT_EQ(TargetsFirst(other), (std::vector<uint32_t>{0, 1}));
}

// Whether `graph` without `feedback` has no cycle.
bool IsFree(Digraph graph, const std::vector<size_t> &feedback) {
  for (size_t i = feedback.size(); i-- > 0;) {
    graph.arcs.erase(graph.arcs.begin() + static_cast<ptrdiff_t>(feedback[i]));
  }
  return ComponentSizes(StrongComponents(graph)).size() == graph.nodes;
}

TEST(Digraph, FeedbackEndsAllCyclesAndNoneOfItIsNeedless) {
  // Two rings that share an import: taking out the shared one is enough.
  const Digraph eight{.nodes = 4, .arcs = {{0, 1, 1}, {1, 2, 1}, {2, 0, 1}, {1, 3, 1}, {3, 0, 1}}};
  const std::vector<size_t> shared = FeedbackArcs(eight);
  EXPECT_EQ(shared, std::vector<size_t>{0});
  // A dense one, numbers by a linear congruence.
  Digraph dense{.nodes = 20, .arcs = {}};
  for (uint32_t i = 0, seed = 7; i < 90; ++i) {
    seed = seed * 1664525u + 1013904223u;
    const Arc arc{.from = (seed >> 8) % 20, .to = (seed >> 16) % 20, .weight = 1 + (seed >> 28)};
    const bool known = llvm::any_of(
        dense.arcs, [&](const Arc &other) { return other.from == arc.from && other.to == arc.to; });
    if (arc.from != arc.to && !known) {
      dense.arcs.push_back(arc);
    }
  }
  const std::vector<size_t> feedback = FeedbackArcs(dense);
  EXPECT_TRUE(IsFree(dense, feedback));
  EXPECT_LT(feedback.size(), dense.arcs.size() / 2);
  for (size_t i = 0; i < feedback.size(); ++i) {
    std::vector<size_t> fewer = feedback;
    fewer.erase(fewer.begin() + static_cast<ptrdiff_t>(i));
    EXPECT_FALSE(IsFree(dense, fewer)) << feedback[i];
  }
}

TEST(Matrix, ImportsFallBelowTheDiagonal) {
  MadeGraph graph({"app", "app.main", "core", "core.model", "web", "web.views"});
  graph.Import("app.main", "web.views").Import("web.views", "core.model");
  const Matrix matrix = BuildMatrix(graph.tree, graph.explorer, 3);
  EXPECT_EQ(Names(matrix), "core web app") << "too few rows to split the packages";
  EXPECT_EQ(matrix.against, 0u);
  ASSERT_EQ(matrix.rows[2].cells.size(), 1u);
  EXPECT_EQ(matrix.rows[2].cells[0].column, 1u);
  EXPECT_EQ(matrix.row_of[graph.Module("web.views")], 1);
}

TEST(Matrix, PackagesThatImportEachOtherAreOneBlock) {
  MadeGraph graph({"a", "b", "c"});
  graph.Import("a", "b").Import("b", "a").Import("c", "a");
  const Matrix matrix = BuildMatrix(graph.tree, graph.explorer, 60);
  ASSERT_EQ(matrix.rows.size(), 3u);
  EXPECT_EQ(matrix.rows[0].block, matrix.rows[1].block);
  EXPECT_NE(matrix.rows[1].block, matrix.rows[2].block);
  EXPECT_EQ(matrix.against, 1u);
  EXPECT_EQ(matrix.rows[2].name, "c");
}

TEST(Matrix, LargePackagesAreSplitWhileThereIsRoom) {
  std::vector<std::string> names = {"big"};
  for (int i = 0; i < 20; ++i) {
    names.push_back("big.m" + std::to_string(i));
  }
  names.push_back("small");
  const MadeGraph graph(names);
  EXPECT_EQ(BuildMatrix(graph.tree, graph.explorer, 60).rows.size(), 22u) << "with `big` itself";
}

TEST(Matrix, TheLeastCoupledAreCountedTogether) {
  std::vector<std::string> names;
  for (char c = 'a'; c <= 'z'; ++c) {
    names.push_back(std::string("m") + c);
  }
  MadeGraph graph(names);
  graph.Import("mz", "my").Import("my", "mx").Import("mx", "mw").Import("ma", "mz");
  const Matrix matrix = BuildMatrix(graph.tree, graph.explorer, 4);
  EXPECT_EQ(Names(matrix), "mx my mz other");
  EXPECT_EQ(matrix.rows[3].modules, 23u);
  ASSERT_EQ(matrix.rows[3].cells.size(), 1u) << "what `ma` imports";
  EXPECT_EQ(matrix.rows[3].cells[0].column, 2u);
}

} // namespace
} // namespace pydefrag
