#include "join/suites.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <algorithm>
#include <map>

namespace pydefrag {
namespace {

void Count(TestOutcome outcome, TestCounts &counts) {
  switch (outcome) {
  case TestOutcome::NotRun:
    ++counts.not_run;
    return;
  case TestOutcome::Passed:
  case TestOutcome::XPassed:
    ++counts.passed;
    return;
  case TestOutcome::Failed:
  case TestOutcome::XPassedStrict:
    ++counts.failed;
    return;
  case TestOutcome::Error:
    ++counts.errors;
    return;
  case TestOutcome::Skipped:
    ++counts.skipped;
    return;
  case TestOutcome::XFailed:
    ++counts.xfailed;
    return;
  }
}

void Add(const TestCounts &from, TestCounts &into) {
  into.passed += from.passed;
  into.failed += from.failed;
  into.errors += from.errors;
  into.skipped += from.skipped;
  into.xfailed += from.xfailed;
  into.not_run += from.not_run;
  into.uncollected += from.uncollected;
}

void AddSeconds(std::optional<double> &sum, std::optional<double> more) {
  if (more) {
    sum = sum.value_or(0) + *more;
  }
}

class SuiteTable {
public:
  explicit SuiteTable(const LevelTable &levels) : levels_(levels) {}

  Suite &Of(llvm::StringRef file) {
    const SuiteName name = levels_.Of(file);
    auto [place, added] = by_folder_.try_emplace(name.folder + "\n" + name.level, suites_.size());
    if (added) {
      suites_.emplace_back();
      suites_.back().folder = name.folder.empty() ? "." : name.folder;
      suites_.back().level = name.level;
    }
    return suites_[place->second];
  }

  std::vector<Suite> Take() {
    llvm::stable_sort(suites_, [&](const Suite &a, const Suite &b) {
      return std::make_tuple(levels_.Rank(a.level), llvm::StringRef(a.folder)) <
             std::make_tuple(levels_.Rank(b.level), llvm::StringRef(b.folder));
    });
    return std::move(suites_);
  }

private:
  const LevelTable &levels_;
  std::vector<Suite> suites_;
  llvm::StringMap<size_t> by_folder_;
};

// One entry for each reason, with the number of further failures that share it.
void AddKeyFailure(const ExplainedFailure &each, Suite &suite) {
  for (KeyFailure &known : suite.failures) {
    if (known.reason.kind == each.reason.kind && known.reason.index == each.reason.index &&
        known.reason.kind != ReasonKind::None) {
      ++known.alike;
      return;
    }
  }
  suite.failures.push_back({each.failure.id, each.failure.error, each.reason, 0});
}

void SortKeyFailures(Suite &suite) {
  llvm::stable_sort(suite.failures,
                    [](const KeyFailure &a, const KeyFailure &b) { return a.alike > b.alike; });
}

// A teardown that fails has a letter of its own: the test has two.
void CountLetters(const TestResults &results, const TestCase &test, TestCounts &counts) {
  Count(test.outcome, counts);
  const bool teardown =
      test.detail.valid() &&
      llvm::any_of(results.details[test.detail].errors,
                   [](const PhaseError &error) { return error.phase == TestPhase::Teardown; });
  if (teardown && test.outcome == TestOutcome::Error) {
    ++counts.passed;
  } else if (teardown && test.outcome == TestOutcome::Failed) {
    ++counts.errors;
  }
}

void AddTallies(const TestResults &results, SuiteTable &table) {
  llvm::StringMap<TestCounts> named; // tests that a log names one by one, by file
  for (const TestCase &test : results.tests) {
    CountLetters(results, test, named[SplitTestId(test.id).file]);
  }
  for (const FileTally &tally : results.tallies) {
    const TestCounts known = named.lookup(tally.path);
    auto rest = [](uint32_t all, uint32_t listed) { return all > listed ? all - listed : 0; };
    TestCounts more;
    more.passed = rest(tally.passed + tally.xpassed, known.passed);
    more.failed = rest(tally.failed, known.failed);
    more.errors = rest(tally.errors, known.errors);
    more.skipped = rest(tally.skipped, known.skipped);
    more.xfailed = rest(tally.xfailed, known.xfailed);
    Add(more, table.Of(tally.path).counts);
  }
}

} // namespace

void FillSuites(const TestResults &results, llvm::ArrayRef<ExplainedFailure> failures,
                llvm::ArrayRef<std::string> never_ran, const LevelTable &levels, Joined &joined) {
  SuiteTable table(levels);
  llvm::StringSet<> listed;
  for (const TestCase &test : results.tests) {
    Suite &suite = table.Of(SplitTestId(test.id).file);
    Count(test.outcome, suite.counts);
    listed.insert(test.id);
    if (test.seconds >= 0) {
      AddSeconds(suite.seconds, test.seconds);
    }
  }
  AddTallies(results, table);
  for (const std::string &id : never_ran) {
    if (!listed.contains(id)) {
      ++table.Of(SplitTestId(id).file).counts.not_run;
    }
  }
  for (const ExplainedFailure &each : failures) {
    Suite &suite = table.Of(each.failure.file);
    suite.counts.uncollected += each.failure.uncollected;
    AddKeyFailure(each, suite);
  }
  joined.suites = table.Take();
  for (size_t i = 0; i < joined.suites.size(); ++i) {
    Suite &suite = joined.suites[i];
    SortKeyFailures(suite);
    Add(suite.counts, joined.counts);
    if (joined.levels.empty() || joined.levels.back().level != suite.level) {
      joined.levels.emplace_back().level = suite.level;
    }
    LevelResult &level = joined.levels.back();
    Add(suite.counts, level.counts);
    AddSeconds(level.seconds, suite.seconds);
    level.suites.push_back(i);
  }
}

} // namespace pydefrag
