// DFG101: one class or function, several import paths. Reported at each import of it that takes a
// path through another module than the canonical one.
#include "check/rule.h"
#include "check/views.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Finds classes and functions that the project imports through two or more modules, and reports every
import that does not use the canonical one.

The canonical path is the configured one; else, when the defining module (or a package above it) is
private, the public name that the top-most package above it declares; else the defining module.
`pydefrag trace SYMBOL` prints all paths and the reason for the choice.

## Why is this bad?
Every further path has to be kept alive, patched in tests and searched for. A path that nobody
maintains is the one that breaks in the next move, and `mock.patch` on the wrong one does nothing.

## Example
```pycase
# --- shop/__init__.py
# --- shop/cart.py
class Cart: ...
# --- shop/api.py
from shop.cart import Cart
# --- till.py
from shop.cart import Cart
# --- report.py
from shop.api import Cart
```

## Use instead
```pycase
# --- shop/__init__.py
# --- shop/cart.py
class Cart: ...
# --- shop/api.py
from shop.cart import Cart
# --- till.py
from shop.cart import Cart
# --- report.py
from shop.cart import Cart
```

## Fix safety
Safe when the canonical path is the defining module, which the other path has to import anyway.
Unsafe otherwise: importing a package from inside may close an import cycle. Only shown, not
applied, when the statement imports other names too.

## Limits
Two names for one object in one module are one path. An import that a package needs to re-export
the symbol from below is not a use, and modules inside the canonical package may import from the
defining module. Constants are not looked at.

## Options
`canonical`
)";

// Modules through which the definition is really used.
static size_t ModulesInUse(const Definition &definition) {
  llvm::SmallSet<ModuleId, 4> modules;
  for (const PathInfo &path : definition.paths) {
    if (path.in_use) {
      modules.insert(path.module);
    }
  }
  return modules.size();
}

static Fix FixFor(const Project &project, const ImportRow &row, const Definition &definition,
                  const PathInfo &canonical) {
  const llvm::StringRef module = project.Text(project.modules[canonical.module].name);
  const llvm::StringRef name = project.Text(canonical.name);
  Fix fix;
  fix.title = ("import `" + name + "` from `" + module + "`").str();
  const std::optional<Span> span = ModuleSpan(project, row);
  if (!span || row.context.string || AliasCount(project, row) != 1) {
    return fix;
  }
  fix.applicability =
      canonical.module == definition.module ? Applicability::Safe : Applicability::Unsafe;
  fix.edits.push_back({.where = {row.file, *span}, .content = module.str()});
  if (canonical.name != row.name) {
    // The name below the import stays what it was.
    const llvm::StringRef kept = row.as.valid() ? "" : project.Text(row.name);
    const std::string content = (kept.empty() ? name : name + " as " + kept).str();
    fix.edits.push_back({.where = {row.file, NameSpan(project, row)}, .content = content});
  }
  return fix;
}

static void ReportRow(const Project &project, const ImportRow &row, const Definition &definition,
                      const PathInfo &path, Reporter &report) {
  const PathInfo &canonical = definition.paths[static_cast<size_t>(definition.canonical)];
  const std::string symbol = project.PathText(definition.module, definition.name);
  const llvm::StringRef through = project.Text(project.modules[path.module].name);
  const llvm::StringRef best = project.Text(project.modules[canonical.module].name);
  FindingBuilder builder = AtRow(report, project, row, {row.file, NameSpan(project, row)},
                                 "`" + project.Text(row.name) + "` is imported through `" +
                                     through + "`; its canonical path is `" + best + "`");
  builder.Cause(symbol).Symbol(symbol).Attach(definition.where, "defined here");
  for (const Location &hop : path.via) {
    builder.Attach(hop, "re-exported here");
  }
  builder.WithFix(FixFor(project, row, definition, canonical)).Emit();
}

static void CheckDefinition(const Project &project, const Definition &definition,
                            Reporter &report) {
  const PathInfo &canonical = definition.paths[static_cast<size_t>(definition.canonical)];
  for (const PathInfo &path : definition.paths) {
    if (path.module == canonical.module) {
      continue;
    }
    for (RowId id : path.rows) {
      const ImportRow &row = project.rows[id];
      if (IsReported(project, row) && !row.context.plumbing && !row.context.internal) {
        ReportRow(project, row, definition, path, report);
      }
    }
  }
}

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  for (const Definition &definition : project.definitions) {
    if (definition.kind != DefinitionKind::Constant &&
        project.modules[definition.module].first_party && ModulesInUse(definition) >= 2) {
      CheckDefinition(project, definition, report);
    }
  }
}

extern const Rule kFragmentedImport;
constinit const Rule kFragmentedImport = {
    .meta = {.code = "DFG101",
             .name = "fragmented-import",
             .summary = "a class or function is imported by several paths",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Warning,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::Sometimes},
    .check = Check,
};

} // namespace pydefrag
