// Joined: what a project's tests did and are going to do, joined with what the code says. Plain
// data that owns its strings; every list is in the order in which it is shown. Made by JoinOutcomes
// (join/join.h), rendered by report/. Nothing here was guessed: what no source recorded is absent.
#pragma once

#include "check/finding.h"
#include "outcomes/outcome.h"
#include "outcomes/plans/plan.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

struct Place {
  std::string path;  // relative to the root when in the project
  uint32_t line = 0; // 1-based; 0: the whole file
  friend auto operator<=>(const Place &, const Place &) = default;
};

// "shop/cart.py:3"; without a line when that is 0.
std::string PlaceText(llvm::StringRef path, uint32_t line);
inline std::string PlaceText(const Place &place) {
  return PlaceText(place.path, place.line);
}

// Something recorded, and by whom: {"3f2a91c", "git"}, {"8.4.2", "reports/junit.xml"}.
struct Recorded {
  std::string text;
  std::string from;
};

struct SourceRead {
  std::string path; // as it was named
  SourceKind kind = SourceKind::Unknown;
  bool complete = false; // it ends as a finished run's report does
};

// What was run on what. Absent: no source recorded it, and renderings say so.
struct RunHeader {
  std::vector<SourceRead> sources; // as given; empty: no report was read
  std::optional<Recorded> revision, branch;
  std::optional<Recorded> python;    // "3.11.7"
  std::optional<Recorded> framework; // "pytest 8.4.2"
  std::optional<Recorded> platform, host;
  std::optional<int64_t> started;      // seconds since the epoch
  bool started_is_utc = false;         // false: a local time without an offset
  std::optional<double> seconds;       // of the whole run
  std::optional<uint64_t> peak_memory; // bytes
  std::optional<int> exit_status;
  std::vector<Recorded> declared; // logs' last lines: "1 failed, 36 passed". Shown, never believed
  bool stale = false;             // another revision: what passed or failed may be old news
  std::string stale_because;
  std::vector<Place> changed; // lines that tracebacks show and that read otherwise now; sorted
};

// Counted from the tests themselves, never from a report's own sums.
struct TestCounts {
  uint32_t passed = 0; // with those that passed though marked as failing, unless strictly
  uint32_t failed = 0; // with strict xpasses
  uint32_t errors = 0; // in setup or teardown
  uint32_t skipped = 0;
  uint32_t xfailed = 0;
  uint32_t not_run = 0;     // known by name; an interruption kept them from running
  uint32_t uncollected = 0; // modules and folders that could not be collected: no tests of theirs
                            // are known

  uint32_t Tests() const { return passed + failed + errors + skipped + xfailed + not_run; }
  uint32_t Failures() const { return failed + errors + uncollected; }
};

// Why something failed: a root cause or a cluster, by its index in Joined.
enum class ReasonKind : uint8_t { None, Cause, Cluster, Related };
struct ReasonRef {
  ReasonKind kind = ReasonKind::None;
  size_t index = 0; // into Joined::causes, clusters or related
};

// One test, or a file that could not be collected, for tables of all of them.
struct TestRow {
  std::string id;
  TestOutcome outcome = TestOutcome::NotRun;
  bool uncollected = false; // a file or folder
  float seconds = -1;       // negative when not recorded
  ReasonRef reason;         // of a failure
};

struct KeyFailure {
  std::string id;    // a test, or a file that could not be collected
  std::string error; // one line; "" when no source kept it
  ReasonRef reason;
  size_t alike = 0; // further failures of this suite with the same reason
};

struct Suite {
  std::string folder; // "tests/unit"
  std::string level;  // "unit", "integration", "e2e", a configured name, or "other"
  TestCounts counts;
  std::optional<double> seconds;    // sum over its tests
  std::vector<KeyFailure> failures; // one per reason, the one with most failures first
};

struct LevelResult {
  std::string level;
  TestCounts counts;
  std::optional<double> seconds;
  std::vector<size_t> suites; // indices into Joined::suites
};

