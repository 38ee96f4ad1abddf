#include "page/squarify.h"

#include <algorithm>

namespace pydefrag {

// How far from square the worst box of a strip is: `total` area laid along a side of length `side`,
// the largest and the smallest box of it given.
static double WorstRatio(double side, double total, double largest, double smallest) {
  const double square = side * side, sum = total * total;
  return std::max(square * largest / sum, sum / (square * smallest));
}

// Puts a strip of boxes along the shorter side of `rest`, and takes it off.
static void LayStrip(llvm::ArrayRef<double> areas, double total, Box &rest, Box *out) {
  const bool upright = rest.width >= rest.height; // the strip stands at the left
  const double side = upright ? rest.height : rest.width;
  const double thickness = side > 0 ? total / side : 0;
  double at = upright ? rest.y : rest.x;
  for (size_t i = 0; i < areas.size(); ++i) {
    const double length = thickness > 0 ? areas[i] / thickness : 0;
    out[i] = upright ? Box{rest.x, at, thickness, length} : Box{at, rest.y, length, thickness};
    at += length;
  }
  if (upright) {
    rest.x += thickness;
    rest.width = std::max(0.0, rest.width - thickness);
  } else {
    rest.y += thickness;
    rest.height = std::max(0.0, rest.height - thickness);
  }
}

std::vector<Box> Squarify(llvm::ArrayRef<double> weights, Box area) {
  std::vector<Box> boxes(weights.size(), Box{area.x, area.y, 0, 0});
  double sum = 0;
  for (double weight : weights) {
    sum += std::max(weight, 0.0);
  }
  if (sum <= 0 || area.width <= 0 || area.height <= 0) {
    return boxes;
  }
  std::vector<double> areas;
  std::vector<size_t> index; // of the weights that get a box
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] > 0) {
      areas.push_back(weights[i] / sum * area.width * area.height);
      index.push_back(i);
    }
  }
  std::vector<Box> laid(areas.size());
  Box rest = area;
  for (size_t begin = 0; begin < areas.size();) {
    const double side = std::min(rest.width, rest.height);
    double total = areas[begin], largest = total, smallest = total;
    size_t end = begin + 1;
    for (; end < areas.size(); ++end) {
      const double next = areas[end];
      if (WorstRatio(side, total + next, std::max(largest, next), std::min(smallest, next)) >
          WorstRatio(side, total, largest, smallest)) {
        break;
      }
      total += next;
      largest = std::max(largest, next);
      smallest = std::min(smallest, next);
    }
    LayStrip(llvm::ArrayRef(areas).slice(begin, end - begin), total, rest, &laid[begin]);
    begin = end;
  }
  for (size_t i = 0; i < laid.size(); ++i) {
    boxes[index[i]] = laid[i];
  }
  return boxes;
}

} // namespace pydefrag
