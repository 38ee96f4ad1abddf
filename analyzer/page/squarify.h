// Squarified treemaps (Bruls, Huizing, van Wijk 2000): boxes whose areas are in proportion to
// weights and whose sides are as near to each other as can be. Entry point: Squarify.
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <vector>

namespace pydefrag {

struct Box {
  double x = 0, y = 0, width = 0, height = 0;
};

// One box for each weight, in the order given, which should be descending. A weight that is not
// positive gets an empty box. The boxes do not overlap and fill `area`.
std::vector<Box> Squarify(llvm::ArrayRef<double> weights, Box area);

} // namespace pydefrag
