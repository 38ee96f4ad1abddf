// DFG102: one file loaded as two modules in one process: under two dotted names, or as `__main__`
// and under its own name.
#include "check/loads.h"
#include "check/rule.h"
#include "check/views.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

static constexpr const char *kDoc = R"(## What it does
Reports an import that loads a file of the project under another name than the rest of the program
or of the tests does: `src.shop.cart` beside `shop.cart`, `shop.__init__` beside `shop`, or a script
that is imported back by what it imports, under its own name beside `__main__`.

## Why is this bad?
Python knows modules by name. The file runs twice, and there are two of each of its classes, caches
and registries: `isinstance` and `except` miss, settings that were made are not there.

## Example
```pycase
# --- pyproject.toml
[tool.pytest.ini_options]
pythonpath = ["src"]
# --- src/shop/__init__.py
# --- src/shop/cart.py
class Cart: ...
# --- src/shop/cli.py
from shop.cart import Cart
# --- tests/test_cart.py
import shop.cli
from src.shop.cart import Cart
```

## Use instead
```pycase
# --- pyproject.toml
[tool.pytest.ini_options]
pythonpath = ["src"]
# --- src/shop/__init__.py
# --- src/shop/cart.py
class Cart: ...
# --- src/shop/cli.py
from shop.cart import Cart
# --- tests/test_cart.py
import shop.cli
from shop.cart import Cart
```

## Fix safety
No fix is offered.

## Limits
Both names have to be imported, from where one process gets to both: some module, a script, or the
tests taken together. Links in the file system are not followed. A file without classes is a
warning. Of scripts, only those outside of packages and `__main__.py` are looked at.

## Options
`source-roots`
)";

static llvm::StringRef NameOf(const Project &project, ModuleId module) {
  return project.Text(project.modules[module].name);
}

// Classes that the file of `module` defines, as symbols.
static std::vector<std::string> ClassesIn(const Project &project, ModuleId module) {
  std::vector<std::string> classes;
  const FileId file = project.modules[module].file;
  auto definition = std::partition_point(project.definitions.begin(), project.definitions.end(),
                                         [&](const Definition &d) { return d.where.file < file; });
  for (; definition != project.definitions.end() && definition->where.file == file; ++definition) {
    if (definition->kind == DefinitionKind::Class) {
      classes.push_back(project.PathText(definition->module, definition->name));
    }
  }
  return classes;
}

// --- two dotted names

// The name most imports use: the primary one when some import spells it.
static size_t MainLoad(const Loads &loads, ModuleId module) {
  size_t best = loads.Of(module).front();
  for (size_t load : loads.Of(module)) {
    const bool used = !loads.LoadersOf(best).empty();
    if (!used && loads.LoadersOf(load).size() > loads.LoadersOf(best).size()) {
      best = load;
    }
  }
  return best;
}

static FindingBuilder AtLoad(const Project &project, const ImportRow &row, const Load &load,
                             const Load &other, Reporter &report) {
  const bool by_name = row.name.valid() && row.target.kind == TargetKind::Module &&
                       row.target.module == load.module && row.source != load.module;
  const Location where =
      by_name ? Location{row.file, NameSpan(project, row)} : ModuleLocation(project, row);
  FindingBuilder builder =
      AtRow(report, project, row, where,
            "`" + project.PathOf(project.modules[load.module].file) + "` is loaded twice: as `" +
                load.name + "` here, and as `" + other.name + "` elsewhere");
  builder.Cause(NameOf(project, load.module)).Symbol(NameOf(project, load.module));
  return builder;
}

static void ReportLoad(const Project &project, const Loads &loads, const ImportRow &row,
                       size_t load, size_t other, Reporter &report) {
  FindingBuilder builder = AtLoad(project, row, loads.At(load), loads.At(other), report);
  llvm::DenseSet<RowId> said;
  for (const LoadedBy &by : loads.LoadersOf(other)) {
    if (said.insert(by.row).second) {
      builder.Attach(ModuleLocation(project, project.rows[by.row]),
                     "loaded as `" + loads.At(other).name + "` here");
    }
  }
  const std::vector<std::string> classes = ClassesIn(project, loads.At(load).module);
  for (size_t i = 0; i < classes.size() && i < 5; ++i) {
    builder.Symbol(classes[i]);
  }
  if (classes.empty()) {
    builder.WithSeverity(Severity::Warning);
  } else {
    builder.Note("each of its classes exists twice");
  }
  builder.Help("import `" + loads.At(other).name + "` instead").Emit();
}

