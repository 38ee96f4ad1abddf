// What test runs did, as values: one TestRun per report read, owned strings throughout. Filled by
// the readers (junit, reportlog, json_report, terminal_log, pytest_cache, ctrf), folded by fold,
// combined by merge. Knows nothing of findings.
#pragma once

#include "base/id.h"
#include "base/problem.h"

#include "llvm/ADT/StringRef.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pydefrag {

// Ascending by how much a report of this kind knows about one test.
enum class SourceKind : uint8_t {
  Unknown, // not read
  PytestCache,
  TerminalLog,
  Ctrf,
  JUnitXml,
  JsonReport,
  ReportLog,
};

enum class TestOutcome : uint8_t {
  NotRun, // known to exist, or started without ever reporting: never means "passed"
  Passed,
  Failed,
  Error, // in setup or teardown
  Skipped,
  XFailed,
  XPassed,
  XPassedStrict, // passed although marked strictly as failing: a failure
};
constexpr size_t kTestOutcomes = 8;

enum class TestPhase : uint8_t { Collect, Setup, Call, Teardown };

struct Frame {
  std::string path;     // relative to the project root when in_project, else as printed
  uint32_t line = 0;    // 1-based; 0 when not printed
  std::string function; // "" when not printed
  bool in_project = false;
  uint64_t source = 0; // HashOfLine of the line, as it was when the tests ran; 0: not printed
};

// A source line as a number, without the blanks around it. 0 for what a report may have changed:
// blank lines, characters outside of ASCII, pytest's `???` for a source that it has not.
uint64_t HashOfLine(llvm::StringRef line);

// How an exception stands to the next one outwards.
enum class ErrorLink : uint8_t {
  Final,     // it is what the test ended with
  CauseOf,   // `raise ... from` it
  ContextOf, // raised while it was handled
  MemberOf,  // it is in the exception group that follows
};

struct ErrorSegment {
  std::string type; // "ImportError", "pydantic_core._pydantic_core.ValidationError"; may be empty
  std::string message; // without the type; several lines possible; cut after kMaxMessage bytes
  std::vector<Frame> frames; // outermost first, without pytest's and importlib's own
  ErrorLink link = ErrorLink::Final;
};

constexpr size_t kMaxMessage = 16 * 1024;
constexpr size_t kMaxFrames = 400;
constexpr size_t kMaxSegments = 200;

// Exceptions of one failure, the root cause first, what the test ended with last.
struct ErrorChain {
  std::vector<ErrorSegment> segments;
  bool empty() const { return segments.empty(); }
};

bool operator==(const Frame &a, const Frame &b);
bool operator==(const ErrorSegment &a, const ErrorSegment &b);
bool operator==(const ErrorChain &a, const ErrorChain &b);

struct PhaseError {
  TestPhase phase = TestPhase::Call;
  ErrorChain chain;
  std::string subtest; // "[round] (n=0)"; empty when it is the test's own
  bool rerun = false;  // of an attempt that was repeated
};

using TestDetailId = Id<struct TestDetailTag>;

struct TestDetail {
  std::vector<PhaseError> errors; // in order of events
  std::string reason;             // of a skip, an xfail or an xpass
};

// One test, by its id relative to the project root. File, classes, function and parameters are read
// off the id by SplitTestId.
struct TestCase {
  std::string id;
  TestDetailId detail; // invalid: nothing beyond the outcome
  float seconds = -1;  // all phases; negative when not recorded
  TestOutcome outcome = TestOutcome::NotRun;
  TestPhase phase = TestPhase::Call; // in which the outcome was decided
  uint8_t reruns = 0;                // attempts before the last one
  bool crashed = false;              // the process that ran it died
  bool resolved = true;              // false: the id could not be tied to a file
};

struct TestIdParts {
  llvm::StringRef file;     // "tests/test_a.py"
  llvm::StringRef classes;  // "TestOuter::TestInner", or ""
  llvm::StringRef function; // "test_a"; "" when the id is a file
  llvm::StringRef params;   // without the brackets
  bool has_params = false;
};
// Split at the first `[`, then at `::`, as pytest does. Points into `id`.
TestIdParts SplitTestId(llvm::StringRef id);