// What the tests say of a finding, or of all findings of one cause.
enum class CauseState : uint8_t {
  None,      // says nothing about tests
  Confirmed, // a test failed with just this error
  Predicted, // not run, but would fail
  Masked,    // a test skipped because of it
  Stale,     // what the report says of it is older than the code
  Refuted,   // a test ran and passed that could not have: pydefrag was wrong
};
const char *CauseStateName(CauseState state); // the JSON's words; Stale is told as "predicted"

// One change to make.
struct RootCause {
  uint32_t number = 0; // counted from 1 in Joined::causes, for people
  std::string cause;   // "DFG202:shop.cart:Basket", as in the findings
  std::string code;
  std::string name; // of the rule
  Severity severity = Severity::Error;
  std::string message; // of its first finding
  CauseState state = CauseState::None;
  std::string state_because;         // Predicted: why there is no outcome; Stale: what is newer
  std::vector<std::string> findings; // ids, in order
  std::vector<Place> places;         // of those findings; the first is the one to open
  std::string fix;           // imperative: "import `Cart` instead"; "" when nothing can be said
  std::string evidence;      // the error as a run printed it, one line; "" without a run
  std::string evidence_test; // where that was printed: a test or an uncollected file
  std::vector<Place> chain;  // from the test to the broken line, as run, else as forecast
  std::vector<std::string> failed_tests;  // observed; sorted ids
  std::vector<std::string> uncollected;   // observed: files and folders; sorted
  std::vector<std::string> masked_tests;  // skipped because of it; sorted
  std::vector<std::string> related_tests; // failed assertions that speak of it; no proof; sorted
  std::vector<std::string> predicted;     // test files that the forecast says it blocks; sorted
  uint32_t tests_blocked = 0;   // tests that fail or cannot run: failed ones, and those in blocked
                                // files as far as a source or the code names them
  uint32_t modules_blocked = 0; // test files that cannot be collected, observed or forecast
  uint32_t importers = 0; // modules of the project that import it at import time, at any distance
  std::vector<std::string> suites;  // folders of the suites it hits
  std::optional<PlanState> planned; // the worst verdict of the plan on its tests, if planned
};

// Failures that no finding explains, alike in their reason.
struct Cluster {
  std::string key;   // "reason-v1:5d41402abc4b2a76b9719d911017c592"; the name carries a version
  std::string title; // one line: "ValueError: either card or voucher must be given"
  bool import_error = false; // pydefrag should have known: shown first
  bool foreseen = false;     // it did, but no rule reports an import whose failure the code handles
  Place site;                // the raising line, in the project
  std::string site_text;     // what that line says now; "" when it has changed
  bool outdated = false;     // every failure shows lines that have changed since
  std::vector<Place> chain;  // frames of the project in the first of its tests
  std::vector<std::string> failed_tests; // sorted ids
  std::vector<std::string> uncollected;  // sorted
  std::vector<std::string> as_planned;   // of both, those that are expected to fail; sorted
  std::vector<size_t> related;           // causes that its text or its tests speak of
  std::optional<PlanState> planned;
  uint32_t Failures() const {
    return static_cast<uint32_t>(failed_tests.size() + uncollected.size());
  }
};

// A failed assertion that speaks of a symbol with a finding. Not a proof of it.
struct RelatedAssertion {
  std::string id;
  std::string error; // one line
  Place site;
  std::vector<size_t> causes; // indices into Joined::causes
  std::string because;        // "the test speaks of `UserContext`"
  std::optional<PlanState> planned;
};

struct JoinedWarning {
  std::string category; // "RuntimeWarning"
  std::string message;
  Place place;
  std::string text; // what that line says; "" outside of the project
  uint32_t count = 1;
  std::vector<std::string> tests; // or files, as far as a source names them
  std::optional<size_t> cause;    // the deprecated import that it comes from
  bool never_awaited = false;     // a coroutine that nobody awaits
};