// Whether every import spells every file, and every package above it, by its primary name: then
// nothing is loaded twice, and no load needs to be followed.
static bool SpellsPrimaryNames(const Project &project) {
  auto is_below = [&](ModuleId module, llvm::StringRef last) {
    llvm::StringRef name = NameOf(project, module);
    return name.consume_front(NameOf(project, project.modules[module].parent)) &&
           name.consume_front(".") && (last.empty() || name == last);
  };
  for (size_t f = 0; f < project.file_count; ++f) {
    const ModuleId module = project.module_of_file[FileId(f)];
    const bool dotted = NameOf(project, module).contains('.');
    if (!project.modules[module].also_named.empty() ||
        dotted != project.modules[module].parent.valid() || (dotted && !is_below(module, ""))) {
      return false;
    }
  }
  return llvm::all_of(project.rows, [&](const ImportRow &row) {
    if (row.status != RowStatus::Resolved || !row.source.valid() ||
        !project.modules[row.source].first_party) {
      return true;
    }
    if (row.module != project.modules[row.source].name) {
      return false;
    }
    const bool submodule = row.name.valid() && !row.context.star &&
                           row.target.kind == TargetKind::Module &&
                           project.modules[row.target.module].parent == row.source;
    return !submodule || is_below(row.target.module, project.Text(row.name));
  });
}

static void CheckNames(const Project &project, Reporter &report) {
  if (SpellsPrimaryNames(project)) {
    return;
  }
  Loads loads(project);
  if (!loads.AnyOtherName()) {
    return;
  }
  llvm::DenseMap<size_t, bool> meets; // by load: does it meet the main one of its file
  for (const RowRange &range : StatementRanges(project)) {
    bool said = false;
    for (RowId id = range.first; id < range.end && !said; id = RowId(id.index + 1)) {
      const ImportRow &row = project.rows[id];
      if (!IsReported(project, row)) {
        continue;
      }
      bool first = true;
      for (size_t load : loads.OfRow(id)) {
        const ModuleId module = loads.At(load).module;
        const size_t main = MainLoad(loads, module);
        // A package above is of interest when it has something to have twice.
        const bool matters = first || !ClassesIn(project, module).empty();
        first = false;
        if (load == main || loads.LoadersOf(main).empty() || loads.LoadersOf(load).empty() ||
            !matters) {
          continue;
        }
        auto [it, inserted] = meets.try_emplace(load, false);
        if (inserted) {
          it->second = loads.MeetInOneWorld(load, main);
        }
        if (it->second) {
          ReportLoad(project, loads, row, load, main, report);
          said = true;
          break;
        }
      }
    }
  }
}

// --- `__main__`

static bool IsScript(const Project &project, ModuleId id) {
  const Module &module = project.modules[id];
  if (!module.first_party || !module.file.valid() || module.test) {
    return false;
  }
  const llvm::StringRef path = project.PathOf(module.file);
  if (path == "__main__.py" || path.ends_with("/__main__.py")) {
    return true;
  }
  const bool in_package =
      module.parent.valid() && project.modules[module.parent].kind == ModuleKind::Package;
  return project.scanned.facts[module.file].has_main_guard && !in_package &&
         module.kind == ModuleKind::Module;
}

// A class, or a value that is made by a call or can be changed: two of it are not the same.
static bool IsWorthKeepingOne(const Project &project, const ImportRow &row) {
  if (row.target.kind != TargetKind::Definition || !row.target.definition.valid()) {
    return false;
  }
  const Definition &definition = project.definitions[row.target.definition];
  if (definition.module != row.source || definition.kind != DefinitionKind::Constant) {
    return definition.module == row.source && definition.kind == DefinitionKind::Class;
  }
  for (const PlacedStatement &placed : project.scanned.facts[definition.where.file].statements) {
    if (placed.begin != definition.statement.span.begin) {
      continue;
    }
    ExprId last;
    for (ExprId id = project.Syntax(placed).first; id.valid();
         id = project.scanned.syntax.exprs[id].next) {
      last = id;
    }
    const ExprKind kind = last.valid() ? project.scanned.syntax.exprs[last].kind : ExprKind::Opaque;
    return kind == ExprKind::Call || kind == ExprKind::List || kind == ExprKind::Dict ||
           kind == ExprKind::Set;
  }
  return false;
}

