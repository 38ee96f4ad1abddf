// DFG105: a module that no import reaches, because a package or another module has its name.
#include "check/dependencies.h"
#include "check/rule.h"
#include "check/views.h"
#include "link/link_state.h"
#include "source/paths.h"
#include "stdlib/stdlib.h"

#include <map>

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports `x.py` beside a package `x/`, and a top-level module of the project that has the name of a
standard module or of a declared dependency, when some import expects the other one: a name or
submodule that only the standard module has, or the module itself importing its own name.

## Why is this bad?
Python takes the first one it finds. `x.py` beside `x/__init__.py` is never imported, whatever is
written into it. A local `json.py` is what every `import json` gets, in other libraries too.

## Example
```pycase
# --- shop/__init__.py
# --- shop/report.py
def monthly(): ...
# --- shop/report/__init__.py
def daily(): ...
```

## Use instead
```pycase
# --- shop/__init__.py
# --- shop/report/__init__.py
def daily(): ...
# --- shop/report/month.py
def monthly(): ...
```

## Fix safety
No fix is offered.

## Limits
A module that only has the name of a standard one, and is imported for what it has itself, is not
reported. Compiled modules beside their source are built that way on purpose.

## Options
`source-roots`
)";

// The beginning of the file: there is no wrong word in it.
static Location Top(const Project &project, const Module &module) {
  const uint32_t bytes = project.scanned.facts[module.file].bytes;
  return {module.file, {0, bytes > 0 ? 1u : 0u}};
}

static llvm::StringRef StemOf(llvm::StringRef path) {
  const llvm::StringRef base = FileNameOf(path);
  return base.drop_back(base.ends_with(".py") ? 3 : 0);
}

static void ReportBesidePackage(const Project &project, const Module &module, const Module &package,
                                Reporter &report) {
  const llvm::StringRef path = project.PathOf(module.file);
  const llvm::StringRef winner = project.PathOf(package.file);
  report.At(Top(project, module), "`" + path + "` cannot be imported: `" + winner + "` comes first")
      .Cause(path)
      .Symbol(project.Text(package.name))
      .Module(project.Text(module.name))
      .Spelled(path)
      .Attach(Top(project, package), "this is imported instead")
      .Help("merge the two, or rename one")
      .Emit();
}

// A script that starts the package it is named after is not there to be imported.
static bool Starts(const Project &project, FileId file, llvm::StringRef package) {
  const ModuleFacts &facts = project.scanned.facts[file];
  if (!facts.has_main_guard && !facts.has_shebang) {
    return false;
  }
  const llvm::ArrayRef<ImportRow> rows = project.rows.raw(); // of file after file
  const auto *row =
      llvm::partition_point(rows, [&](const ImportRow &other) { return other.file < file; });
  for (; row != rows.end() && row->file == file; ++row) {
    if (project.Text(row->module).split('.').first == package) {
      return true;
    }
  }
  return false;
}

static void CheckBesidePackages(const Project &project, Reporter &report) {
  const FileTree &tree = project.state->tree;
  for (size_t i = 0; i < project.file_count; ++i) {
    const Module &module = project.modules[project.module_of_file[FileId(i)]];
    if (module.kind != ModuleKind::Module || !module.reported) {
      continue;
    }
    const llvm::StringRef path = project.PathOf(FileId(i));
    const NameId name = project.scanned.names.Find(StemOf(path));
    const DirId folder = tree.FindDirectory(FolderOf(path));
    const DirId sub = folder.valid() && name.valid() ? tree.SubDirectory(folder, name) : DirId();
    if (!sub.valid() || !tree.IsRegularPackage(sub)) {
      continue;
    }
    const ModuleCandidates *init = tree.Init(sub);
    if (init->source.valid() && !Starts(project, FileId(i), project.Text(name))) {
      ReportBesidePackage(project, module, project.modules[project.module_of_file[init->source]],
                          report);
    }
  }
}

