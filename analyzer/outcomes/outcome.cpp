#include "outcomes/outcome.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

#include <utility>

namespace pydefrag {

uint64_t HashOfLine(llvm::StringRef line) {
  line = line.trim();
  const bool plain = llvm::all_of(line, [](char c) { return llvm::isPrint(c) || c == '\t'; });
  return line.empty() || !plain || line == "???" || line.contains("#x") ? 0
                                                                        : llvm::xxh3_64bits(line);
}

void AddProblem(TestRun &run, std::string message, uint32_t line) {
  Problem problem;
  problem.kind = ProblemKind::Outcomes;
  problem.line = line;
  problem.message = std::move(message);
  run.results.problems.push_back(std::move(problem));
}

bool operator==(const Frame &a, const Frame &b) {
  return a.line == b.line && a.path == b.path && a.function == b.function;
}

bool operator==(const ErrorSegment &a, const ErrorSegment &b) {
  return a.link == b.link && a.type == b.type && a.message == b.message && a.frames == b.frames;
}

bool operator==(const ErrorChain &a, const ErrorChain &b) {
  return a.segments == b.segments;
}

TestIdParts SplitTestId(llvm::StringRef id) {
  TestIdParts parts;
  size_t bracket = id.find('[');
  llvm::StringRef names = id.substr(0, bracket);
  if (bracket != llvm::StringRef::npos) {
    parts.has_params = true;
    parts.params = id.substr(bracket + 1);
    parts.params.consume_back("]");
  }
  size_t first = names.find("::");
  parts.file = names.substr(0, first);
  if (first == llvm::StringRef::npos) {
    return parts;
  }
  size_t last = names.rfind("::");
  parts.function = names.substr(last + 2);
  if (last > first) {
    parts.classes = names.slice(first + 2, last);
  }
  return parts;
}

uint32_t OutcomeCounts::Total() const {
  uint32_t total = 0;
  for (uint32_t count : tests) {
    total += count;
  }
  return total;
}

TestDetail &TestResults::DetailOf(TestCase &test) {
  if (!test.detail.valid()) {
    test.detail = details.push_back(TestDetail());
  }
  return details[test.detail];
}

OutcomeCounts TestResults::Count() const {
  OutcomeCounts counts;
  for (const TestCase &test : tests) {
    ++counts.tests[static_cast<size_t>(test.outcome)];
  }
  counts.collection_errors = static_cast<uint32_t>(collection_errors.size());
  counts.session_errors = static_cast<uint32_t>(session_errors.size());
  return counts;
}

const TestCase *TestResults::Find(llvm::StringRef id) const {
  auto it = llvm::partition_point(
      tests, [id](const TestCase &test) { return llvm::StringRef(test.id) < id; });
  return it != tests.end() && it->id == id ? &*it : nullptr;
}

bool IsFailure(TestOutcome outcome) {
  switch (outcome) {
  case TestOutcome::Failed:
  case TestOutcome::Error:
  case TestOutcome::XPassedStrict:
    return true;
  case TestOutcome::NotRun:
  case TestOutcome::Passed:
  case TestOutcome::Skipped:
  case TestOutcome::XFailed:
  case TestOutcome::XPassed:
    return false;
  }
  return false;
}

const char *TestOutcomeName(TestOutcome outcome) {
  switch (outcome) {
  case TestOutcome::NotRun:
    return "not-run";
  case TestOutcome::Passed:
    return "passed";
  case TestOutcome::Failed:
    return "failed";
  case TestOutcome::Error:
    return "error";
  case TestOutcome::Skipped:
    return "skipped";
  case TestOutcome::XFailed:
    return "xfailed";
  case TestOutcome::XPassed:
    return "xpassed";
  case TestOutcome::XPassedStrict:
    return "xpassed-strict";
  }
  return "";
}

const char *SourceKindName(SourceKind kind) {
  switch (kind) {
  case SourceKind::Unknown:
    return "unknown";
  case SourceKind::PytestCache:
    return "pytest-cache";
  case SourceKind::TerminalLog:
    return "terminal-log";
  case SourceKind::Ctrf:
    return "ctrf";
  case SourceKind::JUnitXml:
    return "junit";
  case SourceKind::JsonReport:
    return "json-report";
  case SourceKind::ReportLog:
    return "reportlog";
  }
  return "";
}

const char *TestPhaseName(TestPhase phase) {
  switch (phase) {
  case TestPhase::Collect:
    return "collect";
  case TestPhase::Setup:
    return "setup";
  case TestPhase::Call:
    return "call";
  case TestPhase::Teardown:
    return "teardown";
  }
  return "";
}

const char *SessionErrorKindName(SessionErrorKind kind) {
  switch (kind) {
  case SessionErrorKind::Conftest:
    return "conftest";
  case SessionErrorKind::Plugin:
    return "plugin";
  case SessionErrorKind::Internal:
    return "internal";
  case SessionErrorKind::Usage:
    return "usage";
  case SessionErrorKind::Interrupted:
    return "interrupted";
  }
  return "";
}

} // namespace pydefrag
