// Which imports reach a deprecated module or symbol (deprecation.h).
#include "base/identifier.h"
#include "base/marks.h"
#include "base/parallel.h"
#include "link/defects/deprecation.h"
#include "link/defects/warnings.h"

namespace pydefrag {

// A package that says "import from p.mod instead" deprecates its own names, not its submodules.
static bool Covers(const Project &project, ModuleId deprecated, const ImportRow &row) {
  const DeprecationInfo &info = project.module_deprecations[deprecated];
  const llvm::StringRef name = project.Text(project.modules[deprecated].name);
  const bool points_below = IsBelow(info.replacement, name);
  if (!points_below) {
    return true;
  }
  const bool names_package = row.source == deprecated && row.name.valid();
  return names_package && row.target.kind != TargetKind::Module;
}

// Modules that warn when they are imported, and those below them.
static std::vector<bool> AtOrBelowDeprecated(const Project &project) {
  std::vector<bool> result(project.modules.size(), false);
  bool any = false;
  for (size_t i = 0; i < project.modules.size(); ++i) {
    const DeprecationInfo &info = project.module_deprecations[ModuleId(i)];
    result[i] = info.deprecated && !info.doc_only;
    any |= result[i];
  }
  for (size_t i = 0; i < project.modules.size() && any; ++i) {
    for (ModuleId at = project.modules[ModuleId(i)].parent; at.valid() && !result[i];
         at = project.modules[at].parent) {
      result[i] = result[static_cast<size_t>(at.index)];
    }
  }
  return result;
}

void MarkDeprecatedRows(Project &project, Resolver &resolver) {
  project.module_deprecations.resize(project.modules.size());
  const std::vector<bool> below = AtOrBelowDeprecated(project);
  Marks served(project.rows.size()); // by a module that serves names
  ParallelFor(project.rows.size(), resolver.jobs(), 1024, [&](size_t i) {
    ImportRow &row = project.rows[RowId(i)];
    if (row.status != RowStatus::Resolved) {
      return;
    }
    ModuleId imported = row.source;
    if (row.name.valid() && row.target.kind == TargetKind::Module && !row.context.star) {
      imported = row.target.module; // `from pkg import mod` runs mod as well
    }
    const bool any = imported.valid() && below[static_cast<size_t>(imported.index)];
    for (ModuleId at = imported; any && at.valid(); at = project.modules[at].parent) {
      const DeprecationInfo &info = project.module_deprecations[at];
      if (info.deprecated && !info.doc_only && Covers(project, at, row)) {
        row.deprecated_module = at;
        break;
      }
    }
    if (row.target.kind == TargetKind::Definition && row.target.definition.valid()) {
      const DeprecationInfo &info = project.definitions[row.target.definition].deprecation;
      row.deprecation = info.deprecated ? &info : nullptr;
    }
    if (row.name.valid() && resolver.Log(row.source).lazy) {
      served.Mark(i);
    }
  });
  for (size_t i = 0; i < served.size(); ++i) {
    if (!served.Has(i)) {
      continue;
    }
    ImportRow &row = project.rows[RowId(i)];
    const LazyNames &lazy = resolver.Lazy(row.source);
    for (const LazyEntry &entry : lazy.entries) {
      if (entry.name == row.name && entry.warns && !row.deprecation) {
        DeprecationInfo &info = project.lazy_deprecations.emplace_back();
        info.deprecated = true;
        info.message = entry.message;
        info.replacement = ReplacementIn(entry.message);
        const FileId file = project.modules[entry.home].file;
        const PlacedStatement &placed = project.scanned.facts[file].statements[entry.statement];
        info.where = {file, {placed.head, placed.head + 1}};
        row.deprecation = &info;
      }
    }
  }
}

} // namespace pydefrag
