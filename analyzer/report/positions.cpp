#include "report/positions.h"

#include "base/parallel.h"
#include "source/paths.h"

#include <algorithm>
#include <numeric>

namespace pydefrag {

std::vector<LineColumn> FindPositions(const Project &project, const Disk &disk,
                                      llvm::ArrayRef<Location> places, unsigned jobs) {
  std::vector<LineColumn> positions(places.size(), LineColumn{.line = 0, .column = 0});
  std::vector<uint32_t> order(places.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t a, uint32_t b) { return places[a].file < places[b].file; });
  std::vector<size_t> starts; // where each file's places begin in `order`
  for (size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || places[order[i]].file != places[order[i - 1]].file) {
      starts.push_back(i);
    }
  }
  starts.push_back(order.size());
  ParallelFor(starts.size() - 1, jobs, 8, [&](size_t group) {
    const FileId file = places[order[starts[group]]].file;
    if (!file.valid()) {
      return;
    }
    const std::optional<SourceText> text =
        LoadSource(disk, OnDisk(project.root, project.PathOf(file)));
    for (size_t i = starts[group]; text && i < starts[group + 1]; ++i) {
      positions[order[i]] = text->At(places[order[i]].span.begin);
    }
  });
  return positions;
}

} // namespace pydefrag