// What tells that an import expected another module than the project's own.
static bool ExpectsAnother(const Project &project, const ImportRow &row) {
  const llvm::StringRef dotted = project.Text(row.module);
  const VersionMask target = MaskOf(project.target.minor);
  if (row.status == RowStatus::MissingName) {
    const bool own = row.source.valid() && project.modules[row.source].kind == ModuleKind::Module;
    return own && (DeclaresDistribution(project, dotted) ||
                   (FindStdlibName(dotted, project.Text(row.name)).present & target) != 0);
  }
  if (row.status == RowStatus::MissingModule && !row.beyond_top) { // import logging.handlers
    const StdlibModule *info = FindStdlibModule(dotted);
    return dotted.contains('.') && info && (info->present & target) != 0;
  }
  return false;
}

// `import json` in json.py: it imports itself.
static bool ImportsItself(const Project &project, const ImportRow &row) {
  const Statement &statement = project.Syntax(project.StatementAt(row));
  return row.status != RowStatus::MissingModule && row.source == row.importer &&
         ImporterOf(project, row).kind != ModuleKind::Package && // from pkg import submodule
         (statement.kind == StatementKind::Import || statement.level == 0);
}

static ModuleId TopModule(const Project &project, const ImportRow &row) {
  if (row.source.valid() && !project.Text(row.module).contains('.')) {
    return row.source;
  }
  return project.FindModule(project.Text(row.module).split('.').first);
}

static bool HasAForeignName(const Project &project, llvm::StringRef name) {
  const StdlibModule *info = FindStdlibModule(name);
  return (info && (info->present & MaskOf(project.target.minor)) && !IsLoadedAtStartup(name)) ||
         DeclaresDistribution(project, name);
}

static void CheckForeignNames(const Project &project, Reporter &report) {
  std::map<ModuleId, std::vector<RowId>> evidence;
  for (size_t i = 0; i < project.rows.size(); ++i) {
    const ImportRow &row = project.rows[RowId(i)];
    const bool missing =
        row.status == RowStatus::MissingName || row.status == RowStatus::MissingModule;
    if (!missing && row.source != row.importer) {
      continue; // most rows tell nothing of the kind
    }
    const Statement &statement = project.Syntax(project.StatementAt(row));
    if (row.context.string || row.context.type_checking || row.context.unreachable ||
        (statement.kind == StatementKind::FromImport && statement.level > 0)) {
      continue;
    }
    const ModuleId top = TopModule(project, row);
    if (!top.valid() || !project.modules[top].first_party || !project.modules[top].file.valid() ||
        project.Text(project.modules[top].name) != project.Text(row.module).split('.').first) {
      continue;
    }
    const bool expects = ExpectsAnother(project, row);
    if ((expects || (ImportsItself(project, row) && top == row.importer)) &&
        HasAForeignName(project, project.Text(project.modules[top].name))) {
      evidence[top].push_back(RowId(i));
    }
  }
  for (const auto &[id, rows] : evidence) {
    const Module &module = project.modules[id];
    if (!module.reported) {
      continue;
    }
    const llvm::StringRef name = project.Text(module.name);
    const bool standard = FindStdlibModule(name) != nullptr;
    FindingBuilder builder = report.At(
        Top(project, module), "`" + project.PathOf(module.file) + "` hides the " +
                                  (standard ? "standard" : "installed") + " module `" + name + "`");
    builder.Cause(name).Symbol(name).Module(name).Spelled(project.PathOf(module.file));
    for (RowId row : rows) {
      builder.Attach(ModuleLocation(project, project.rows[row]), "this expects the other one");
    }
    builder.Help("rename it").Emit();
  }
}

static void Check(const RuleContext &context, Reporter &report) {
  CheckBesidePackages(context.project, report);
  if (!context.project.state->table->IsStdlibProject()) {
    CheckForeignNames(context.project, report);
  }
}

extern const Rule kShadowedModule;
constinit const Rule kShadowedModule = {
    .meta = {.code = "DFG105",
             .name = "shadowed-module",
             .summary = "a module that another one of its name hides",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Error,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::None},
    .check = Check,
};

} // namespace pydefrag
