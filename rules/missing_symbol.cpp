// DFG202: a from-import of a name that an existing module does not bind.
#include "check/advice.h"
#include "check/banned.h"
#include "check/rule.h"
#include "check/stdlib_rows.h"
#include "check/views.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports `from M import N` where `M` exists and, once it is imported, has neither a name nor a
submodule `N`.

## Why is this bad?
The import raises `ImportError`, and so does every module that imports this one.

## Example
```pycase
# --- shop/__init__.py
# --- shop/cart.py
class Cart: ...
# --- till.py
from shop.cart import Basket
```

## Use instead
```pycase
# --- shop/__init__.py
# --- shop/cart.py
class Cart: ...
# --- till.py
from shop.cart import Cart
```

## Fix safety
Safe when one other module defines the very name. Unsafe when the name is only similar: what stands
below the import may use either spelling.

## Limits
A module that can gain names in ways no analysis sees (a computed `__getattr__`, a star import of
a module that is not analysed, `globals()` written to) is open: nothing is reported on it. Imports
that a handler guards and imports that never run are silent.

## Options
`target-version`
)";

static void ReportRow(const RuleContext &context, const ImportRow &row, Reporter &report) {
  const Project &project = context.project;
  const llvm::StringRef module = project.Text(row.module);
  const llvm::StringRef name = project.Text(row.name);
  const llvm::StringRef type_only = row.context.type_checking ? " (type-only import)" : "";
  const std::string symbol =
      row.source.valid() ? project.PathText(row.source, row.name) : (module + ":" + name).str();
  const Location where{row.file, NameSpan(project, row)};
  FindingBuilder builder = AtRow(report, project, row, where,
                                 "`" + module + "` does not define `" + name + "`" + type_only);
  builder.Cause(symbol).Symbol(symbol).Note(row.reason);
  if (row.context.masked) {
    builder.WithSeverity(Severity::Warning)
        .Note("the test is skipped then, so nobody sees it fail");
  }
  Advise(builder, context, row);
  builder.Emit();
}

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  for (const ImportRow &row : project.rows) {
    // Other rules know more about standard names that are gone, and about retired paths.
    if (row.status == RowStatus::MissingName && MayReportMissing(project, row) &&
        !IsRemovedStdlib(project, row) && !BanOf(project, context.config, row).entry) {
      ReportRow(context, row, report);
    }
  }
}

extern const Rule kMissingSymbol;
constinit const Rule kMissingSymbol = {
    .meta = {.code = "DFG202",
             .name = "missing-symbol",
             .summary = "an import of a name that the module does not define",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Error,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::Sometimes},
    .check = Check,
    .phase = RulePhase::Advising,
    .reach = RuleReach::Imports,
};

} // namespace pydefrag
