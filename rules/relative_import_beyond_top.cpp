// DFG207: a relative import with more dots than there are packages above the module.
#include "check/rule.h"
#include "check/views.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports a relative import that climbs above the top-level package of its module, or that stands in
a module with no package at all.

## Why is this bad?
Python raises `ImportError: attempted relative import beyond top-level package`. Often the file was
moved up one folder, or an `__init__.py` was lost.

## Example
```pycase
# --- shop/__init__.py
# --- shop/cart.py
from ..till import Till
# --- till.py
class Till: ...
```

## Use instead
```pycase
# --- shop/__init__.py
# --- shop/cart.py
from till import Till
# --- till.py
class Till: ...
```

## Fix safety
No fix is offered: which module was meant depends on how the project is started.

## Limits
Imports that a handler guards and imports that never run are silent.

## Options
`source-roots`
)";

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  for (const RowRange &range : StatementRanges(project)) {
    const ImportRow &row = project.rows[range.first];
    if (!row.beyond_top || row.status != RowStatus::MissingModule ||
        !MayReportMissing(project, row)) {
      continue;
    }
    const std::string spelled = SpelledModule(project, row);
    const llvm::StringRef importer = project.Text(ImporterOf(project, row).name);
    AtRow(report, project, row, ModuleLocation(project, row),
          "`" + spelled + "` is beyond the top-level package of `" + importer + "`")
        .Cause(importer + ":" + spelled)
        .Spelled(spelled)
        .Note(row.reason)
        .Emit();
  }
}

extern const Rule kRelativeImportBeyondTop;
constinit const Rule kRelativeImportBeyondTop = {
    .meta = {.code = "DFG207",
             .name = "relative-import-beyond-top",
             .summary = "a relative import with more dots than packages",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Error,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::None},
    .check = Check,
    .reach = RuleReach::Imports,
};

} // namespace pydefrag
