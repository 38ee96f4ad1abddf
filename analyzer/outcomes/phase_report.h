// One report of one phase of a pytest test, and the event it stands for. Entry point: AddPhase.
// Shared by the readers of pytest's own formats.
#pragma once

#include "outcomes/outcome.h"
#include "outcomes/test_ids.h"

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace pydefrag {

struct StoredError {
  ErrorChain chain;
  std::string reason; // of a skip
};

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

} // namespace pydefrag
