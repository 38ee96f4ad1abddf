// DFG402: modules that import each other when they are imported. One finding per set of modules
// that reach each other.
#include "check/crashes.h"
#include "check/import_edges.h"
#include "check/rule.h"
#include "check/views.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports modules that import each other at import time, once for each set that belongs together, with
a shortest way round it.

## Why is this bad?
It works as long as every module of the set finds what it needs from the others when its turn comes.
The next import that is added, or the next entry point, meets a module that is only half there.

## Example
```pycase
# --- shop/__init__.py
# --- shop/order.py
from shop import customer

class Order:
    def buyer(self): return customer.Customer()
# --- shop/customer.py
from shop import order

class Customer:
    def order(self): return order.Order()
```

## Use instead
```pycase
# --- shop/__init__.py
# --- shop/order.py
from shop import customer

class Order:
    def buyer(self): return customer.Customer()
# --- shop/customer.py
class Customer:
    def order(self):
        from shop import order
        return order.Order()
```

## Fix safety
No fix is offered: which of the imports has to go is a question of design.

## Limits
Imports in functions, lazy imports and imports for type checking do not count. That importing
`pkg.b` runs `pkg/__init__` does not count either: only an import that wants the package's own names
leads back to it. A cycle that crashes is reported as crashing-import-cycle instead. Where all its
modules fail to be imported for something that stands elsewhere, that comes first, and nothing is
said of the cycle.

## Options
None.
)";

static llvm::StringRef NameOf(const Project &project, ModuleId module) {
  return project.Text(project.modules[module].name);
}

// "`a` -> `b` -> `a`".
static std::string WayText(const Project &project, const WayRound &way) {
  constexpr size_t kMost = 5;
  std::string text = "`" + NameOf(project, way.start).str() + "`";
  for (size_t i = 0; i < way.hops.size(); ++i) {
    const bool shown = i + 1 == way.hops.size() || i + 1 < kMost;
    if (shown) {
      text += " -> `" + NameOf(project, way.hops[i].to).str() + "`";
    } else if (i + 1 == kMost) {
      text += " -> ...";
    }
  }
  return text;
}

static Location PlaceOf(const Project &project, const ImportRow &row) {
  const bool names_module =
      row.target.kind == TargetKind::Module && row.name.valid() && row.target.module != row.source;
  return names_module ? Location{row.file, NameSpan(project, row)} : ModuleLocation(project, row);
}

static void ReportCycle(const Project &project, const std::vector<ModuleId> &members,
                        const WayRound &way, Reporter &report) {
  const ImportRow &closing = project.rows[way.hops.back().row];
  FindingBuilder builder = AtRow(report, project, closing, PlaceOf(project, closing),
                                 "import cycle: " + WayText(project, way));
  builder.Cause(NameOf(project, members.front()));
  for (const ImportEdge &hop : way.hops) {
    const ImportRow &row = project.rows[hop.row];
    builder.Symbol(NameOf(project, hop.to));
    const std::string message =
        ("`" + NameOf(project, row.importer) + "` imports `" + NameOf(project, hop.to) + "` here")
            .str();
    builder.Attach(PlaceOf(project, row), message).Step(PlaceOf(project, row), message);
  }
  if (members.size() > way.hops.size()) {
    builder.Note(std::to_string(members.size()) + " modules reach each other; this is a shortest "
                                                  "way round");
  }
  builder.Help("move one of these imports into the function that needs it, or what both need into "
               "a third module");
  builder.Emit();
}

// Whether all modules of the cycle fail for something that stands outside of it. What comes of the
// cycle, a crash or a warning, shows when that is mended.
static bool FailsElsewhere(const Project &project, llvm::ArrayRef<ModuleId> members) {
  llvm::DenseSet<FileId> files;
  for (ModuleId module : members) {
    files.insert(project.modules[module].file);
  }
  return llvm::all_of(members, [&](ModuleId module) {
    const ImportOutcome &outcome = project.outcomes[module];
    return outcome.status == ImportOutcome::Fails && !outcome.chain.empty() &&
           !files.contains(outcome.chain.back().file);
  });
}

// Whether the importer has failed before it gets to the import, whoever imports it. What comes of
// the cycle shows when that is mended.
static bool IsBehindFailure(const Project &project, const ImportRow &row) {
  const ImportOutcome &outcome = project.outcomes[row.importer];
  return outcome.status == ImportOutcome::Fails && !outcome.chain.empty() && !IsCircular(outcome) &&
         outcome.chain.front().file == row.file &&
         outcome.chain.front().span.begin < row.statement_span.begin;
}

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  const ImportEdges graph = FindImportEdges(project);
  llvm::DenseSet<ModuleId> crashing;
  for (const Crash &crash : FindCrashes(project)) {
    crashing.insert(crash.modules.begin(), crash.modules.end());
  }
  for (const std::vector<ModuleId> &members : graph.cycles) {
    if (llvm::any_of(members, [&](ModuleId module) { return crashing.contains(module); }) ||
        FailsElsewhere(project, members)) {
      continue;
    }
    const WayRound way = ShortestWayRound(graph, members);
    const bool behind = llvm::any_of(way.hops, [&](const ImportEdge &hop) {
      return IsBehindFailure(project, project.rows[hop.row]);
    });
    if (!way.hops.empty() && !behind && IsReported(project, project.rows[way.hops.back().row])) {
      ReportCycle(project, members, way, report);
    }
  }
}

extern const Rule kImportCycle;
constinit const Rule kImportCycle = {
    .meta = {.code = "DFG402",
             .name = "import-cycle",
             .summary = "modules that import each other at import time",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Warning,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::None},
    .check = Check,
};

} // namespace pydefrag
