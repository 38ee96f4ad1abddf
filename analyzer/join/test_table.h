// Every test that a report names and every file that could not be collected, with what explains
// it, for tables of all of them. Entry point: ListTests.
#pragma once

#include "join/joined.h"
#include "join/suites.h"

#include "llvm/ADT/ArrayRef.h"

#include <vector>

namespace pydefrag {

// Sorted by id. `failures` hold those that failed.
std::vector<TestRow> ListTests(const TestResults &results,
                               llvm::ArrayRef<ExplainedFailure> failures);

} // namespace pydefrag
