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

// A suppression comment, or some of its codes, that silenced nothing in this run.
struct UnusedSuppression {
  FileId file;
  uint32_t suppression = 0;       // index into the file's facts
  std::vector<std::string> codes; // as written; empty: the whole comment
};

struct RuleContext {
  const Project &project;
  const Config &config;
  llvm::ArrayRef<UnusedSuppression> unused_suppressions; // RulePhase::Suppressed only
  bool may_advise = false;                               // RulePhase::Advising only
};

enum class RulePhase : uint8_t {
  Linked,     // reads the project, beside other rules
  Advising,   // says what was meant (advice.h), which looks up what nobody has: runs alone
  Suppressed, // runs when the others' findings have met the suppression comments
};

// What a finding hangs on. While a file is being edited, the first kind is told of it at once, the
// others when the project is linked again.
enum class RuleReach : uint8_t {
  Imports, // an import of the file, and what that reaches
  File,    // other statements of the file as well
  Project, // who else imports what
};

struct Rule {
  RuleMeta meta;
  void (*check)(const RuleContext &context, Reporter &report);
  RulePhase phase = RulePhase::Linked;
  RuleReach reach = RuleReach::Project;
};

// All rules, in ascending order of code.
llvm::ArrayRef<const Rule *> AllRules();

// By code ("DFG202") or name ("missing-symbol"); nullptr when there is none.
const Rule *FindRule(llvm::StringRef code_or_name);

// Whether `selector` (a code, a code prefix such as "DFG2", a name or "ALL") speaks of this rule.
bool SelectorMatches(llvm::StringRef selector, const RuleMeta &meta);

} // namespace pydefrag
