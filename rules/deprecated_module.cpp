// DFG301: an import that runs a module which warns of its own deprecation.
#include "base/identifier.h"
#include "check/advice.h"
#include "check/rule.h"
#include "check/views.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports an import that runs a module of the project which warns of its own deprecation when it is
imported (`warnings.warn(..., DeprecationWarning)` at module level, or a helper that does so).

## Why is this bad?
The warning is hidden by default, so the old path lives on until the day it is deleted.

## Example
```pycase
# --- shop/__init__.py
# --- shop/basket.py
class Basket: ...
# --- shop/old.py
import warnings
warnings.warn("use shop.basket", DeprecationWarning, stacklevel=2)
from shop.basket import Basket
# --- till.py
from shop.old import Basket
```

## Use instead
```pycase
# --- shop/__init__.py
# --- shop/basket.py
class Basket: ...
# --- shop/old.py
import warnings
warnings.warn("use shop.basket", DeprecationWarning, stacklevel=2)
from shop.basket import Basket
# --- till.py
from shop.basket import Basket
```

## Fix safety
Offered when the warning names a module of the project as the replacement. Safe when all names are
the very same objects there.

## Limits
A warning under a condition that is not decided (a version or platform test) is not a deprecation
of the module. Imports inside the deprecated package itself, and imports in a block that expects
the warning (`pytest.warns`, `catch_warnings`), are silent.

## Options
None.
)";

// What the message itself names as the way to go.
static std::string HelpOf(const DeprecationInfo &info) {
  return info.replacement.empty() ? "" : "use `" + info.replacement + "` instead";
}

// All names of the statement go together.
static void AddFix(FindingBuilder &builder, const Project &project, RowId id,
                   const DeprecationInfo &info) {
  const ImportRow &row = project.rows[id];
  if (info.replacement.empty() || row.deprecated_module != row.source) {
    return; // a package above it is deprecated: what replaces all of that is not said
  }
  std::optional<Fix> fix =
      FixByReplacement(project, RowsOfStatement(project, id), info.replacement);
  if (fix) {
    builder.WithFix(std::move(*fix));
  }
}

static void ReportRow(const Project &project, RowId id, Reporter &report) {
  const ImportRow &row = project.rows[id];
  const DeprecationInfo &info = project.module_deprecations[row.deprecated_module];
  const llvm::StringRef name = project.Text(project.modules[row.deprecated_module].name);
  const std::string said = info.message.empty() ? "" : ": " + info.message;
  FindingBuilder builder = AtRow(report, project, row, ModuleLocation(project, row),
                                 "`" + name + "` is deprecated" + said);
  builder.Cause(name).Symbol(name).Spelled(SpelledModule(project, row)).Help(HelpOf(info));
  if (info.where.file.valid()) {
    builder.Attach(info.where, "the module warns here");
  }
  if (info.doc_only) {
    builder.WithSeverity(Severity::Note);
  }
  AddFix(builder, project, id, info);
  builder.Emit();
}

static bool IsFinding(const Project &project, const ImportRow &row) {
  if (!row.deprecated_module.valid() || !IsReported(project, row) || row.context.unreachable) {
    return false;
  }
  return !IsWithin(project.Text(ImporterOf(project, row).name),
                   project.Text(project.modules[row.deprecated_module].name)) &&
         !ExpectsWarning(project, row);
}

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  for (const RowRange &range : StatementRanges(project)) {
    ModuleId said;
    for (RowId id = range.first; id < range.end; id = RowId(id.index + 1)) {
      const ImportRow &row = project.rows[id];
      if (row.deprecated_module == said || !IsFinding(project, row)) {
        continue;
      }
      said = row.deprecated_module;
      ReportRow(project, id, report);
    }
  }
}

extern const Rule kDeprecatedModule;
constinit const Rule kDeprecatedModule = {
    .meta = {.code = "DFG301",
             .name = "deprecated-module",
             .summary = "an import of a module that warns of its own deprecation",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Warning,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::Sometimes},
    .check = Check,
    .reach = RuleReach::Imports,
};

} // namespace pydefrag
