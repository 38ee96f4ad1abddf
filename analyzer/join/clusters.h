// Clusters: failures that no finding explains, by reason. Entry point: ClusterTable.
#pragma once

#include "join/explain.h"
#include "join/joined.h"

#include "llvm/ADT/StringMap.h"

#include <vector>

namespace pydefrag {

class ClusterTable {
public:
  // The cluster of a failure, added when its reason is new.
  // `outdated`: it shows lines that have changed since.
  size_t Add(const RunFailure &failure, const Explanation &told, llvm::ArrayRef<size_t> related,
             bool outdated);
  // Import errors first, then the largest. Returns the new place of each cluster.
  std::vector<size_t> Finish(PlaceTable &places, Joined &joined);

private:
  std::vector<Cluster> clusters_;
  llvm::StringMap<size_t> by_key_;
};

} // namespace pydefrag
