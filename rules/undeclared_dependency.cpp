// DFG208: a third-party import that no declared dependency provides.
#include "check/dependencies.h"
#include "check/rule.h"
#include "check/views.h"
#include "stdlib/stdlib.h"

#include "llvm/ADT/SmallVector.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports an import of a third-party module that none of the declared dependencies brings, in a
project that declares some. Off by default.

## Why is this bad?
The module is there only as long as another dependency happens to need it.

## Example
```pycase
# --- pyproject.toml
[project]
name = "till"
dependencies = ["requests"]
# --- till.py
import requests
import urllib3
```

## Use instead
```pycase
# --- pyproject.toml
[project]
name = "till"
dependencies = ["requests", "urllib3"]
# --- till.py
import requests
import urllib3
```

## Fix safety
No fix is offered.

## Limits
Import names are matched with distribution names by a table of well-known ones and by similarity:
a distribution whose module has quite another name is not recognised. Guarded imports, imports for
type checking, tests and `setup.py` are silent.

## Options
None.
)";

static bool IsThirdParty(const Project &project, const ImportRow &row) {
  if (row.status == RowStatus::MissingModule || !row.source.valid()) {
    return false;
  }
  const Module &source = project.modules[row.source];
  const llvm::StringRef dotted = project.Text(row.module);
  const llvm::StringRef top = dotted.split('.').first;
  return !source.first_party && source.kind != ModuleKind::Stdlib && !IsStdlibTopLevel(top) &&
         !Python2Replacement(top) && !IsVirtualModule(dotted) && !IsOwned(project, dotted);
}

static bool IsFinding(const Project &project, const ImportRow &row) {
  const llvm::StringRef path = project.PathOf(row.file);
  const RowContext &context = row.context;
  if (!IsReported(project, row) || context.guarded || context.masked || context.type_checking ||
      context.unreachable || context.string || ImporterOf(project, row).test ||
      path == "setup.py" || path.ends_with("/setup.py")) {
    return false;
  }
  return IsThirdParty(project, row) && !DependsOn(project, project.Text(row.module));
}

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  if (!DeclaresAllDependencies(project)) {
    return;
  }
  for (const RowRange &range : StatementRanges(project)) {
    llvm::SmallVector<llvm::StringRef, 2> said;
    for (RowId id = range.first; id < range.end; id = RowId(id.index + 1)) {
      const ImportRow &row = project.rows[id];
      const llvm::StringRef top = project.Text(row.module).split('.').first;
      if (!IsFinding(project, row) || llvm::is_contained(said, top)) {
        continue;
      }
      said.push_back(top);
      AtRow(report, project, row, ModuleLocation(project, row),
            "no declared dependency provides `" + top + "`")
          .Cause(top)
          .Symbol(top)
          .Help("declare the distribution that provides it")
          .Emit();
    }
  }
}

extern const Rule kUndeclaredDependency;
constinit const Rule kUndeclaredDependency = {
    .meta = {.code = "DFG208",
             .name = "undeclared-dependency",
             .summary = "a third-party import that no declared dependency provides",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Off,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::None},
    .check = Check,
};

} // namespace pydefrag