struct CollectionError {
  std::string path; // file or folder, relative to the project root; "" for the whole session
  ErrorChain chain;
  bool conftest = false; // the error was raised while a conftest.py was imported
};

enum class SessionErrorKind : uint8_t { Conftest, Plugin, Internal, Usage, Interrupted };

// Something that ended or prevented a whole run.
struct SessionError {
  SessionErrorKind kind = SessionErrorKind::Usage;
  std::string path; // Conftest: of the conftest.py
  std::string text; // one line
  ErrorChain chain;
};

enum class WarningPhase : uint8_t { Unknown, Config, Collect, RunTest };

struct WarningRecord {
  std::string category; // "DeprecationWarning"
  std::string message;
  std::string path;
  uint32_t line = 0;
  bool in_project = false;
  WarningPhase phase = WarningPhase::Unknown;
  std::vector<std::string> locations; // test ids, or files where the report names only those
  uint32_t count = 1;
};

// What a progress line tells of one file whose tests it does not name: "tests/test_a.py ..F.s".
struct FileTally {
  std::string path;
  uint32_t passed = 0, failed = 0, errors = 0, skipped = 0, xfailed = 0, xpassed = 0;
};

struct OutcomeCounts {
  std::array<uint32_t, kTestOutcomes> tests{}; // by TestOutcome
  uint32_t collection_errors = 0;
  uint32_t session_errors = 0;

  uint32_t Of(TestOutcome outcome) const { return tests[static_cast<size_t>(outcome)]; }
  uint32_t Total() const;
};

// What a report says about its own sums. They are shown, never believed.
struct DeclaredCounts {
  std::optional<uint32_t> tests, passed, failed, errors, skipped, xfailed, xpassed, warnings,
      reruns, collected, deselected;
};

struct RunInfo {
  SourceKind kind = SourceKind::Unknown;
  std::string path;     // of the report, as it was named
  std::string producer; // "pytest", or what the report says
  std::string producer_version;
  std::string python_version; // "3.11.7"
  std::string platform;
  std::string rootdir; // as printed by the run
  std::string host;
  std::optional<int64_t> started; // seconds since the epoch
  bool started_is_utc = false;    // false: the report gave a local time without an offset
  std::optional<double> seconds;
  std::optional<int> exit_status;
  std::vector<std::pair<std::string, std::string>> properties; // suite-level, in order
  DeclaredCounts declared;
  bool complete = false; // the report ends as a finished run's report does
};

// The tables shared by one run and by several merged ones.
struct TestResults {
  std::vector<TestCase> tests; // after folding: sorted by id, one per id
  IdVector<TestDetailId, TestDetail> details;
  std::vector<CollectionError> collection_errors;
  std::vector<SessionError> session_errors;
  std::vector<WarningRecord> warnings;
  std::vector<FileTally> tallies;     // sorted by path; only where tests are not named
  std::vector<std::string> inventory; // ids that exist by some report's word; sorted
  std::vector<Problem> problems;

  TestDetail &DetailOf(TestCase &test); // added when there is none
  OutcomeCounts Count() const;
  // The test with this id in folded results, or null.
  const TestCase *Find(llvm::StringRef id) const;
};

struct TestRun {
  RunInfo info;
  TestResults results;
};

// Notes what of a report could not be read. `line`: 1-based; 0: none in particular.
void AddProblem(TestRun &run, std::string message, uint32_t line = 0);

// Whether `outcome` is one that makes a run fail.
bool IsFailure(TestOutcome outcome);
// "passed", "xpassed-strict"...; "junit", "reportlog"...
const char *TestOutcomeName(TestOutcome outcome);
const char *SourceKindName(SourceKind kind);
const char *TestPhaseName(TestPhase phase);
const char *SessionErrorKindName(SessionErrorKind kind);

} // namespace pydefrag
