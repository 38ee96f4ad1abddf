#include "outcomes/phase_report.h"

#include "outcomes/errors/python_errors.h"
#include "outcomes/errors/skip_reasons.h"

#include <utility>

namespace pydefrag {
namespace {

// What pytest.xfail() and unittest's expectedFailure raise, or the mere reason: it explains
// nothing.
bool IsMereReason(const PhaseReport &report) {
  const ErrorChain &chain = report.error.chain;
  if (report.outcome != "skipped" || chain.segments.size() != 1) {
    return false;
  }
  const ErrorSegment &only = chain.segments.front();
  return BareType(only.type) == "XFailed" || (only.type.empty() && only.frames.empty());
}

// pytest 7 stores "reason: why".
std::string ReasonOf(const PhaseReport &report) {
  if (!report.xfail_reason) {
    return report.error.reason;
  }
  llvm::StringRef reason = *report.xfail_reason;
  reason.consume_front("reason: ");
  return reason.str();
}

// What an event says of the test.
void Decide(PhaseReport &report, TestCase &test, TestDetail &detail) {
  const bool expected = report.xfail_reason.has_value();
  if (report.outcome == "rerun") {
    test.reruns = 1;
    return;
  }
  if (report.outcome == "skipped") {
    test.outcome = expected ? TestOutcome::XFailed : TestOutcome::Skipped;
    return;
  }
  if (report.outcome == "passed") {
    const bool is_verdict = report.phase == TestPhase::Call && report.subtest.empty();
    if (is_verdict) {
      test.outcome = expected ? TestOutcome::XPassed : TestOutcome::Passed;
    }
    return;
  }
  if (report.outcome != "failed") {
    return;
  }
  const ErrorChain &chain = report.error.chain;
  const bool strict = chain.segments.size() == 1 &&
                      ClassifyError(chain.segments.front()).rule == ErrorRule::StrictXPass;
  if (strict) {
    test.outcome = TestOutcome::XPassedStrict;
    detail.reason = ReasonOfStrictXPass(chain.segments.front().message);
    report.error.chain = ErrorChain();
  } else {
    test.outcome = report.phase == TestPhase::Call ? TestOutcome::Failed : TestOutcome::Error;
  }
}

} // namespace

void AddPhase(const ResolvedId &id, PhaseReport report, TestResults &into) {
  TestCase test;
  test.id = id.id;
  test.resolved = id.resolved;
  test.phase = report.phase;
  test.seconds = report.seconds;
  test.crashed = report.crashed;
  TestDetail detail;
  detail.reason = ReasonOf(report);
  Decide(report, test, detail);
  if (!report.error.chain.empty() && !IsMereReason(report)) {
    PhaseError error;
    error.phase = report.phase;
    error.chain = std::move(report.error.chain);
    error.subtest = std::move(report.subtest);
    error.rerun = report.outcome == "rerun";
    detail.errors.push_back(std::move(error));
  }
  if (!detail.errors.empty() || !detail.reason.empty()) {
    into.DetailOf(test) = std::move(detail);
  }
  into.tests.push_back(std::move(test));
}

} // namespace pydefrag
