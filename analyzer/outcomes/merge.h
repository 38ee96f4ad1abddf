// Combines several reports, of one run or of several. Entry point: MergeRuns. Each report is
// already folded; what it means for findings is not asked here.
#pragma once

#include "outcomes/outcome.h"

#include <string>
#include <vector>

namespace pydefrag {

struct MergedRuns {
  std::vector<RunInfo> runs; // in the order given
  TestResults results;       // one entry per test id
};

// Reports of different kinds are taken as accounts of one run: for each test the account that knows
// most is used, completed by the others. Of two reports of one kind the later one counts. Reports
// that contradict each other give a problem.
MergedRuns MergeRuns(std::vector<TestRun> runs);

// Ids that some report knows and none ran, sorted: after an interruption these never failed, nor
// passed.
std::vector<std::string> NeverRan(const TestResults &results);

} // namespace pydefrag