// What a plan, or an xfail mark, said of a test, and what came of it.
struct PlannedTest {
  std::string id;
  PlanState state = PlanState::AsPlanned;
  bool by_mark = false; // an xfail mark, no plan
  std::string reason;   // the plan's words
  std::string until;    // the plan's last day
  std::string expected; // the cause the plan names; "" any
  std::string seen;     // the error's headline
  bool hides_import_error = false;
  uint32_t plan_line = 0; // of the [[expect]] table; 0 for marks
};

struct PlanResult {
  std::string path; // of the plan; "" when only marks were looked at
  std::vector<PlannedTest> tests;
  std::vector<uint32_t> without_test; // lines of [[expect]] tables that match no test
  uint32_t Count(PlanState state) const;
};

enum class ForecastStatus : uint8_t { Collects, Fails, Unknown };

// Whether pytest would be able to import one file.
struct ForecastFile {
  std::string path;
  bool conftest = false;
  ForecastStatus status = ForecastStatus::Collects;
  std::string reason;       // Fails: CPython's words; Unknown: what stopped
  std::string blocked_by;   // the conftest.py that fails before this file is reached, or ""
  std::vector<Place> chain; // from the file to the broken line
  std::string cause;        // of the finding at that line; "" when no rule reports it
  uint32_t tests = 0;       // test functions in the file, parameters not counted
};

struct Forecast {
  std::vector<ForecastFile> files; // every test module and conftest, by path
  uint32_t modules = 0;            // test modules, without conftests
  uint32_t failing = 0;            // of these
  uint32_t unknown = 0;
  uint32_t conftests_failing = 0;
  bool session_fails = false; // a conftest that every run loads cannot be imported: nothing runs
  // "37 of 412 test modules cannot be collected; 35 because of this: `shop.cart` does not define
  // `Basket`". "" when there are no test modules.
  std::string sentence;
};

// The forecast against the run.
struct Disagreement {
  std::string cause;
  std::string message;
  Place place;
  std::string id; // a test that passed, or a file that was collected
  std::string because;
};

struct Risk {
  std::string text;     // "`shop.settings` is imported by 41 modules"
  size_t cause = 0;     // index into Joined::causes
  uint32_t modules = 0; // that import the broken line at any distance
  uint32_t test_files = 0;
};

struct NextStep {
  std::string text; // "import `Cart` instead of `Basket`"
  Place place;
  ReasonRef reason;
  uint32_t tests_unblocked = 0;
  uint32_t files_unblocked = 0;
  std::string rerun;    // "pytest tests/integration/test_orders.py"
  bool planned = false; // what it unblocks is expected to fail for now
};

struct Joined {
  bool with_outcomes = false; // some report was read; else only the forecast is filled
  RunHeader run;
  std::string verdict;             // one sentence
  TestCounts counts;               // the sum over all suites
  std::vector<TestRow> tests;      // sorted by id
  std::vector<LevelResult> levels; // unit, integration, e2e, then others
  std::vector<Suite> suites;       // by level, then folder
  std::vector<RootCause> causes;   // worst first: tests and modules blocked, then severity
  std::vector<Cluster> clusters;   // import errors first, then by failures
  std::vector<RelatedAssertion> related;
  std::vector<JoinedWarning> warnings;     // never awaited first, then by category and place
  std::vector<Disagreement> disagreements; // where pydefrag was wrong
  std::vector<SessionError> session_errors;
  std::vector<std::string> never_ran; // test ids that some source knows and none ran
  PlanResult plan;
  Forecast forecast;
  std::vector<Risk> risks;
  std::vector<NextStep> steps;
  std::vector<Problem> problems; // of the reports

  uint32_t FailuresExplained() const; // by a root cause
  uint32_t FailuresRelated() const;
  uint32_t FailuresUnexplained() const;
};

} // namespace pydefrag
