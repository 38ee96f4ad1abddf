// DFG201: an import of a module that does not exist. One finding per statement and missing module.
#include "check/advice.h"
#include "check/banned.h"
#include "check/rule.h"
#include "check/stdlib_rows.h"
#include "check/views.h"

#include "llvm/ADT/SmallVector.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports an import of a module that neither the project, the standard library of the target version
nor (when an environment is known) an installed distribution has.

## Why is this bad?
The import raises `ModuleNotFoundError`, and so does every module that imports this one.

## Example
```pycase
# --- shop/__init__.py
# --- till.py
from shop.basket import Basket
```

## Use instead
```pycase
# --- shop/__init__.py
# --- shop/basket.py
class Basket: ...
# --- till.py
from shop.basket import Basket
```

## Fix safety
Safe when the module has moved and keeps its own name, or when one other module defines the very
name that is imported. Unsafe when the name is only similar. Not offered for `import a.b` without
`as`, since the code below it spells the module out.

## Limits
Nothing is missing below a top-level name that is not the project's own, unless an environment is
known (`--python`). Imports that a handler guards are silent, as are imports that never run. An
import under `TYPE_CHECKING`, or one whose handler skips the test, is reported only below a name
that is the project's own.

## Options
`source-roots`, `python`, `target-version`
)";

// One statement that names a missing module; `row` is the first of its names.
static void ReportStatement(const RuleContext &context, const ImportRow &row, Reporter &report) {
  const Project &project = context.project;
  const NameId missing = row.missing_part.valid() ? row.missing_part : row.module;
  const llvm::StringRef name = project.Text(missing);
  const llvm::StringRef type_only = row.context.type_checking ? " (type-only import)" : "";
  FindingBuilder builder = AtRow(report, project, row, ModuleLocation(project, row),
                                 "no module named `" + name + "`" + type_only);
  builder.Cause(name).Symbol(name).Spelled(SpelledModule(project, row)).Note(row.reason);
  if (row.context.masked) {
    builder.WithSeverity(Severity::Warning)
        .Note("the test is skipped then, so nobody sees it fail");
  }
  Advise(builder, context, row);
  builder.Emit();
}

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  for (const RowRange &range : StatementRanges(project)) {
    llvm::SmallVector<NameId, 4> said;
    for (RowId id = range.first; id < range.end; id = RowId(id.index + 1)) {
      const ImportRow &row = project.rows[id];
      if (row.status != RowStatus::MissingModule || row.beyond_top ||
          !MayReportMissing(project, row) || llvm::is_contained(said, row.missing_part)) {
        continue;
      }
      // Other rules know more about these.
      if (IsRemovedStdlib(project, row) || BanOf(project, context.config, row).entry) {
        continue;
      }
      said.push_back(row.missing_part);
      ReportStatement(context, row, report);
    }
  }
}

extern const Rule kMissingModule;
constinit const Rule kMissingModule = {
    .meta = {.code = "DFG201",
             .name = "missing-module",
             .summary = "an import of a module that does not exist",
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
