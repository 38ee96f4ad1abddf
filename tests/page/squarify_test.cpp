#include "made_graph.h"
#include "page/squarify.h"
#include "page/treemap.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>

namespace pydefrag {
namespace {

bool Overlap(const Box &a, const Box &b) {
  constexpr double kSlack = 1e-6;
  return a.x + a.width > b.x + kSlack && b.x + b.width > a.x + kSlack &&
         a.y + a.height > b.y + kSlack && b.y + b.height > a.y + kSlack;
}

TEST(Squarify, AreasAreInProportionAndFillTheWhole) {
  const std::vector<double> weights = {60, 30, 20, 10, 10, 5, 1};
  const std::vector<Box> boxes = Squarify(weights, {10, 20, 400, 300});
  double sum = 0;
  for (size_t i = 0; i < boxes.size(); ++i) {
    EXPECT_NEAR(boxes[i].width * boxes[i].height, weights[i] / 136 * 400 * 300, 1e-6);
    sum += boxes[i].width * boxes[i].height;
    EXPECT_GE(boxes[i].x, 10 - 1e-9);
    EXPECT_GE(boxes[i].y, 20 - 1e-9);
    EXPECT_LE(boxes[i].x + boxes[i].width, 410 + 1e-6);
    EXPECT_LE(boxes[i].y + boxes[i].height, 320 + 1e-6);
    for (size_t j = 0; j < i; ++j) {
      EXPECT_FALSE(Overlap(boxes[i], boxes[j])) << i << ' ' << j;
    }
  }
  EXPECT_NEAR(sum, 400 * 300, 1e-6);
}

// The example of the paper: 6 x 4, areas 6 6 4 3 2 2 1. Slices would be as thin as 1 : 16.
TEST(Squarify, BoxesAreNearToSquares) {
  const std::vector<double> weights = {6, 6, 4, 3, 2, 2, 1};
  const std::vector<Box> boxes = Squarify(weights, {0, 0, 6, 4});
  EXPECT_NEAR(boxes[0].width, 3, 1e-9);
  EXPECT_NEAR(boxes[0].height, 2, 1e-9);
  EXPECT_NEAR(boxes[1].y, 2, 1e-9);
  for (const Box &box : boxes) {
    EXPECT_LT(std::max(box.width / box.height, box.height / box.width), 3);
  }
}

TEST(Squarify, NothingToShowGetsEmptyBoxes) {
  EXPECT_TRUE(Squarify({}, {0, 0, 10, 10}).empty());
  const std::vector<Box> boxes = Squarify({0.0, 2.0, 0.0}, {0, 0, 10, 10});
  EXPECT_EQ(boxes[0].width, 0);
  EXPECT_NEAR(boxes[1].width * boxes[1].height, 100, 1e-9);
  EXPECT_EQ(Squarify({1.0}, {0, 0, 0, 10})[0].width, 0);
}

TEST(Treemap, APackageIsSeenWithItsPartsInside) {
  const MadeGraph graph({"shop", "shop.cart", "shop.order", "tests", "tests.test_a"});
  const Treemap map = LayOutTreemap(graph.tree);
  ASSERT_EQ(map.views.size(), 3u) << "all, shop, tests";
  const MapView &all = map.views.front();
  EXPECT_EQ(all.node, 0u);
  const Box &shop = all.tiles[0].box;
  EXPECT_EQ(graph.tree.NameOf(all.tiles[0].node), "shop") << "the largest first";
  ASSERT_EQ(all.tiles[1].depth, 1);
  const Box &cart = all.tiles[1].box;
  EXPECT_GE(cart.x, shop.x);
  EXPECT_GE(cart.y, shop.y + kMapHeading);
  EXPECT_LE(cart.x + cart.width, shop.x + shop.width);
  EXPECT_LE(cart.y + cart.height, shop.y + shop.height);
  EXPECT_EQ(map.views[1].tiles.size(), 2u);
}

TEST(Ego, NearNeighboursComeFirstAndTheRestIsCounted) {
  MadeGraph graph({"a", "b", "c", "d", "e", "f"});
  graph.Import("a", "b").Import("b", "c").Import("c", "d").Import("e", "b").Import("f", "b");
  const EgoGraph near = LayOutEgo(graph.explorer, graph.Module("b"), 1, 80);
  ASSERT_EQ(near.nodes.size(), 5u) << "three importers, itself, one import";
  EXPECT_EQ(near.nodes[3].module, graph.Module("b"));
  EXPECT_EQ(near.nodes[3].column, 0);
  EXPECT_EQ(near.nodes[4].module, graph.Module("c"));
  EXPECT_EQ(LayOutEgo(graph.explorer, graph.Module("b"), 2, 80).nodes.back().module,
            graph.Module("d"));
  const EgoGraph tight = LayOutEgo(graph.explorer, graph.Module("b"), 2, 4);
  EXPECT_EQ(tight.nodes.size(), 4u);
  EXPECT_EQ(tight.left_out, 2u) << "one importer, and what c imports";
}

TEST(Ego, ACycleIsWalkedOnce) {
  MadeGraph graph({"a", "b"});
  graph.Import("a", "b").Import("b", "a");
  const EgoGraph ego = LayOutEgo(graph.explorer, 0, 2, 80);
  EXPECT_EQ(ego.nodes.size(), 2u);
}

} // namespace
} // namespace pydefrag
