// One recorded run of fixtures/outcomes/project/tests/unit, told by every format of three pytest
// versions: each must tell the same. What a format cannot know stands in the tests by name.
#include "outcomes/errors/python_errors.h"
#include "outcomes/errors/skip_reasons.h"
#include "outcomes/outcomes.h"
#include "support.h"

#include <gtest/gtest.h>
#include <map>

namespace pydefrag {
namespace {

struct Expected {
  const char *id;
  const char *outcome;
  const char *root;   // headline of the root cause of the first error; "" when there is none
  const char *places; // its frames in the project
};

// Read off the sources of the recorded tests.
constexpr const char *kNoBasket =
    "ImportError: cannot import name 'Basket' from 'shop.cart' (/home/ci/shop/shop/cart.py)";
constexpr Expected kUnit[] = {
    {"docs/usage.txt::usage.txt", "failed", kNoBasket, "docs/usage.txt:4"},
    {"shop/cart.py::shop.cart.Cart", "failed", "DocTestFailure: Expected:", "shop/cart.py:4"},
    {"tests/unit/test_cases.py::InheritedTest::test_inherited", "failed", "AssertionError",
     "tests/unit/shared_cases.py:3"},
    {"tests/unit/test_cases.py::TillTest::test_expected", "xfailed", "", ""},
    {"tests/unit/test_cases.py::TillTest::test_fails", "failed", "AssertionError: 1 != 2",
     "tests/unit/test_cases.py:11"},
    {"tests/unit/test_cases.py::TillTest::test_passes", "passed", "", ""},
    {"tests/unit/test_cases.py::TillTest::test_skipped", "skipped", "", ""},
    {"tests/unit/test_cases.py::TillTest::test_subtests", "failed", "AssertionError: 0 != 1",
     "tests/unit/test_cases.py:28"},
    {"tests/unit/test_cases.py::TillTest::test_unexpected", "xpassed-strict", "", ""},
    {"tests/unit/test_errors.py::test_attribute_of_module", "failed",
     "AttributeError: module 'shop.cart' has no attribute 'Basket'",
     "tests/unit/test_errors.py:32"},
    {"tests/unit/test_errors.py::test_context", "failed",
     "ModuleNotFoundError: No module named 'nowhere'", "tests/unit/test_errors.py:19"},
    {"tests/unit/test_errors.py::test_direct_cause", "failed", kNoBasket,
     "tests/unit/test_errors.py:12 shop/late.py:2"},
    {"tests/unit/test_errors.py::test_fail_call", "failed", "Failed: said so",
     "tests/unit/test_errors.py:57"},
    {"tests/unit/test_errors.py::test_from_none", "failed", "KeyError: 'hidden'",
     "tests/unit/test_errors.py:28"},
    {"tests/unit/test_errors.py::test_group", "failed",
     "ImportError: cannot import name 'A' from 'shop' (x.py)", ""},
    {"tests/unit/test_errors.py::test_group_of_raised", "failed", kNoBasket,
     "tests/unit/test_errors.py:68 shop/late.py:2"},
    {"tests/unit/test_errors.py::test_lazy_import", "failed", kNoBasket,
     "tests/unit/test_errors.py:7 shop/late.py:2"},
    {"tests/unit/test_errors.py::test_multi_line_message", "failed", "ValueError: first line",
     "tests/unit/test_errors.py:40"},
    {"tests/unit/test_errors.py::test_own_value_error", "failed",
     "ValueError: a cart needs an owner or a token",
     "tests/unit/test_errors.py:36 shop/cart.py:17"},
    {"tests/unit/test_errors.py::test_plain_assert_in_helper", "failed", "AssertionError",
     "tests/unit/test_errors.py:48 shop/asserting.py:2"},
    {"tests/unit/test_errors.py::test_unexpected_keyword", "failed",
     "TypeError: Cart.__init__() got an unexpected keyword argument 'name'",
     "tests/unit/test_errors.py:44"},
    {"tests/unit/test_ids.py::TestOuter::TestInner::test_deep", "passed", "", ""},
    {"tests/unit/test_ids.py::TestOuter::TestInner::test_deep_param[p::q[r]]", "failed",
     "AssertionError: assert 'p::q[r]' == ''", "tests/unit/test_ids.py:24"},
    {"tests/unit/test_ids.py::test_text[\\u65e5\\u672c]", "passed", "", ""},
    {"tests/unit/test_ids.py::test_text[\\xe9]", "passed", "", ""},
    {"tests/unit/test_ids.py::test_text[]", "passed", "", ""},
    {"tests/unit/test_ids.py::test_text[a.b]", "passed", "", ""},
    {"tests/unit/test_ids.py::test_text[a/b.py]", "passed", "", ""},
    {"tests/unit/test_ids.py::test_text[a::b]", "passed", "", ""},
    {"tests/unit/test_ids.py::test_text[a[b]]", "passed", "", ""},
    {"tests/unit/test_ids.py::test_text[line\\nbreak]", "passed", "", ""},
    {"tests/unit/test_ids.py::test_text[same0]", "passed", "", ""},
    {"tests/unit/test_ids.py::test_text[same1]", "passed", "", ""},
    {"tests/unit/test_ids.py::test_text[x - y]", "failed",
     "AssertionError: assert 'x - y' != 'x - y'", "tests/unit/test_ids.py:9"},
    {"tests/unit/test_ids.py::test_values[1.5]", "passed", "", ""},
    {"tests/unit/test_ids.py::test_values[<lambda>]", "passed", "", ""},
    {"tests/unit/test_ids.py::test_values[None]", "failed",
     "AssertionError: assert None is not None", "tests/unit/test_ids.py:14"},
    {"tests/unit/test_ids.py::test_values[value2]", "passed", "", ""},
    {"tests/unit/test_ids.py::test_values[value3]", "passed", "", ""},
    {"tests/unit/test_plain.py::test_expected_failure", "xfailed", kNoBasket,
     "tests/unit/test_plain.py:29"},
    {"tests/unit/test_plain.py::test_fails", "failed", "AssertionError: assert (1 + 1) == 3",
     "tests/unit/test_plain.py:11"},
    {"tests/unit/test_plain.py::test_fails_twice", "failed", "AssertionError: assert [] == [1]",
     "tests/unit/test_plain.py:67"},
    {"tests/unit/test_plain.py::test_fails_with_reason", "failed", "AssertionError: they differ",
     "tests/unit/test_plain.py:15"},
    {"tests/unit/test_plain.py::test_not_run", "xfailed", "", ""},
    {"tests/unit/test_plain.py::test_passes", "passed", "", ""},
    {"tests/unit/test_plain.py::test_passes_strictly", "xpassed-strict", "", ""},
    {"tests/unit/test_plain.py::test_passes_unexpectedly", "xpassed", "", ""},
    {"tests/unit/test_plain.py::test_setup_error", "error", kNoBasket,
     "tests/unit/test_plain.py:49"},
    {"tests/unit/test_plain.py::test_skipped", "skipped", "", ""},
    {"tests/unit/test_plain.py::test_skipped_by_mark", "skipped", "", ""},
    {"tests/unit/test_plain.py::test_teardown_error", "error",
     "RuntimeError: could not close the till", "tests/unit/test_plain.py:55"},
    {"tests/unit/test_plain.py::test_unknown_fixture", "error",
     ": fixture 'nowhere_defined' not found", ""},
    {"tests/unit/test_skipped_module.py", "skipped", "", ""},
    {"tests/unit/test_subtests.py::test_rounds", "failed", "AssertionError: assert 0 == 1",
     "tests/unit/test_subtests.py:4"},
};
constexpr const char *kDidNotRaise = "tests/unit/test_errors.py::test_did_not_raise";

struct Source {
  const char *name;
  SourceKind kind;
};

TestRun ReadOne(ShopProject &project, const std::string &name) {
  std::vector<TestRun> runs = ReadOutcomes(project.disk(), FixturePath(name), project.ids());
  EXPECT_EQ(runs.size(), 1U) << name;
  return std::move(runs.front());
}

class RecordedRun : public testing::TestWithParam<const char *> {
protected:
  std::string Name(const char *file) const { return std::string(GetParam()) + "/" + file; }

