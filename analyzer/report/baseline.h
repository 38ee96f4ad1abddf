// Baselines: findings that are known, so that only new ones are shown. An entry is a finding's
// identity, never its line. Entry points: ReadBaseline, ApplyBaseline, WriteBaseline.
//
//   {"schema": "pydefrag/baseline/1",
//    "accepted": [ {... "reason": "why"} ],   kept by hand: moved here from `current`
//    "current": [ {"id": ..., "moved": ..., "code": ..., "module": ..., "what": ...} ]}  written
#pragma once

#include "check/finding.h"
#include "check/run.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace pydefrag {

struct BaselineEntry {
  std::string id;    // Finding::id
  std::string moved; // MovedKey of the finding
  std::string code;
  std::string module;
  std::string what;   // the message, for readers
  std::string reason; // accepted entries only
};

struct Baseline {
  std::vector<BaselineEntry> accepted;
  std::vector<BaselineEntry> current;
};

// The finding's identity without its module, hex: the same when its file was moved or renamed.
std::string MovedKey(const Finding &finding);

// Fails when `text` is no baseline; `name` is for the message.
llvm::Expected<Baseline> ReadBaseline(llvm::StringRef text, llvm::StringRef name);

struct BaselineResult {
  std::vector<Finding> kept;
  std::vector<Finding> known;       // Finding::suppressed is not set
  std::vector<BaselineEntry> stale; // entries of rules in the plan that match nothing
};

// Each entry takes one finding: the one with its id, or else one with its moved key that no id
// takes. `findings` are sorted; both results are.
BaselineResult ApplyBaseline(const Baseline &baseline, const RulePlan &plan,
                             std::vector<Finding> findings);

// A baseline that knows all of `findings`.
Baseline MakeBaseline(llvm::ArrayRef<Finding> findings);

// Entries stand one a line, sorted by code, module and id.
void WriteBaseline(llvm::raw_ostream &os, Baseline baseline);

} // namespace pydefrag
