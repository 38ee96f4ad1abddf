#include "outcomes/merge.h"

#include "outcomes/fold.h"
#include "outcomes/outcomes.h"
#include "support.h"

#include <gtest/gtest.h>

namespace pydefrag {
namespace {

TestCase Case(llvm::StringRef id, TestOutcome outcome, TestPhase phase = TestPhase::Call) {
  TestCase test;
  test.id = id.str();
  test.outcome = outcome;
  test.phase = phase;
  return test;
}

TestRun MakeRun(SourceKind kind, std::vector<TestCase> tests, llvm::StringRef path = "report") {
  TestRun run;
  run.info.kind = kind;
  run.info.path = path.str();
  run.results.tests = std::move(tests);
  run.results = FoldTests(std::move(run.results));
  return run;
}

TEST(Fold, FailureOutranksAllElseAndCallOutranksTeardown) {
  const TestRun run =
      MakeRun(SourceKind::ReportLog, {
                                         Case("b", TestOutcome::Passed),
                                         Case("a", TestOutcome::Failed),
                                         Case("a", TestOutcome::Error, TestPhase::Teardown),
                                         Case("b", TestOutcome::Error, TestPhase::Teardown),
                                         Case("c", TestOutcome::Skipped),
                                         Case("c", TestOutcome::NotRun),
                                     });
  ASSERT_EQ(run.results.tests.size(), 3U);
  EXPECT_EQ(run.results.tests[0].id, "a");
  EXPECT_EQ(run.results.tests[0].outcome, TestOutcome::Failed);
  EXPECT_EQ(run.results.tests[1].outcome, TestOutcome::Error);
  EXPECT_EQ(run.results.tests[1].phase, TestPhase::Teardown);
  EXPECT_EQ(run.results.tests[2].outcome, TestOutcome::Skipped);
  EXPECT_EQ(run.results.Count().Of(TestOutcome::Failed), 1U);
  EXPECT_EQ(run.results.Count().Total(), 3U);
}

TEST(Fold, SameErrorTwiceIsOneError) {
  TestResults results;
  for (int i = 0; i < 2; ++i) {
    TestCase test = Case("a", TestOutcome::Failed);
    PhaseError error;
    error.chain.segments.emplace_back();
    error.chain.segments.back().type = "ValueError";
    results.DetailOf(test).errors.push_back(error);
    results.tests.push_back(test);
  }
  const TestResults folded = FoldTests(std::move(results));
  EXPECT_EQ(DetailOf(folded, "a").errors.size(), 1U);
}

TEST(Merge, AccountsOfOneRunCompleteEachOther) {
  ShopProject project;
  std::vector<TestRun> runs;
  for (const char *name : {"pytest9/unit.junit.xml", "pytest9/unit.log",
                           "pytest9/unit.report.json.gz", "pytest9/unit.reportlog.jsonl.gz"}) {
    for (TestRun &run : ReadOutcomes(project.disk(), FixturePath(name), project.ids())) {
      runs.push_back(std::move(run));
    }
  }
  const size_t tests = runs.back().results.tests.size();
  const MergedRuns merged = MergeRuns(std::move(runs));
  const TestResults &results = merged.results;
  EXPECT_EQ(merged.runs.size(), 4U);
  EXPECT_TRUE(results.problems.empty());
  EXPECT_EQ(results.tests.size(), tests);
  EXPECT_TRUE(results.tallies.empty());
  EXPECT_EQ(results.inventory.size(), 54U);
  EXPECT_TRUE(NeverRan(results).empty());
  EXPECT_EQ(OutcomeOf(results, "tests/unit/test_plain.py::test_passes_unexpectedly"), "xpassed");
  const TestDetail &subtests =
      DetailOf(results, "tests/unit/test_cases.py::TillTest::test_subtests");
  EXPECT_EQ(subtests.errors.size(), 2U);
  EXPECT_EQ(DetailOf(results, "tests/unit/test_plain.py::test_not_run").reason,
            "[NOTRUN] would crash");
}

TEST(Merge, JUnitWithItsLogHasWhatEachLacks) {
  ShopProject project;
  std::vector<TestRun> runs;
  for (const char *name : {"pytest8/unit.log", "pytest8/unit.junit.xml"}) {
    for (TestRun &run : ReadOutcomes(project.disk(), FixturePath(name), project.ids())) {
      runs.push_back(std::move(run));
    }
  }
  const MergedRuns merged = MergeRuns(std::move(runs));
  const TestResults &results = merged.results;
  EXPECT_TRUE(results.problems.empty());
  // JUnit calls it passed, the log knows better.
  EXPECT_EQ(OutcomeOf(results, "tests/unit/test_plain.py::test_passes_unexpectedly"), "xpassed");
  EXPECT_EQ(OutcomeOf(results, "tests/unit/test_plain.py::test_passes"), "passed");
  const OutcomeCounts counts = results.Count();
  EXPECT_EQ(counts.Of(TestOutcome::Error), 3U);
  EXPECT_EQ(counts.Of(TestOutcome::XFailed), 3U);
  EXPECT_EQ(counts.Of(TestOutcome::XPassed), 1U);
  EXPECT_EQ(counts.Of(TestOutcome::XPassedStrict), 2U);
}

TEST(Merge, DisjointReportsOfOneKindAreJoined) {
  const MergedRuns merged =
      MergeRuns({MakeRun(SourceKind::JUnitXml, {Case("a.py::t", TestOutcome::Passed)}),
                 MakeRun(SourceKind::JUnitXml, {Case("b.py::t", TestOutcome::Failed)})});
  EXPECT_EQ(merged.results.tests.size(), 2U);
  EXPECT_TRUE(merged.results.problems.empty());
}

TEST(Merge, LaterRunOfOneKindCountsAndTheContradictionIsTold) {
  TestRun first =
      MakeRun(SourceKind::JUnitXml, {Case("a.py::t", TestOutcome::Failed)}, "first.xml");
  first.info.started = 100;
  TestRun second =
      MakeRun(SourceKind::JUnitXml, {Case("a.py::t", TestOutcome::Passed)}, "second.xml");
  second.info.started = 200;
  const MergedRuns merged = MergeRuns({std::move(first), std::move(second)});
  EXPECT_EQ(OutcomeOf(merged.results, "a.py::t"), "passed");
  ASSERT_EQ(merged.results.problems.size(), 1U);
  EXPECT_EQ(merged.results.problems[0].path, "first.xml");
  EXPECT_NE(merged.results.problems[0].message.find("second.xml"), std::string::npos);
}

TEST(Merge, CachesMemoryOfOlderFailuresNeverContradicts) {
  const MergedRuns merged =
      MergeRuns({MakeRun(SourceKind::PytestCache, {Case("a.py::t", TestOutcome::Failed)}),
                 MakeRun(SourceKind::JUnitXml, {Case("a.py::t", TestOutcome::Passed)})});
  EXPECT_EQ(OutcomeOf(merged.results, "a.py::t"), "passed");
  EXPECT_TRUE(merged.results.problems.empty());
}

TEST(Merge, CollectionErrorsOfSeveralAccountsAreOneEach) {
  ShopProject project;
  std::vector<TestRun> runs;
  for (const char *name :
       {"pytest8/broken.log", "pytest8/broken.junit.xml", "cache", "pytest8/broken.report.json"}) {
    for (TestRun &run : ReadOutcomes(project.disk(), FixturePath(name), project.ids())) {
      runs.push_back(std::move(run));
    }
  }
  const MergedRuns merged = MergeRuns(std::move(runs));
  EXPECT_EQ(merged.results.collection_errors.size(), 7U);
  for (const CollectionError &error : merged.results.collection_errors) {
    EXPECT_FALSE(error.chain.empty()) << error.path;
  }
  const std::vector<std::string> waiting = NeverRan(merged.results);
  EXPECT_EQ(waiting.size(), 16U); // 18 that the cache knows, less 3 that failed; test_good
  EXPECT_EQ(waiting.front(), "tests/broken/test_good.py::test_good");
}

TEST(Merge, WarningsOfOneRunAreNotCountedTwice) {
  ShopProject project;
  std::vector<TestRun> runs;
  for (const char *name :
       {"pytest8/warn.log", "pytest8/warn.reportlog.jsonl", "pytest8/warn.report.json"}) {
    for (TestRun &run : ReadOutcomes(project.disk(), FixturePath(name), project.ids())) {
      runs.push_back(std::move(run));
    }
  }
  const MergedRuns merged = MergeRuns(std::move(runs));
  ASSERT_EQ(merged.results.warnings.size(), 4U);
  EXPECT_EQ(merged.results.warnings[3].count, 12U);
  EXPECT_EQ(merged.results.warnings[3].locations.size(), 12U);
}

} // namespace
} // namespace pydefrag
