#include "outcomes/warnings.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <utility>

namespace pydefrag {

void WarningTable::Add(WarningRecord warning) {
  const std::string key = llvm::formatv("{0}\n{1}\n{2}\n{3}", warning.category, warning.path,
                                        warning.line, warning.message)
                              .str();
  auto [it, is_new] = places_.try_emplace(key, records_.size());
  if (is_new) {
    records_.push_back(std::move(warning));
    return;
  }
  WarningRecord &known = records_[it->getValue()];
  known.count += warning.count;
  for (std::string &location : warning.locations) {
    // Places mostly come in runs of one test: looking at the last one is enough to stay linear.
    const bool repeated = !known.locations.empty() && known.locations.back() == location;
    if (!repeated && known.locations.size() < kMaxWarningLocations) {
      known.locations.push_back(std::move(location));
    }
  }
}

std::vector<WarningRecord> WarningTable::Take() {
  places_.clear();
  return std::move(records_);
}

} // namespace pydefrag
