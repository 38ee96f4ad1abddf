#include "join/test_table.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

namespace pydefrag {

std::vector<TestRow> ListTests(const TestResults &results,
                               llvm::ArrayRef<ExplainedFailure> failures) {
  llvm::StringMap<ReasonRef> reasons;
  std::vector<TestRow> rows;
  for (const ExplainedFailure &each : failures) {
    reasons.try_emplace(each.failure.id, each.reason);
    if (each.failure.uncollected) {
      TestRow row;
      row.id = each.failure.id;
      row.outcome = TestOutcome::Error;
      row.uncollected = true;
      row.reason = each.reason;
      rows.push_back(std::move(row));
    }
  }
  for (const TestCase &test : results.tests) {
    TestRow row;
    row.id = test.id;
    row.outcome = test.outcome;
    row.seconds = test.seconds;
    row.reason = reasons.lookup(test.id);
    rows.push_back(std::move(row));
  }
  llvm::stable_sort(rows, [](const TestRow &a, const TestRow &b) { return a.id < b.id; });
  return rows;
}

} // namespace pydefrag
