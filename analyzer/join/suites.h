// Results per suite and level. Entry point: FillSuites.
#pragma once

#include "join/failures.h"
#include "join/joined.h"
#include "join/levels.h"

#include "llvm/ADT/ArrayRef.h"

namespace pydefrag {

struct ExplainedFailure {
  RunFailure failure;
  ReasonRef reason;
};

// Fills counts, levels and suites of `joined` from the tests themselves. Where a log names only
// files, its letters are counted.
void FillSuites(const TestResults &results, llvm::ArrayRef<ExplainedFailure> failures,
                llvm::ArrayRef<std::string> never_ran, const LevelTable &levels, Joined &joined);

} // namespace pydefrag
