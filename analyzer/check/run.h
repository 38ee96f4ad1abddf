// RunRules: runs the selected rules over a linked project, in parallel, and returns their findings
// with ids, sorted. A rule that could not run says so: it never looks clean.
#pragma once

#include "check/finding.h"
#include "check/rule.h"

#include <string>
#include <vector>

namespace pydefrag {

enum class OutcomeStatus : uint8_t { Ran, Skipped, Failed };

struct RuleOutcome {
  std::string code;
  OutcomeStatus status = OutcomeStatus::Ran;
  std::string reason; // Skipped, Failed
  size_t findings = 0;
};

struct Selection { // codes, code prefixes or names; empty `select`: the defaults
  std::vector<std::string> select{};
  std::vector<std::string> ignore{};
  std::vector<std::string> extend_select{};
};

struct RunResult {
  std::vector<Finding> findings;     // sorted, with ids
  std::vector<RuleOutcome> outcomes; // in code order
};

// The rules of a run, in code order, with the severity each runs with.
struct RulePlan {
  std::vector<std::pair<const Rule *, Severity>> rules;
  bool narrowed = false; // some rule that is on by default is not in it
  std::string error;     // names an unknown selector; then nothing else holds

  const Rule *Find(llvm::StringRef code) const; // nullptr when the rule is not in the plan
};
// `selection` holds what the command line says. Its `select` replaces the configuration's lists;
// its `ignore` and `extend_select` are added to them. The more specific selector wins; where two
// are equally specific, `ignore` does. A rule that is off by default is selected only by its full
// code or name, by "ALL", or by a severity in the configuration.
RulePlan PlanRules(const Selection &selection, const Config &config);

// Runs the rules of RulePhase::Linked, then those of RulePhase::Advising.
RunResult RunRules(const Project &project, const Config &config, const RulePlan &plan,
                   unsigned jobs);

// Runs the rules of RulePhase::Suppressed.
RunResult RunSuppressedRules(const Project &project, const Config &config, const RulePlan &plan,
                             llvm::ArrayRef<UnusedSuppression> unused);

} // namespace pydefrag
