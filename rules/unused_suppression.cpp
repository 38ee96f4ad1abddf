// DFG902: an ignore comment, or one of its codes, that silences nothing.
#include "check/rule.h"

#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports a `# pydefrag: ignore` comment, or a code in it, that silenced no finding in this run.

## Why is this bad?
It says that something is wrong where nothing is, and it will silence the next real finding there.

## Example
```pycase
# --- till.py
import os  # pydefrag: ignore[missing-module]
```

## Use instead
```pycase
# --- till.py
import os
```

## Fix safety
No fix is offered.

## Limits
Codes of rules that did not run are not reported, nor is a comment without codes when some rule was
switched off. `# noqa` comments belong to other tools as well and are never reported.

## Options
`require-reason`: a comment that gives no reason silences nothing, and is reported here.
)";

static void ReportUnused(const RuleContext &context, const UnusedSuppression &unused,
                         Reporter &report) {
  const Project &project = context.project;
  const Suppression &comment = project.scanned.facts[unused.file].suppressions[unused.suppression];
  const ModuleId module = project.module_of_file[unused.file];
  std::string message = "this comment silences nothing";
  if (!unused.codes.empty()) {
    message =
        ("`" + llvm::Twine(llvm::join(unused.codes, "`, `")) + "` silences nothing here").str();
  }
  const bool no_reason = context.config.require_reason && comment.reason.empty();
  if (no_reason) {
    message = "this comment gives no reason, so it silences nothing";
  }
  FindingBuilder builder = report.At({unused.file, {comment.begin, comment.end}}, message);
  if (module.valid()) {
    builder.Module(project.Text(project.modules[module].name));
  }
  builder.Cause(project.PathOf(unused.file)).Spelled(llvm::join(unused.codes, ","));
  builder.Help(no_reason              ? "say why, behind the comment's codes"
               : unused.codes.empty() ? "remove the comment"
                                      : "remove it from the comment");
  builder.Emit();
}

static void Check(const RuleContext &context, Reporter &report) {
  for (const UnusedSuppression &unused : context.unused_suppressions) {
    const ModuleId module = context.project.module_of_file[unused.file];
    if (!module.valid() || context.project.modules[module].reported) {
      ReportUnused(context, unused, report);
    }
  }
}

extern const Rule kUnusedSuppression;
constinit const Rule kUnusedSuppression = {
    .meta = {.code = "DFG902",
             .name = "unused-suppression",
             .summary = "an ignore comment that silences nothing",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Note,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::None},
    .check = Check,
    .phase = RulePhase::Suppressed,
    .reach = RuleReach::File,
};

} // namespace pydefrag
