// A rule: metadata, page and check in one value. One file in rules/, one line in rules/rules.def.
// A rule reads the project and reports; it keeps no state, does no I/O and knows no other rule.
#pragma once

#include "check/reporter.h"
#include "config/config.h"
#include "link/project.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace pydefrag {

enum class FixAvailability : uint8_t { None, Sometimes, Always };
enum class RuleStatus : uint8_t { Stable, Preview };

struct RuleMeta {
  const char *code;    // "DFG202"
  const char *name;    // "missing-symbol": the bad thing
  const char *summary; // one line, for tables
  // The page, in Markdown: ## What it does / ## Why is this bad? / ## Example / ## Use instead /
  // ## Fix safety / ## Limits / ## Options. The ```pycase blocks under Example and Use instead
  // are run as tests: the first must report the rule, the second must not.
  const char *doc;
  const char *since; // version that brought it
  Severity severity; // default; Off: not run unless selected
  RuleStatus status = RuleStatus::Stable;
  FixAvailability fix = FixAvailability::None;
};

struct RuleContext {
  const Project &project;
  const Config &config;
};

struct Rule {
  RuleMeta meta;
  void (*check)(const RuleContext &context, Reporter &report);
};

// All rules, in ascending order of code.
llvm::ArrayRef<const Rule *> AllRules();

// By code ("DFG202") or name ("missing-symbol"); nullptr when there is none.
const Rule *FindRule(llvm::StringRef code_or_name);

} // namespace pydefrag
