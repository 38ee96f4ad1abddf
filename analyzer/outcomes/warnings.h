// Gathers the warnings of a run: equal ones become one record with a count. Entry point:
// WarningTable.
#pragma once

#include "outcomes/outcome.h"

#include "llvm/ADT/StringMap.h"

#include <vector>

namespace pydefrag {

class WarningTable {
public:
  // Counts and places of a warning with the same category, message, path and line are added up.
  void Add(WarningRecord warning);
  // In the order of first appearance.
  std::vector<WarningRecord> Take();

private:
  std::vector<WarningRecord> records_;
  llvm::StringMap<size_t> places_;
};

// At most this many places are kept for one warning; its count goes on.
constexpr size_t kMaxWarningLocations = 1000;

} // namespace pydefrag
