// DFG205: a guarded import of something of the project's own that cannot exist.
#include "check/rule.h"
#include "check/views.h"

#include "llvm/ADT/SmallVector.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports an import in a `try` whose handler catches the failure, when what is imported would be the
project's own and does not exist: the fallback is always taken.

## Why is this bad?
The guard was meant for an optional part. Since a move or a deletion it hides a broken import: the
fast path, the plug-in or the feature behind it is gone and nothing says so.

## Example
```pycase
# --- shop/__init__.py
# --- till.py
try:
    from shop._speedups import total
except ImportError:
    def total(prices):
        return sum(prices)
```

## Use instead
```pycase
# --- shop/__init__.py
# --- till.py
def total(prices):
    return sum(prices)
```

## Fix safety
No fix is offered: either the import or the fallback is wrong.

## Limits
Third-party modules are not looked at, nor tests, nor names that a build or a user's machine usually
provides: versions, local settings, secrets. A module that is open, or that a build is known to
make, is not missing.

## Options
`source-roots`
)";

// What a build, a deployment or a developer puts there.
static bool IsUsuallyProvided(llvm::StringRef name) {
  for (const char *part : {"version", "local", "secret", "private", "override", "custom", "_pb2",
                           "credential", "password", "buildinfo", "build_info", "generated"}) {
    if (name.contains_insensitive(part)) {
      return true;
    }
  }
  return false;
}

static llvm::StringRef LastComponent(llvm::StringRef dotted) {
  return dotted.contains('.') ? dotted.rsplit('.').second : dotted;
}

// Whether the statement stands in the body of the `try` (or `with suppress`) that guards it, and
// not in a handler, which is the fallback itself.
static bool IsTried(const Project &project, const ImportRow &row) {
  const std::vector<PlacedStatement> &statements = project.scanned.facts[row.file].statements;
  int32_t index = project.StatementAt(row).parent;
  for (; index >= 0; index = statements[static_cast<size_t>(index)].parent) {
    const StatementKind kind = project.Syntax(statements[static_cast<size_t>(index)]).kind;
    if (kind == StatementKind::Try || kind == StatementKind::With) {
      return true;
    }
    if (kind == StatementKind::Except || kind == StatementKind::ExceptStar ||
        kind == StatementKind::Function) {
      return false;
    }
  }
  return false;
}

static bool IsFinding(const Project &project, const ImportRow &row) {
  const RowContext &context = row.context;
  const bool missing =
      row.status == RowStatus::MissingModule || row.status == RowStatus::MissingName;
  if (!missing || row.beyond_top || !context.guarded || context.masked || context.type_checking ||
      context.unreachable || context.string || !IsReported(project, row) ||
      ImporterOf(project, row).test || !IsTried(project, row)) {
    return false;
  }
  if (row.status == RowStatus::MissingName) {
    return row.source.valid() && project.modules[row.source].first_party &&
           !IsUsuallyProvided(project.Text(row.name));
  }
  const NameId gone = row.missing_part.valid() ? row.missing_part : row.module;
  return IsOwned(project, project.Text(gone)) &&
         !IsUsuallyProvided(LastComponent(project.Text(gone)));
}

static void ReportRow(const Project &project, const ImportRow &row, Reporter &report) {
  const bool name_is_gone = row.status == RowStatus::MissingName;
  const NameId part = row.missing_part.valid() ? row.missing_part : row.module;
  const llvm::StringRef module = project.Text(name_is_gone ? row.module : part);
  const std::string what =
      name_is_gone ? ("`" + module + "` does not define `" + project.Text(row.name) + "`").str()
                   : ("there is no `" + module + "`").str();
  const std::string symbol =
      name_is_gone ? (module + ":" + project.Text(row.name)).str() : module.str();
  const Location where =
      name_is_gone ? Location{row.file, NameSpan(project, row)} : ModuleLocation(project, row);
  AtRow(report, project, row, where, what + ", so the fallback is always taken")
      .Cause(symbol)
      .Symbol(symbol)
      .Note(row.reason)
      .Help("import what was meant, or keep only the fallback")
      .Emit();
}

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  for (const RowRange &range : StatementRanges(project)) {
    for (RowId id = range.first; id < range.end; id = RowId(id.index + 1)) {
      if (IsFinding(project, project.rows[id])) {
        ReportRow(project, project.rows[id], report);
        break; // the first failure ends the statement
      }
    }
  }
}

extern const Rule kDeadOptionalImport;
constinit const Rule kDeadOptionalImport = {
    .meta = {.code = "DFG205",
             .name = "dead-optional-import",
             .summary = "a guarded import of something that cannot exist",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Warning,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::None},
    .check = Check,
    .reach = RuleReach::Imports,
};

} // namespace pydefrag
