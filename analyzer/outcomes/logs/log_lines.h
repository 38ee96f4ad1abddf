// The grammar of single lines that pytest prints: sections, titles, summary lines, counts,
// warnings. Hand-written matchers; what the lines mean together is terminal_log.h's business.
#pragma once

#include "outcomes/outcome.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"

#include <optional>
#include <string>

namespace pydefrag {

enum class LogSection : uint8_t {
  None,
  Session, // header and progress
  Errors,
  Failures,
  XFailures,
  Other, // PASSES, XPASSES, captured output...
  Warnings,
  Summary,
  Durations,
};
// "==== FAILURES ====" and its like; Session for "test session starts".
std::optional<LogSection> MatchSection(llvm::StringRef line);

// "____ ERROR at setup of test_a ____"
struct BlockTitle {
  llvm::StringRef title; // "TestX.test_a[1]", "tests/test_a.py" when collecting
  TestPhase phase = TestPhase::Call;
  bool is_error = false; // ERROR collecting | at setup of | at teardown of
};
std::optional<BlockTitle> MatchBlockTitle(llvm::StringRef line);

enum class SummaryWord : uint8_t { Failed, Error, XFail, XPass, SubFail, Rerun };
struct SummaryLine {
  SummaryWord word = SummaryWord::Failed;
  std::string subtest;  // "[round] (n=0)"
  llvm::StringRef rest; // "nodeid - message"
};
std::optional<SummaryLine> MatchSummary(llvm::StringRef line);

// "SKIPPED [2] tests/test_a.py:3: why"
struct SkipLine {
  uint32_t count = 0;
  llvm::StringRef path;
  uint32_t line = 0;
  llvm::StringRef reason;
};
std::optional<SkipLine> MatchSkip(llvm::StringRef line);

struct IdAndMessage {
  llvm::StringRef id;
  llvm::StringRef message;
};
// Splits "nodeid - message", where the id's parameters may hold " - " themselves. `titles` are
// block titles seen before; they decide where brackets alone do not.
IdAndMessage SplitSummary(llvm::StringRef rest, const llvm::StringSet<> &titles);
// How a block is titled for this id: "TestOuter.TestInner.test_a[p::q]".
std::string TitleOfId(llvm::StringRef id);

// "tests/test_a.py::test_x PASSED (why) [ 3%]" or "[gw0] [ 3%] PASSED tests/test_a.py::test_x"
struct VerboseLine {
  llvm::StringRef id;
  TestOutcome outcome = TestOutcome::NotRun;
  bool rerun = false;
  bool subtest = false;
  bool has_outcome = false; // false: the outcome stands on a later line, after printed output
  llvm::StringRef reason;
};
std::optional<VerboseLine> MatchVerbose(llvm::StringRef line);
// The outcome word alone at a line's end: "some output PASSED [ 3%]"; for -s -v.
std::optional<VerboseLine> MatchLateOutcome(llvm::StringRef line);

// "tests/test_a.py ..F.s [ 12%]": the letters.
struct ProgressLine {
  llvm::StringRef path; // "" when the line only goes on with letters
  llvm::StringRef letters;
};
std::optional<ProgressLine> MatchProgress(llvm::StringRef line);

// "=== 1 failed, 2 passed in 0.12s ==="
struct FinalLine {
  DeclaredCounts counts;
  double seconds = 0;
};
std::optional<FinalLine> MatchFinal(llvm::StringRef line);

// "!!!! Interrupted: 2 errors during collection !!!!"
std::optional<llvm::StringRef> MatchStop(llvm::StringRef line);

// "collected 54 items / 2 errors / 1 deselected"
bool MatchCollected(llvm::StringRef line, DeclaredCounts &counts);

// "  /a/b.py:3: DeprecationWarning: old"
struct WarningLine {
  llvm::StringRef path;
  uint32_t line = 0;
  llvm::StringRef category;
  llvm::StringRef message;
};
std::optional<WarningLine> MatchWarning(llvm::StringRef line);

// "0.01s call     tests/test_a.py::test_x"
struct DurationLine {
  float seconds = 0;
  llvm::StringRef id;
};
std::optional<DurationLine> MatchDuration(llvm::StringRef line);

} // namespace pydefrag
