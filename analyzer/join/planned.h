// What a plan said would fail, and what came of it. Entry point: JoinPlan.
#pragma once

#include "join/joined.h"
#include "join/suites.h"
#include "outcomes/plans/plan.h"

namespace pydefrag {

// Fills joined.plan, and what is planned of causes, clusters and related assertions.
void JoinPlan(const Plan &plan, const TestResults &results,
              llvm::ArrayRef<ExplainedFailure> failures, llvm::StringRef today, Joined &joined);

} // namespace pydefrag
