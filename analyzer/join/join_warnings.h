// Warnings of a run, tied to the deprecated imports that they come from. Entry point: JoinWarnings.
#pragma once

#include "join/finding_index.h"
#include "join/joined.h"
#include "outcomes/outcome.h"

namespace pydefrag {

struct WarningMatch {
  JoinedWarning warning;
  std::optional<size_t> finding; // index into the findings
};

// Never awaited coroutines first, then by category and place.
std::vector<WarningMatch> JoinWarnings(const TestResults &results, const FindingIndex &findings,
                                       PlaceTable &places);

} // namespace pydefrag
