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
  double seconds = 0;
};

struct Selection {
  std::vector<std::string> select, ignore, extend_select; // codes, code prefixes or names; empty select: defaults
};

struct RunResult {
  std::vector<Finding> findings;
  std::vector<RuleOutcome> outcomes; // in code order
};

// The severity a rule runs with; Off when it is not selected. `error` names an unknown selector.
struct RulePlan {
  std::vector<std::pair<const Rule *, Severity>> rules;
  std::string error;
};
RulePlan PlanRules(const Selection &selection, const Config &config);

RunResult RunRules(const Project &project, const Config &config, const RulePlan &plan,
                   unsigned jobs);

} // namespace pydefrag
