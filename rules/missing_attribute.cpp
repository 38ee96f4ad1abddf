// DFG203: `module.name` in code, on an imported module that binds no such name.
#include "check/advice.h"
#include "check/rule.h"
#include "check/views.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports `module.name` where `module` is imported, is the project's own, and has neither a name nor a
submodule `name` once everything is imported.

## Why is this bad?
The line raises `AttributeError` when it runs, which may be long after the import worked.

## Example
```pycase
# --- shop/__init__.py
# --- shop/cart.py
class Cart: ...
# --- till.py
from shop import cart

def basket():
    return cart.Basket()
```

## Use instead
```pycase
# --- shop/__init__.py
# --- shop/cart.py
class Cart: ...
# --- till.py
from shop import cart

def basket():
    return cart.Cart()
```

## Fix safety
There is no fix.

## Limits
Only names that an import binds, and nothing else in the same scope, are followed. A module that can
gain names in ways no analysis sees is open; so is a name that some module sets from outside. What a
handler, `hasattr` or a test of the version may keep from running is silent, and so are annotations.

## Options
`target-version`
)";

static void ReportMissing(const RuleContext &context, const MissingAttribute &missing,
                          Reporter &report) {
  const Project &project = context.project;
  const ImportRow &row = missing.row;
  const std::string symbol = project.PathText(row.source, row.name);
  FindingBuilder builder =
      report.At({row.file, row.where}, "`" + project.Text(row.module) + "` does not define `" +
                                           project.Text(row.name) + "`");
  builder.Cause(symbol)
      .Symbol(symbol)
      .Spelled(missing.spelled)
      .Module(project.Text(ImporterOf(project, row).name));
  AskWhetherMeant(builder, context, row, ":");
  builder.Emit();
}

static void Check(const RuleContext &context, Reporter &report) {
  for (const MissingAttribute &missing : context.project.missing_attributes) {
    if (IsReported(context.project, missing.row)) {
      ReportMissing(context, missing, report);
    }
  }
}

extern const Rule kMissingAttribute;
constinit const Rule kMissingAttribute = {
    .meta = {.code = "DFG203",
             .name = "missing-attribute",
             .summary = "`module.name` on an imported module that defines no such name",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Error,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::None},
    .check = Check,
    .phase = RulePhase::Advising,
    .reach = RuleReach::File,
};

} // namespace pydefrag
