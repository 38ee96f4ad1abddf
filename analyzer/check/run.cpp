// Which rules run, with what severity, and running them. Rules are independent and, but for those
// that advise, read-only, so each runs on its own slot; the findings are merged and sorted
// afterwards.
#include "check/run.h"

#include "base/parallel.h"

#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <iterator>

namespace pydefrag {

static constexpr llvm::StringRef kAll = "ALL";

bool SelectorMatches(llvm::StringRef selector, const RuleMeta &meta) {
  if (selector == kAll || selector == meta.name) {
    return true;
  }
  // A prefix names a family of codes: letters alone ("DFG") or with some digits ("DFG2").
  return selector.size() >= 3 && llvm::StringRef(meta.code).starts_with(selector);
}

// How closely `selector` names the rule; 0: not at all. A name is as close as the full code.
static size_t Closeness(llvm::StringRef selector, const RuleMeta &meta) {
  if (!SelectorMatches(selector, meta)) {
    return 0;
  }
  if (selector == kAll) {
    return 1;
  }
  return selector == meta.name ? llvm::StringRef(meta.code).size() : selector.size();
}

static size_t Closest(const std::vector<std::string> &selectors, const RuleMeta &meta) {
  size_t best = 0;
  for (const std::string &selector : selectors) {
    best = std::max(best, Closeness(selector, meta));
  }
  return best;
}

// Empty when every selector speaks of some rule; else what is wrong, with the nearest code or name.
static std::string CheckSelectors(const std::vector<std::string> &selectors,
                                  llvm::StringRef option) {
  for (const std::string &selector : selectors) {
    if (llvm::any_of(AllRules(),
                     [&](const Rule *rule) { return SelectorMatches(selector, rule->meta); })) {
      continue;
    }
    std::string error = ("unknown rule `" + selector + "` in " + option).str();
    unsigned best = static_cast<unsigned>(selector.size() / 3 + 2);
    llvm::StringRef nearest;
    for (const Rule *rule : AllRules()) {
      for (llvm::StringRef word : {rule->meta.code, rule->meta.name}) {
        const unsigned distance =
            llvm::StringRef(selector).edit_distance_insensitive(word, true, best);
        if (distance < best) {
          best = distance;
          nearest = word;
        }
      }
    }
    if (!nearest.empty()) {
      error += ("; did you mean `" + nearest + "`?").str();
    }
    return error;
  }
  return "";
}

static std::string CheckAll(const Selection &selection, const Config &config) {
  std::vector<std::string> in_severity;
  for (const auto &[rule, severity] : config.severity) {
    in_severity.push_back(rule);
  }
  std::vector<std::string> in_paths;
  for (const PerPathIgnore &ignore : config.per_path_ignores) {
    in_paths.insert(in_paths.end(), ignore.rules.begin(), ignore.rules.end());
  }
  const std::pair<const std::vector<std::string> *, llvm::StringRef> places[] = {
      {&selection.select, "--select"},
      {&selection.ignore, "--ignore"},
      {&selection.extend_select, "--extend-select"},
      {&config.select, "`select`"},
      {&config.ignore, "`ignore`"},
      {&config.extend_select, "`extend-select`"},
      {&in_severity, "`severity`"},
      {&in_paths, "`per-path-ignores`"},
  };
  for (const auto &[selectors, option] : places) {
    if (std::string error = CheckSelectors(*selectors, option); !error.empty()) {
      return error;
    }
  }
  return "";
}

// What the command line and the configuration say together.
static Selection Combine(const Selection &selection, const Config &config) {
  if (!selection.select.empty()) {
    return selection;
  }
  Selection both = selection;
  both.select = config.select;
  both.ignore.insert(both.ignore.end(), config.ignore.begin(), config.ignore.end());
  both.extend_select.insert(both.extend_select.end(), config.extend_select.begin(),
                            config.extend_select.end());
  return both;
}

// The severity the configuration gives to a rule; the last word that matches it best.
static std::optional<Severity> ConfiguredSeverity(const Config &config, const RuleMeta &meta) {
  std::optional<Severity> severity;
  size_t best = 0;
  for (const auto &[selector, value] : config.severity) {
    const size_t closeness = Closeness(selector, meta);
    if (closeness > 0 && closeness >= best) {
      best = closeness;
      severity = value;
    }
  }
  return severity;
}

static bool IsSelected(const Selection &selection, const RuleMeta &meta, bool severity_given) {
  size_t wanted = std::max(Closest(selection.select, meta), Closest(selection.extend_select, meta));
  const bool off = meta.severity == Severity::Off;
  const size_t full = llvm::StringRef(meta.code).size();
  const bool all_wanted = llvm::is_contained(selection.select, kAll) ||
                          llvm::is_contained(selection.extend_select, kAll);
  if (off && wanted < full && !all_wanted) {
    wanted = 0;
  }
  const size_t unwanted = Closest(selection.ignore, meta);
  if (wanted == 0) {
    return selection.select.empty() && unwanted == 0 && (!off || severity_given);
  }
  return wanted > unwanted;
}

const Rule *RulePlan::Find(llvm::StringRef code) const {
  for (const auto &[rule, severity] : rules) {
    if (code == rule->meta.code) {
      return rule;
    }
  }
  return nullptr;
}

RulePlan PlanRules(const Selection &selection, const Config &config) {
  RulePlan plan;
  plan.error = CheckAll(selection, config);
  if (!plan.error.empty()) {
    return plan;
  }
  const Selection both = Combine(selection, config);
  for (const Rule *rule : AllRules()) {
    const RuleMeta &meta = rule->meta;
    const std::optional<Severity> configured = ConfiguredSeverity(config, meta);
    const bool raised = configured && *configured != Severity::Off;
    Severity severity = configured.value_or(meta.severity);
    if (!configured && severity == Severity::Off) {
      severity = Severity::Warning; // selected by name, with no severity of its own
    }
    if (severity != Severity::Off && IsSelected(both, meta, raised)) {
      plan.rules.push_back({rule, severity});
    } else if (meta.severity != Severity::Off) {
      plan.narrowed = true;
    }
  }
  return plan;
}

using PlannedRule = std::pair<const Rule *, Severity>;

static std::vector<PlannedRule> RulesOf(const RulePlan &plan,
                                        llvm::function_ref<bool(RulePhase)> wanted) {
  std::vector<PlannedRule> rules;
  llvm::copy_if(plan.rules, std::back_inserter(rules),
                [&](const PlannedRule &entry) { return wanted(entry.first->phase); });
  return rules;
}

// Those that advise come last, in turn.
static RunResult Run(llvm::ArrayRef<PlannedRule> rules, const RuleContext &context, unsigned jobs) {
  std::vector<std::vector<Finding>> found(rules.size());
  RunResult result;
  result.outcomes.resize(rules.size());
  auto advises = [&](size_t i) { return rules[i].first->phase == RulePhase::Advising; };
  auto run = [&](size_t i) {
    const auto &[rule, severity] = rules[i];
    Reporter report(rule->meta, severity);
    RuleContext given = context;
    given.may_advise = advises(i);
    rule->check(given, report);
    found[i] = report.Take();
    result.outcomes[i] = {.code = rule->meta.code,
                          .status = OutcomeStatus::Ran,
                          .reason = "",
                          .findings = found[i].size()};
  };
  ParallelFor(rules.size(), jobs, 1, [&](size_t i) {
    if (!advises(i)) {
      run(i);
    }
  });
  for (size_t i = 0; i < rules.size(); ++i) {
    if (advises(i)) {
      run(i);
    }
  }
  for (std::vector<Finding> &findings : found) {
    llvm::move(findings, std::back_inserter(result.findings));
  }
  FinishFindings(result.findings);
  return result;
}

RunResult RunRules(const Project &project, const Config &config, const RulePlan &plan,
                   unsigned jobs) {
  const RuleContext context{
      .project = project, .config = config, .unused_suppressions = {}, .may_advise = false};
  return Run(RulesOf(plan, [](RulePhase phase) { return phase != RulePhase::Suppressed; }), context,
             jobs);
}

RunResult RunSuppressedRules(const Project &project, const Config &config, const RulePlan &plan,
                             llvm::ArrayRef<UnusedSuppression> unused) {
  const RuleContext context{
      .project = project, .config = config, .unused_suppressions = unused, .may_advise = false};
  return Run(RulesOf(plan, [](RulePhase phase) { return phase == RulePhase::Suppressed; }), context,
             1);
}

} // namespace pydefrag
