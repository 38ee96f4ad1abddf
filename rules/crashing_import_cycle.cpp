// DFG401: an import cycle that raises. One finding per cycle, at the statement that fails.
#include "check/crashes.h"
#include "check/rule.h"
#include "check/views.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Executes the import statements of modules that import each other on paper, in the order in which
Python would, with each of them as the first one, and reports a cycle in which that raises. An error
when every order fails, or one that the project takes: from a test, a script or an entry point.
Otherwise a note that names the modules that fail when they are imported first.

## Why is this bad?
The module that comes first meets another one that is only half there: `ImportError: cannot import
name 'x' from partially initialized module 'a' (most likely due to a circular import)`.

## Example
```pycase
# --- shop/__init__.py
# --- shop/service.py
from shop.invoice import Invoice

class Service:
    def bill(self): return Invoice(self)
# --- shop/invoice.py
from shop.service import Service

class Invoice:
    def __init__(self, service: Service): ...
```

## Use instead
```pycase
# --- shop/__init__.py
# --- shop/service.py
from shop.invoice import Invoice

class Service:
    def bill(self): return Invoice(self)
# --- shop/invoice.py
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shop.service import Service

class Invoice:
    def __init__(self, service: "Service"): ...
```

## Fix safety
No fix is offered: which of the imports has to wait is a question of design.

## Limits
Code that is not an import is executed only as far as it calls functions of the project or uses
attributes of modules in the cycle. Where nobody can tell what runs, nothing fails.

## Options
None.
)";

// 'x' -> `x`.
static std::string WithBackticks(llvm::StringRef text) {
  std::string result = text.str();
  std::replace(result.begin(), result.end(), '\'', '`');
  return result;
}

static llvm::StringRef NameOf(const Project &project, ModuleId module) {
  return project.Text(project.modules[module].name);
}

// The row of the failing statement whose name the reason quotes; else its first row.
static const ImportRow *FailingRow(const Project &project, const Crash &crash) {
  const ImportRow *first = nullptr;
  auto row = std::partition_point(project.rows.begin(), project.rows.end(),
                                  [&](const ImportRow &r) { return r.file < crash.where.file; });
  for (; row != project.rows.end() && row->file == crash.where.file; ++row) {
    if (row->statement_span.begin != crash.where.span.begin) {
      continue;
    }
    first = first ? first : &*row;
    const bool quoted =
        row->name.valid() &&
        llvm::StringRef(crash.reason).contains(("'" + project.Text(row->name) + "'").str());
    if (quoted) {
      return &*row;
    }
  }
  return first;
}

static std::string Names(const Project &project, llvm::ArrayRef<ModuleId> modules) {
  constexpr size_t kMost = 5;
  std::string text;
  for (size_t i = 0; i < modules.size() && i < kMost; ++i) {
    text += (i > 0 ? ", `" : "`") + NameOf(project, modules[i]).str() + "`";
  }
  if (modules.size() > kMost) {
    text += " and " + std::to_string(modules.size() - kMost) + " more";
  }
  return text;
}

static std::string NoteOf(const Project &project, const Crash &crash) {
  if (crash.certain) {
    return "this fails whichever module of the cycle is imported first";
  }
  const std::string first = "this fails when one of these is imported first: ";
  if (!crash.has_entry) {
    return first + Names(project, crash.failing);
  }
  std::vector<ModuleId> entries;
  llvm::copy_if(crash.failing, std::back_inserter(entries),
                [&](ModuleId module) { return IsEntry(project, module); });
  return first + Names(project, entries);
}

static void ReportCrash(const Project &project, const Crash &crash, Reporter &report) {
  const ImportRow *row = FailingRow(project, crash);
  const std::string message = WithBackticks(crash.reason) + " (circular import)";
  const ModuleId failing = project.module_of_file[crash.where.file];
  const bool named = row && row->name.valid() && !row->context.star;
  const Location where = named ? Location{row->file, NameSpan(project, *row)} : crash.where;
  FindingBuilder builder =
      row ? AtRow(report, project, *row, where, message) : report.At(where, message);
  builder.Module(NameOf(project, failing)).Note(NoteOf(project, crash));
  std::vector<llvm::StringRef> names;
  for (ModuleId module : crash.modules) {
    names.push_back(NameOf(project, module));
    builder.Symbol(NameOf(project, module));
  }
  builder.Cause(*llvm::min_element(names));
  for (size_t i = 0; i < crash.cycle.size(); ++i) {
    const ModuleId at = project.module_of_file[crash.cycle[i].file];
    const bool last = i + 1 == crash.cycle.size();
    const std::string message = (last ? "and this fails, in `" + NameOf(project, at) + "`"
                                      : "`" + NameOf(project, at) + "` waits here")
                                    .str();
    builder.Attach(crash.cycle[i], message).Step(crash.cycle[i], message);
  }
  builder.Help(
      "import it where it is used, under `TYPE_CHECKING` when only annotations need it, or "
      "move what both need into a third module");
  if (!crash.certain && !crash.has_entry) {
    builder.WithSeverity(Severity::Note);
  }
  builder.Emit();
}

static void Check(const RuleContext &context, Reporter &report) {
  const Project &project = context.project;
  for (const Crash &crash : FindCrashes(project)) {
    const ModuleId module = project.module_of_file[crash.where.file];
    if (project.modules[module].first_party && project.modules[module].reported) {
      ReportCrash(project, crash, report);
    }
  }
}

extern const Rule kCrashingImportCycle;
constinit const Rule kCrashingImportCycle = {
    .meta = {.code = "DFG401",
             .name = "crashing-import-cycle",
             .summary = "an import cycle that raises when it is entered",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Error,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::None},
    .check = Check,
};

} // namespace pydefrag