  // What a report of this kind cannot tell.
  static bool Blind(SourceKind kind, const Expected &test) {
    const llvm::StringRef id = test.id;
    const llvm::StringRef outcome = test.outcome;
    if (kind == SourceKind::TerminalLog) {
      // Without -v passed and skipped tests are not named.
      return outcome == "passed" || (outcome == "skipped" && id.contains("::"));
    }
    return kind == SourceKind::Ctrf && id == "tests/unit/test_skipped_module.py";
  }

  static std::string ExpectedOutcome(SourceKind kind, const Expected &test) {
    // JUnit writes nothing at all for a test that passed although it was expected to fail.
    const bool lost = kind == SourceKind::JUnitXml && std::string(test.outcome) == "xpassed";
    return lost ? "passed" : test.outcome;
  }

  static bool LosesError(SourceKind kind, const Expected &test) {
    const llvm::StringRef id = test.id;
    if (std::string(test.outcome) == "xfailed") {
      return kind == SourceKind::JUnitXml || kind == SourceKind::TerminalLog;
    }
    // The plugin keeps the last record of a phase, which is not the failed subtest's.
    return kind == SourceKind::JsonReport &&
           (id.ends_with("::test_subtests") || id.ends_with("::test_rounds"));
  }

  void Check(const std::string &file) {
    SCOPED_TRACE(file);
    ShopProject project;
    const TestRun run = ReadOne(project, file);
    const SourceKind kind = run.info.kind;
    EXPECT_TRUE(run.info.complete);
    EXPECT_TRUE(run.results.problems.empty());
    size_t known = 1; // test_did_not_raise
    for (const Expected &test : kUnit) {
      SCOPED_TRACE(test.id);
      if (Blind(kind, test)) {
        EXPECT_EQ(OutcomeOf(run.results, test.id), "absent");
        continue;
      }
      ++known;
      EXPECT_EQ(OutcomeOf(run.results, test.id), ExpectedOutcome(kind, test));
      const TestDetail &detail = DetailOf(run.results, test.id);
      if (LosesError(kind, test)) {
        continue;
      }
      if (std::string(test.root).empty()) {
        EXPECT_TRUE(detail.errors.empty());
        continue;
      }
      ASSERT_FALSE(detail.errors.empty());
      ASSERT_FALSE(detail.errors.front().chain.empty());
      const ErrorSegment &root = detail.errors.front().chain.segments.front();
      EXPECT_EQ(Headline(root), test.root);
      EXPECT_EQ(Places(root), test.places);
      EXPECT_EQ(detail.errors.front().chain.segments.back().link, ErrorLink::Final);
    }
    EXPECT_EQ(OutcomeOf(run.results, kDidNotRaise), "failed");
    EXPECT_EQ(run.results.tests.size(), known);
  }
};

TEST_P(RecordedRun, JUnitWithFilesTellsEveryTest) {
  Check(Name("unit.junit.xml"));
}
TEST_P(RecordedRun, JUnitWithoutFilesTellsEveryTest) {
  Check(Name("unit2.xunit2.xml"));
}
TEST_P(RecordedRun, ReportLogTellsEveryTest) {
  Check(Name("unit.reportlog.jsonl.gz"));
}
TEST_P(RecordedRun, TerminalLogTellsWhatIsNamedInIt) {
  Check(Name("unit.log"));
}
TEST_P(RecordedRun, JsonReportTellsEveryTest) {
  Check(Name("unit.report.json.gz"));
}
TEST_P(RecordedRun, CtrfTellsEveryTest) {
  if (std::string(GetParam()) != "pytest7") { // the plugin needs pytest 8
    Check(Name("unit.ctrf.json.gz"));
  }
}

TEST_P(RecordedRun, EverythingThatFailsAtCollectionIsTheSameInEveryFormat) {
  struct Error {
    const char *path;
    const char *root;
    const char *places;
  };
  const Error expected[] = {
      {"tests/broken/test_attribute.py",
       "AttributeError: module 'shop.cart' has no attribute 'Basket'",
       "tests/broken/test_attribute.py:3"},
      {"tests/broken/test_chained.py", kNoBasket, "tests/broken/test_chained.py:2"},
      {"tests/broken/test_cycle.py",
       "ImportError: cannot import name 'hatch' from partially initialized module 'shop.chicken' "
       "(most likely due to a circular import) (/home/ci/shop/shop/chicken.py)",
       "tests/broken/test_cycle.py:1 shop/chicken.py:1 shop/egg.py:1"},
      {"tests/broken/test_direct.py", kNoBasket, "tests/broken/test_direct.py:1"},
      {"tests/broken/test_no_module.py", "ModuleNotFoundError: No module named 'vanished'",
       "tests/broken/test_no_module.py:1"},
      {"tests/broken/test_syntax.py", "SyntaxError: invalid syntax",
       "tests/broken/test_syntax.py:1"},
      {"tests/broken/test_transitive.py", kNoBasket,
       "tests/broken/test_transitive.py:1 shop/broken.py:1"},
  };
  for (const char *file : {"broken.junit.xml", "broken.reportlog.jsonl", "broken.report.json",
                           "broken.log", "xdist-broken.junit.xml", "xdist-broken.log"}) {
    SCOPED_TRACE(file);
    ShopProject project;
    const TestRun run = ReadOne(project, Name(file));
    ASSERT_EQ(run.results.collection_errors.size(), std::size(expected));
    std::map<std::string, const CollectionError *> by_path;
    for (const CollectionError &error : run.results.collection_errors) {
      by_path[error.path] = &error;
    }
    for (const Error &error : expected) {
      SCOPED_TRACE(error.path);
      ASSERT_TRUE(by_path.count(error.path));
      const CollectionError &found = *by_path[error.path];
      EXPECT_EQ(Headline(found.chain.segments.front()), error.root);
      EXPECT_EQ(Places(found.chain.segments.front()), error.places);
      EXPECT_FALSE(found.conftest);
    }
    EXPECT_EQ(by_path["tests/broken/test_chained.py"]->chain.segments.size(), 2U);
  }
}

TEST_P(RecordedRun, TestsThatNeverRanBecauseOfTheInterruptionAreNotCalledPassed) {
  ShopProject project;
  for (const char *file :
       {"broken.junit.xml", "broken.reportlog.jsonl", "broken.report.json", "broken.log"}) {
    SCOPED_TRACE(file);
    const TestRun run = ReadOne(project, Name(file));
    EXPECT_EQ(OutcomeOf(run.results, "tests/broken/test_good.py::test_good"), "absent");
  }
  const TestRun run = ReadOne(project, Name("broken.report.json"));
  EXPECT_EQ(run.results.inventory,
            std::vector<std::string>{"tests/broken/test_good.py::test_good"});
}

TEST_P(RecordedRun, RunIsDescribed) {
  ShopProject project;
  const std::string major = std::string(GetParam()).substr(6);
  const TestRun log = ReadOne(project, Name("unit.log"));
  EXPECT_EQ(log.info.producer, "pytest");
  EXPECT_EQ(log.info.producer_version.substr(0, 1), major);
  EXPECT_EQ(log.info.python_version, "3.11.7");
  EXPECT_EQ(log.info.rootdir, "/home/ci/shop");
  EXPECT_EQ(log.info.declared.collected, 54U);
  EXPECT_EQ(log.info.declared.errors, 4U);
  EXPECT_GT(log.info.seconds.value_or(0), 0.0);
  const TestRun report = ReadOne(project, Name("broken.reportlog.jsonl"));
  EXPECT_EQ(report.info.exit_status, 2);
  EXPECT_EQ(report.info.producer_version.substr(0, 1), major);
  const TestRun junit = ReadOne(project, Name("unit.junit.xml"));
  EXPECT_EQ(junit.info.host, "ci-host");
  EXPECT_GT(junit.info.started.value_or(0), 1700000000);
  EXPECT_EQ(junit.info.started_is_utc, major != "7");
  // The suite's own sum is not the number of tests.
  EXPECT_NE(junit.info.declared.tests, junit.results.tests.size());
}

TEST_P(RecordedRun, FailedSubtestsOfOneTestAreKeptApart) {
  ShopProject project;
  const TestRun run = ReadOne(project, Name("unit.reportlog.jsonl.gz"));
  const TestDetail &detail = DetailOf(run.results, "tests/unit/test_subtests.py::test_rounds");
  ASSERT_EQ(detail.errors.size(), 2U);
  EXPECT_EQ(detail.errors[0].subtest, "[round] (n=0)");
  EXPECT_EQ(detail.errors[1].subtest, "[round] (n=2)");
  const TestRun log = ReadOne(project, Name("unit.log"));
  const TestDetail &shown = DetailOf(log.results, "tests/unit/test_subtests.py::test_rounds");
  ASSERT_EQ(shown.errors.size(), 2U);
  EXPECT_EQ(shown.errors[1].subtest, "[round] (n=2)");
}

TEST_P(RecordedRun, BothErrorsOfATestThatFailsTwiceAreKept) {
  ShopProject project;
  for (const char *file : {"unit.junit.xml", "unit.reportlog.jsonl.gz", "unit.log"}) {
    SCOPED_TRACE(file);
    const TestRun run = ReadOne(project, Name(file));
    const TestDetail &detail = DetailOf(run.results, "tests/unit/test_plain.py::test_fails_twice");
    ASSERT_EQ(detail.errors.size(), 2U);
    EXPECT_EQ(detail.errors[0].phase, TestPhase::Call);
    EXPECT_EQ(detail.errors[1].phase, TestPhase::Teardown);
    EXPECT_EQ(Headline(detail.errors[1].chain.segments.front()),
              "RuntimeError: could not close the till");
  }
}

TEST_P(RecordedRun, ReasonsOfExpectedFailuresAndSkipsAreKept) {
  ShopProject project;
  for (const char *file : {"unit.junit.xml", "unit.reportlog.jsonl.gz", "unit.log"}) {
    SCOPED_TRACE(file);
    const TestRun run = ReadOne(project, Name(file));
    const TestResults &results = run.results;
    EXPECT_EQ(DetailOf(results, "tests/unit/test_plain.py::test_expected_failure").reason,
              "known defect 12");
    EXPECT_EQ(DetailOf(results, "tests/unit/test_plain.py::test_not_run").reason,
              "[NOTRUN] would crash");
    EXPECT_EQ(DetailOf(results, "tests/unit/test_plain.py::test_passes_strictly").reason,
              "strictly");
    EXPECT_EQ(SkippedForModule(DetailOf(results, "tests/unit/test_skipped_module.py").reason),
              "no_such_till");
  }
}

TEST_P(RecordedRun, RepeatedAttemptsAreCounted) {
  ShopProject project;
  const TestRun run = ReadOne(project, Name("rerun.reportlog.jsonl"));
  const TestCase *flaky = run.results.Find("tests/rerun/test_flaky.py::test_third_time_lucky");
  ASSERT_NE(flaky, nullptr);
  EXPECT_EQ(flaky->outcome, TestOutcome::Passed);
  EXPECT_EQ(flaky->reruns, 2);
  const TestDetail &detail = DetailOf(run.results, flaky->id);
  ASSERT_EQ(detail.errors.size(), 2U);
  EXPECT_TRUE(detail.errors[0].rerun);
  const TestCase *broken = run.results.Find("tests/rerun/test_flaky.py::test_never_lucky");
  ASSERT_NE(broken, nullptr);
  EXPECT_EQ(broken->outcome, TestOutcome::Failed);
  EXPECT_EQ(broken->reruns, 1);
  const TestRun json = ReadOne(project, Name("rerun.report.json"));
  const TestCase *last = json.results.Find(flaky->id);
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(last->outcome, TestOutcome::Passed);
  EXPECT_EQ(last->reruns, 1); // the plugin keeps only that there were some
}

TEST_P(RecordedRun, DeadWorkersTestIsAFailureAndSaidToHaveCrashed) {
  ShopProject project;
  for (const char *file : {"xdist.junit.xml", "xdist.reportlog.jsonl", "xdist.log"}) {
    SCOPED_TRACE(file);
    const TestRun run = ReadOne(project, Name(file));
    const TestCase *test = run.results.Find("tests/xdist/test_workers.py::test_crashes");
    ASSERT_NE(test, nullptr);
    EXPECT_EQ(test->outcome, TestOutcome::Failed);
    EXPECT_TRUE(test->crashed);
    EXPECT_EQ(OutcomeOf(run.results, "tests/xdist/test_workers.py::test_fails"), "failed");
  }
}

TEST_P(RecordedRun, WarningsAreToldWithTheirPlaces) {
  ShopProject project;
  const char *awaited = "tests/warn/test_awaited.py::test_never_awaited";
  for (const char *file : {"warn.reportlog.jsonl", "warn.log", "warn.report.json"}) {
    SCOPED_TRACE(file);
    const TestRun run = ReadOne(project, Name(file));
    ASSERT_EQ(run.results.warnings.size(), 4U);
    const WarningRecord &import = run.results.warnings[0];
    EXPECT_EQ(import.category, "DeprecationWarning");
    EXPECT_EQ(import.message, "shop.old is deprecated, use shop.cart");
    EXPECT_EQ(import.path, "tests/warn/test_warnings.py");
    EXPECT_EQ(import.line, 3U);
    EXPECT_EQ(import.phase, WarningPhase::Collect);
    const WarningRecord &coroutine = run.results.warnings[1];
    EXPECT_EQ(coroutine.category, "RuntimeWarning");
    EXPECT_EQ(coroutine.message, "coroutine 'ship' was never awaited");
    EXPECT_EQ(ClassifyError(coroutine.category, coroutine.message).subject, "ship");
    EXPECT_EQ(run.results.warnings[3].count, 12U);
    if (run.info.kind != SourceKind::JsonReport) { // it names no tests
      EXPECT_EQ(coroutine.locations, std::vector<std::string>{awaited});
    }
  }
}

TEST_P(RecordedRun, WarningsTurnedIntoErrorsKeepTheirCategory) {
  ShopProject project;
  for (const char *file : {"warn-error.junit.xml", "warn-error.log"}) {
    SCOPED_TRACE(file);
    const TestRun run = ReadOne(project, Name(file));
    ASSERT_EQ(run.results.collection_errors.size(), 1U);
    const CollectionError &error = run.results.collection_errors.front();
    EXPECT_EQ(Headline(error.chain.segments.front()),
              "DeprecationWarning: shop.old is deprecated, use shop.cart");
    EXPECT_EQ(Places(error.chain.segments.front()), "tests/warn/test_warnings.py:3 shop/old.py:3");
    const TestDetail &detail =
        DetailOf(run.results, "tests/warn/test_awaited.py::test_never_awaited");
    ASSERT_FALSE(detail.errors.empty());
    EXPECT_EQ(ClassifyError(detail.errors.front().chain.segments.front()).rule,
              ErrorRule::NeverAwaited);
  }
}

TEST_P(RecordedRun, BrokenConftestBelowTheRootIsACollectionErrorOfItsFolder) {
  ShopProject project;
  const bool old = std::string(GetParam()) == "pytest7"; // it blames the session
  for (const char *file : {"sub.junit.xml", "sub.log"}) {
    SCOPED_TRACE(file);
    const TestRun run = ReadOne(project, Name(file));
    ASSERT_EQ(run.results.collection_errors.size(), 1U);
    const CollectionError &error = run.results.collection_errors.front();
    EXPECT_EQ(error.path, old ? "" : "tests/sub");
    EXPECT_TRUE(error.conftest);
    EXPECT_EQ(Places(error.chain.segments.front()), "tests/sub/conftest.py:1");
  }
}

TEST_P(RecordedRun, BrokenConftestAtTheRootLeavesOnlyTheLog) {
  ShopProject project;
  const TestRun run = ReadOne(project, Name("conftest.log"));
  ASSERT_EQ(run.results.session_errors.size(), 1U);
  const SessionError &error = run.results.session_errors.front();
  EXPECT_EQ(error.kind, SessionErrorKind::Conftest);
  EXPECT_EQ(error.path, "crash/top/conftest.py");
  EXPECT_EQ(Headline(error.chain.segments.front()),
            "ModuleNotFoundError: No module named 'nowhere'");
  EXPECT_TRUE(run.results.problems.empty());
}

TEST_P(RecordedRun, MissingPluginIsNamed) {
  ShopProject project;
  const TestRun run = ReadOne(project, Name("plugin.log"));
  ASSERT_EQ(run.results.session_errors.size(), 1U);
  const SessionError &error = run.results.session_errors.front();
  EXPECT_EQ(error.kind, SessionErrorKind::Plugin);
  const PythonError cause = ClassifyError(error.chain.segments.front());
  EXPECT_EQ(cause.rule, ErrorRule::PluginImport);
  EXPECT_EQ(cause.name, "nope.plugin");
  EXPECT_EQ(cause.module, "nope");
}

TEST_P(RecordedRun, CrashOfPytestItselfIsToldWithItsPlace) {
  ShopProject project;
  for (const char *file : {"internal.junit.xml", "internal.log"}) {
    SCOPED_TRACE(file);
    const TestRun run = ReadOne(project, Name(file));
    ASSERT_EQ(run.results.session_errors.size(), 1U);
    const SessionError &error = run.results.session_errors.front();
    EXPECT_EQ(error.kind, SessionErrorKind::Internal);
    EXPECT_EQ(Headline(error.chain.segments.front()), "RuntimeError: a plugin is broken");
    EXPECT_EQ(Places(error.chain.segments.front()), "crash/internal/conftest.py:2");
  }
}

INSTANTIATE_TEST_SUITE_P(Versions, RecordedRun, testing::Values("pytest7", "pytest8", "pytest9"),
                         [](const auto &info) { return std::string(info.param); });

} // namespace
} // namespace pydefrag
