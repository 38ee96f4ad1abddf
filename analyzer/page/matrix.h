// The dependency matrix (DSM) of packages: row imports column. The packages that others build on
// come first, so imports fall below the diagonal; what stands above it goes round in a circle.
// Entry point: BuildMatrix.
#pragma once

#include "page/explorer.h"
#include "page/package_tree.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pydefrag {

struct MatrixCell {
  uint32_t column = 0;
  uint32_t imports = 0; // of one module by another; at least 1
};

struct MatrixRow {
  std::string name;            // dotted; "other" for what has no row of its own
  std::vector<uint32_t> parts; // nodes of the PackageTree; a row without the packages it is split
                               // into holds those packages' own modules alone
  bool other = false;
  uint32_t modules = 0;
  uint32_t inside = 0; // imports within the row
  uint32_t block = 0;  // rows that reach each other have the same number, and are adjacent
  std::vector<MatrixCell> cells; // by column, without the diagonal
};

struct Matrix {
  std::vector<MatrixRow> rows;
  std::vector<int32_t> row_of; // by Explorer module; -1: none
  uint32_t against = 0;        // imports above the diagonal
};

// At most `limit` rows, "other" included. The largest packages are split into their parts as long
// as there is room, and once more, with the least coupled left over for "other", when there would
// be next to nothing to see.
Matrix BuildMatrix(const PackageTree &tree, const Explorer &explorer, size_t limit);

} // namespace pydefrag
