// The package treemap: for every package one view, its parts laid out by number of modules and,
// where there is room, their parts within them, three levels deep. Entry point: LayOutTreemap.
#pragma once

#include "page/package_tree.h"
#include "page/squarify.h"

#include <cstdint>
#include <vector>

namespace pydefrag {

constexpr double kMapWidth = 1200, kMapHeight = 480; // units that tiles are laid out in
constexpr double kMapHeading = 20;                   // taken off a tile that holds others

struct Tile {
  uint32_t node = 0; // of the PackageTree
  Box box;
  int depth = 0; // 1, 2: it lies within the last tile before it with a smaller depth
};

struct MapView {
  uint32_t node = 0; // the package it shows
  std::vector<Tile> tiles;
};

struct Treemap {
  std::vector<MapView> views; // the whole project first, then every package with parts, by node
};

Treemap LayOutTreemap(const PackageTree &tree);

} // namespace pydefrag
