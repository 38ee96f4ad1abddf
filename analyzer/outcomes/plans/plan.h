// Expected failures: the plan file, and how a run went against it. Entry points: ParsePlan and
// LoadPlan for the file, CheckPlan for the verdicts. xfail marks count as plans of their own.
#pragma once

#include "outcomes/outcome.h"
#include "source/disk.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace pydefrag {

enum class PlannedOutcome : uint8_t { AnyFailure, Error, Failed, XFailed };

struct Expectation {              // one [[expect]] table
  std::string finding;            // a cause, "DFG202:shop.cart:Basket", or a code; empty: any
  std::string cause;              // "ModuleNotFoundError:vendored.foo", or a bare type; empty: any
  std::vector<std::string> tests; // patterns
  PlannedOutcome outcome = PlannedOutcome::AnyFailure;
  std::string reason;
  std::string until; // "2026-12-31", the last day it holds; empty: for ever
  uint32_t line = 0;
};

struct Plan {
  std::string path;
  std::vector<Expectation> expectations;
};

// A wrong key or value is an error that names file and line.
llvm::Expected<Plan> ParsePlan(llvm::StringRef text, llvm::StringRef path);
llvm::Expected<Plan> LoadPlan(const Disk &disk, llvm::StringRef path);

// "tests/legacy/**", "tests/legacy", "tests/test_a.py::test_removed*", an id as pytest prints it. A
// pattern for a function or class holds for all below it. Brackets are literal behind `::`.
bool MatchesTest(llvm::StringRef pattern, llvm::StringRef id);

// What an error can be called in `cause`: "ImportError", "ImportError:shop.cart",
// "ImportError:shop.cart:Basket", for each exception of the chain.
std::vector<std::string> CauseKeys(const ErrorChain &chain);

enum class PlanState : uint8_t {
  AsPlanned,
  WrongReason,  // it fails, but not for this
  Stale,        // it passes
  Expired,      // it fails, and the plan's day has gone by
  Unverifiable, // it fails, and no source kept why
  NotRun,       // it was skipped, or no source knows it
};
const char *PlanStateName(PlanState state);

struct PlanVerdict {
  std::string id;           // a test, or a file or folder that could not be collected
  int32_t expectation = -1; // index in the plan; -1: an xfail mark
  PlanState state = PlanState::AsPlanned;
  std::string seen;                // headline of the error that was seen
  bool hides_import_error = false; // an xfail mark without which an import error would show
};

struct PlanReport {
  std::vector<PlanVerdict> verdicts;  // by id, then expectation
  std::vector<uint32_t> without_test; // expectations that no test matches
};

// `findings_of(id)`: the causes of the findings that explain a test or an uncollected path.
// `today`: "2026-11-22".
PlanReport CheckPlan(const Plan &plan, const TestResults &results,
                     llvm::function_ref<std::vector<std::string>(llvm::StringRef id)> findings_of,
                     llvm::StringRef today);

} // namespace pydefrag
