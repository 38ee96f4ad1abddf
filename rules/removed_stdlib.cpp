// DFG303: an import of a standard module or name that the target version no longer has, or that is
// on its way out there.
#include "base/identifier.h"
#include "check/dependencies.h"
#include "check/rule.h"
#include "check/stdlib_rows.h"
#include "check/views.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports an import of a module or name of the standard library that was removed before the target
version (an error), or that warns of its removal there (a warning).

## Why is this bad?
The import raises `ModuleNotFoundError` or `ImportError` after the upgrade, and so does every module
that imports this one.

## Example
```pycase
# --- till.py
import telnetlib
from collections import Mapping
```

## Use instead
```pycase
# --- till.py
import socket
from collections.abc import Mapping
```

## Fix safety
No fix is offered: replacements differ in what they can do.

## Limits
Names that only the documentation calls deprecated are not reported. Imports that a handler guards,
or that stand under a test of the Python version or a flag like `PY2`, are silent. `distutils` comes back when setuptools
is installed: in a project that depends on it, and in `setup.py`, its import is a warning.

## Options
`target-version`
)";

static bool IsDottedName(llvm::StringRef text) {
  return llvm::all_of(text, [](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; });
}

static std::string HelpOf(const StdlibVerdict &verdict) {
  if (verdict.replacement.empty()) {
    return "";
  }
  return IsDottedName(verdict.replacement) ? "use `" + verdict.replacement + "` instead"
                                           : "use " + verdict.replacement + " instead";
}

static std::string MessageOf(const StdlibVerdict &verdict) {
  const std::string what =
      "`" + verdict.module + (verdict.name.empty() ? "" : "." + verdict.name) + "`";
  if (verdict.python2) {
    return what + " is a module of Python 2";
  }
  if (verdict.state == StdlibState::Removed) {
    return what + " was removed from the standard library in Python 3." +
           std::to_string(verdict.since);
  }
  const std::string end = verdict.removal > 0
                              ? " and gone in Python 3." + std::to_string(verdict.removal)
                              : std::string();
  return what + " is deprecated" + end;
}

static bool IsSetupScript(llvm::StringRef path) {
  return path == "setup.py" || path.ends_with("/setup.py");
}

static bool IsDistutils(const StdlibVerdict &verdict) {
  return IsWithin(verdict.module, "distutils");
}

// setuptools puts a `distutils` of its own in place, also for the build it runs itself.
static bool SetuptoolsIsThere(const Project &project, const ImportRow &row) {
  return IsSetupScript(project.PathOf(row.file)) || DependsOn(project, "setuptools");
}

static bool IsFinding(const Project &project, const ImportRow &row, const StdlibVerdict &verdict) {
  if (verdict.state == StdlibState::Fine || row.context.guarded || row.context.type_checking) {
    return false;
  }
  if (IsDistutils(verdict) && IsOwned(project, "setuptools")) {
    return false;
  }
  return !(row.context.conditional && IsUnderVersionTest(project, row)) &&
         (verdict.state == StdlibState::Removed || !ExpectsWarning(project, row));
}

static void ReportRow(const Project &project, const ImportRow &row, const StdlibVerdict &verdict,
                      Reporter &report) {
  const std::string symbol =
      verdict.name.empty() ? verdict.module : verdict.module + ":" + verdict.name;
  const Location where = verdict.name.empty() && !verdict.by_name
                             ? ModuleLocation(project, row)
                             : Location{row.file, NameSpan(project, row)};
  FindingBuilder builder = AtRow(report, project, row, where, MessageOf(verdict));
  builder.Cause(symbol).Symbol(symbol).Help(HelpOf(verdict));
  if (IsDistutils(verdict) && verdict.state == StdlibState::Removed) {
    builder.Note("it is there only where setuptools is installed");
  }
  const bool milder = verdict.state == StdlibState::Deprecated || row.context.masked ||
                      (IsDistutils(verdict) && SetuptoolsIsThere(project, row));
  if (milder) {
    builder.WithSeverity(Severity::Warning);
  }
  builder.Emit();
}

// Imports of one name from one standard module that is there are all alike, and most are fine.
using FineNames = llvm::DenseSet<std::pair<ModuleId, NameId>>;

static bool IsKnownKind(const Project &project, const ImportRow &row) {
  return row.status == RowStatus::Resolved && row.source.valid() && !row.context.star &&
         row.module == project.modules[row.source].name;
}

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  FineNames fine;
  for (const RowRange &range : StatementRanges(project)) {
    llvm::SmallVector<std::string, 2> said; // modules of this statement
    for (RowId id = range.first; id < range.end; id = RowId(id.index + 1)) {
      const ImportRow &row = project.rows[id];
      if (!IsReported(project, row) || row.context.unreachable) {
        continue;
      }
      const bool known = IsKnownKind(project, row);
      if (known && (project.modules[row.source].kind != ModuleKind::Stdlib ||
                    fine.contains({row.source, row.name}))) {
        continue;
      }
      const StdlibVerdict verdict = StdlibVerdictOf(project, row);
      if (known && verdict.state == StdlibState::Fine) {
        fine.insert({row.source, row.name});
        continue;
      }
      if (!IsFinding(project, row, verdict)) {
        continue;
      }
      if (verdict.name.empty()) {
        if (llvm::is_contained(said, verdict.module)) {
          continue;
        }
        said.push_back(verdict.module);
      }
      ReportRow(project, row, verdict, report);
    }
  }
}

extern const Rule kRemovedStdlib;
constinit const Rule kRemovedStdlib = {
    .meta = {.code = "DFG303",
             .name = "removed-stdlib",
             .summary = "a standard module or name that the target version no longer has",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Error,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::None},
    .check = Check,
    .reach = RuleReach::Imports,
};

} // namespace pydefrag