static bool Runs(const ImportRow &row) {
  return row.status == RowStatus::Resolved && !row.context.type_checking &&
         !row.context.unreachable && !row.context.string && row.source.valid();
}

// The modules that running the script loads sooner or later.
static std::vector<bool> LoadedFrom(const Project &project, ModuleId script,
                                    const IdVector<ModuleId, std::vector<ModuleId>> &targets) {
  std::vector<bool> loaded(project.modules.size(), false);
  std::vector<ModuleId> stack = targets[script];
  while (!stack.empty()) {
    const ModuleId module = stack.back();
    stack.pop_back();
    const size_t at = static_cast<size_t>(module.index);
    if (!loaded[at]) {
      loaded[at] = true;
      stack.insert(stack.end(), targets[module].begin(), targets[module].end());
      if (project.modules[module].parent.valid()) {
        stack.push_back(project.modules[module].parent);
      }
    }
  }
  return loaded;
}

static void ReportBackImport(const Project &project, const ImportRow &row, Reporter &report) {
  const Definition &definition = project.definitions[row.target.definition];
  const llvm::StringRef script = NameOf(project, row.source);
  const llvm::StringRef spelled = project.Text(row.module); // `till`, of `shop/till.py` beside it
  const llvm::StringRef path = project.PathOf(project.modules[row.source].file);
  AtRow(report, project, row, ModuleLocation(project, row),
        "`" + path + "` is loaded twice when it is run: as `__main__`, and as `" + spelled +
            "` here")
      .Cause(script)
      .Symbol(script)
      .Symbol(project.PathText(definition.module, definition.name))
      .Attach(definition.where, "there are two of this one then")
      .Help("move `" + project.Text(definition.name) + "` into a module that is only imported")
      .Emit();
}

static void CheckScripts(const Project &project, Reporter &report) {
  std::vector<char> script(project.modules.size()); // by module
  for (size_t i = 0; i < project.modules.size(); ++i) {
    script[i] = IsScript(project, ModuleId(i));
  }
  const auto is_script = [&](ModuleId module) {
    return script[static_cast<size_t>(module.index)] != 0;
  };
  // Scripts that some module imports something from, with the first row of each statement.
  std::vector<RowId> back_imports;
  for (const RowRange &range : StatementRanges(project)) {
    for (RowId id = range.first; id < range.end; id = RowId(id.index + 1)) {
      const ImportRow &row = project.rows[id];
      if (Runs(row) && !row.context.deferred && row.importer != row.source &&
          is_script(row.source) && IsReported(project, row) && IsWorthKeepingOne(project, row)) {
        back_imports.push_back(id);
        break;
      }
    }
  }
  if (back_imports.empty()) {
    return;
  }
  IdVector<ModuleId, std::vector<ModuleId>> targets;
  targets.resize(project.modules.size());
  for (const ImportRow &row : project.rows) {
    // Of the script all that stands in it, of others what their import runs.
    if (Runs(row) && (!row.context.deferred || is_script(row.importer))) {
      targets[row.importer].push_back(row.source);
      if (row.target.kind == TargetKind::Module) {
        targets[row.importer].push_back(row.target.module);
      }
    }
  }
  llvm::DenseMap<ModuleId, std::vector<bool>> loaded;
  for (RowId id : back_imports) {
    const ImportRow &row = project.rows[id];
    auto [it, inserted] = loaded.try_emplace(row.source);
    if (inserted) {
      it->second = LoadedFrom(project, row.source, targets);
    }
    if (it->second[static_cast<size_t>(row.importer.index)]) {
      ReportBackImport(project, row, report);
    }
  }
}

static void Check(const RuleContext &context, Reporter &report) {
  CheckNames(context.project, report);
  CheckScripts(context.project, report);
}

extern const Rule kDoubleLoadedModule;
constinit const Rule kDoubleLoadedModule = {
    .meta = {.code = "DFG102",
             .name = "double-loaded-module",
             .summary = "one file loaded as two modules in one process",
             .doc = kDoc,
             .since = "0.1.0",
             .severity = Severity::Error,
             .status = RuleStatus::Stable,
             .fix = FixAvailability::None},
    .check = Check,
};

} // namespace pydefrag
