#include "page/treemap.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

static constexpr int kDeepest = 2;
static constexpr double kGap = 2;         // between a tile and those within it
static constexpr double kLeastWidth = 72; // of a tile that shows its parts
static constexpr double kLeastHeight = 56;
static constexpr double kLeastSide = 1.5; // narrower tiles are not drawn

// Parts of a node, largest first. The package's own `__init__` is part of all of it.
static std::vector<uint32_t> BySize(const PackageTree &tree, uint32_t node) {
  std::vector<uint32_t> parts = tree.nodes[node].children;
  llvm::stable_sort(
      parts, [&](uint32_t a, uint32_t b) { return tree.nodes[a].modules > tree.nodes[b].modules; });
  return parts;
}

static std::vector<Tile> TilesOf(const PackageTree &tree, uint32_t node, Box area, int depth) {
  const std::vector<uint32_t> parts = BySize(tree, node);
  std::vector<double> weights;
  for (uint32_t part : parts) {
    weights.push_back(tree.nodes[part].modules);
  }
  const std::vector<Box> boxes = Squarify(weights, area);
  std::vector<Tile> tiles;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (boxes[i].width >= kLeastSide && boxes[i].height >= kLeastSide) {
      tiles.push_back({.node = parts[i], .box = boxes[i], .depth = depth});
    }
  }
  return tiles;
}

static MapView ViewOf(const PackageTree &tree, uint32_t node) {
  MapView view{.node = node, .tiles = {}};
  std::vector<Tile> waiting = TilesOf(tree, node, {0, 0, kMapWidth, kMapHeight}, 0);
  std::reverse(waiting.begin(), waiting.end()); // a stack: the next one stands last
  while (!waiting.empty()) {
    const Tile tile = waiting.back();
    waiting.pop_back();
    view.tiles.push_back(tile);
    const Box &box = tile.box;
    if (tile.depth < kDeepest && !tree.nodes[tile.node].children.empty() &&
        box.width >= kLeastWidth && box.height >= kLeastHeight) {
      const Box inside{box.x + kGap, box.y + kMapHeading, box.width - 2 * kGap,
                       box.height - kMapHeading - kGap};
      const std::vector<Tile> parts = TilesOf(tree, tile.node, inside, tile.depth + 1);
      waiting.insert(waiting.end(), parts.rbegin(), parts.rend());
    }
  }
  return view;
}

Treemap LayOutTreemap(const PackageTree &tree) {
  Treemap map;
  for (uint32_t node = 0; node < tree.nodes.size(); ++node) {
    if (node == 0 || !tree.nodes[node].children.empty()) {
      map.views.push_back(ViewOf(tree, node));
    }
  }
  return map;
}

} // namespace pydefrag
