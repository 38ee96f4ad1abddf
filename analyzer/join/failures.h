// Failures: everything that went wrong in a run as one list: tests, modules that could not be
// collected, conftests that ended the session. Entry point: ListFailures.
#pragma once

#include "join/joined.h"
#include "outcomes/outcome.h"

#include <string>
#include <vector>

namespace pydefrag {

struct RunFailure {
  std::string id;   // a test, or the path of what could not be collected
  std::string file; // of the id
  bool uncollected = false;
  std::vector<const ErrorChain *> chains; // point into the results; the one that counts first
  std::string error;                      // headline of the root cause; "" when nobody kept it
};

// Sorted by id; `results` must outlive them.
std::vector<RunFailure> ListFailures(const TestResults &results);

// "ValueError: no" in one line; type alone, message alone, or "" when the chain is empty.
std::string HeadlineOfChain(const ErrorChain &chain);

// The innermost frame in the project, and all of them from the outside in.
Place SiteOf(const ErrorSegment &segment);
std::vector<Place> FramesOf(const ErrorSegment &segment);

} // namespace pydefrag
