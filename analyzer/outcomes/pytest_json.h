// What pytest's JSON-writing plugins have in common: phases, stored exceptions, skips. Used by
// reportlog and json_report.
#pragma once

#include "outcomes/outcome.h"
#include "outcomes/test_ids.h"

#include "llvm/Support/JSON.h"

#include <string>

namespace pydefrag {

// What is stored for a failure or a skip: text, a place with a reason, or an exception's parts.
struct StoredError {
  ErrorChain chain;
  std::string reason; // of a skip
};
StoredError ReadLongRepr(const llvm::json::Value *longrepr, TestIdResolver &ids);

struct PhaseReport {
  TestPhase phase = TestPhase::Call;
  llvm::StringRef outcome; // "passed", "failed", "skipped", "rerun"
  StoredError error;
  std::optional<std::string> xfail_reason; // the report said that the test was expected to fail
  std::string subtest;
  float seconds = -1;
  bool crashed = false;
};

// One event for FoldTests.
void AddPhase(const ResolvedId &id, PhaseReport report, TestResults &into);

// "setup", "call", "teardown"; nothing for anything else.
std::optional<TestPhase> ParsePhase(llvm::StringRef when);

// {category, filename, lineno, message, when}
WarningRecord ReadWarning(const llvm::json::Object &object, TestIdResolver &ids);

} // namespace pydefrag
