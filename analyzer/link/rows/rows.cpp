#include "link/rows/rows.h"

#include "base/parallel.h"
#include "link/rows/row_maker.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace pydefrag {

static void NoteOtherName(Project &project, const ImportRow &row) {
  Module &module = project.modules[row.source];
  if (!llvm::is_contained(module.also_named, row.module)) {
    module.also_named.push_back(row.module);
  }
}

// Whether one of these is the module or stands above it.
static bool StandsIn(const Project &project, ModuleId module,
                     const llvm::DenseSet<ModuleId> &packages) {
  while (module.valid() && !packages.contains(module)) {
    module = project.modules[module].parent;
  }
  return module.valid();
}

namespace {

// What stands where another module took the place of a package, by module.
struct HiddenModules {
  std::vector<char> hiding; // the package
  std::vector<char> below;  // a module below such a package that does not work for sure
};

} // namespace

static HiddenModules FindHidden(const Project &project, const llvm::DenseSet<ModuleId> &hiding) {
  HiddenModules found{std::vector<char>(project.modules.size()),
                      std::vector<char>(project.modules.size())};
  for (size_t i = 0; i < project.modules.size(); ++i) {
    const ModuleId module(i);
    const bool loads =
        i < project.outcomes.size() && project.outcomes[module].status == ImportOutcome::Ok;
    found.hiding[i] = hiding.contains(module);
    found.below[i] = !loads && StandsIn(project, project.modules[module].parent, hiding);
  }
  return found;
}

static bool IsHidden(const Project &project, const HiddenModules &modules, const ImportRow &row) {
  const auto source = static_cast<size_t>(row.source.index);
  // `from package import submodule` works while the package is under way.
  const bool submodule = modules.hiding[source] != 0 && row.target.kind == TargetKind::Module &&
                         project.modules[row.target.module].parent == row.source;
  return modules.below[source] != 0 ||
         (submodule && (row.context.deferred || !StandsIn(project, row.importer, {row.source})));
}

void DoubtHiddenRows(Project &project, Resolver &resolver, unsigned jobs) {
  llvm::DenseSet<ModuleId> hiding;
  for (size_t i = 0; i < project.file_count; ++i) {
    const ModuleId module = project.module_of_file[FileId(i)];
    if (!resolver.IsItself(module)) {
      hiding.insert(module);
    }
  }
  if (hiding.empty()) {
    return;
  }
  const HiddenModules modules = FindHidden(project, hiding);
  ParallelFor(project.rows.size(), jobs, 4096, [&](size_t i) {
    ImportRow &row = project.rows[RowId(i)];
    if (row.source.valid() && IsHidden(project, modules, row)) {
      row.status = RowStatus::Unknown;
      row.reason = "its package is replaced in `sys.modules`";
      row.target = Target();
    }
  });
}

std::vector<uint32_t> FindRowBegins(const Project &project, const Resolver &resolver) {
  std::vector<uint32_t> begin(1, 0);
  for (size_t i = 0; i < project.file_count; ++i) {
    begin.push_back(begin.back() + static_cast<uint32_t>(resolver.NamesIn(FileId(i))));
  }
  return begin;
}

static void FinishRows(Project &project, Resolver &resolver, const Roots &roots, NameId star,
                       FileId file, llvm::ArrayRef<uint32_t> rows, const RowNotes &notes) {
  if (rows.empty()) {
    return;
  }
  RowMaker maker(project, resolver, roots, star, file);
  for (uint32_t row : rows) {
    maker.Finish(project.rows[RowId(size_t{row})], resolver, notes);
  }
}

std::vector<RowNotes> ResolveRows(Project &project, Resolver &resolver, const Roots &roots,
                                  unsigned jobs) {
  const std::vector<uint32_t> begin = FindRowBegins(project, resolver);
  ReserveTouched(project.rows.raw(), begin.back(), jobs);
  project.rows.resize(begin.back());
  const NameId star = project.scanned.names.Intern("*");
  std::vector<RowNotes> notes(project.file_count);
  ParallelFor(project.file_count, jobs, 16, [&](size_t i) {
    RowMaker(project, resolver, roots, star, FileId(i)).ReadFile(begin[i], notes[i]);
  });
  for (size_t i = 0; i < project.file_count; ++i) {
    FinishRows(project, resolver, roots, star, FileId(i), notes[i].unfinished, notes[i]);
    for (uint32_t row : notes[i].renamed) {
      NoteOtherName(project, project.rows[RowId(size_t{row})]);
    }
  }
  return notes;
}

// The rows of a file that logs and tables told, and do not tell any more.
static std::vector<uint32_t> FindOverridden(const Project &project, const Resolver &resolver,
                                            llvm::ArrayRef<uint32_t> unfinished, uint32_t begin,
                                            uint32_t end) {
  std::vector<uint32_t> overridden;
  for (uint32_t r = begin; r < end; ++r) {
    const ImportRow &row = project.rows[RowId(size_t{r})];
    const bool submodule = row.target.kind == TargetKind::Module && row.name.valid() &&
                           !row.context.star && resolver.IsOverridden(row.source, row.name);
    const bool told = (row.target.kind == TargetKind::Definition || submodule) &&
                      !std::binary_search(unfinished.begin(), unfinished.end(), r);
    // Where the module itself makes the object no other one stands between.
    const bool direct = row.source == row.target.module && row.name == row.target.name;
    if (told && (submodule || (direct ? resolver.IsOverridden(row.source, row.name)
                                      : !resolver.Simple(row.source, row.name)))) {
      overridden.push_back(r);
    }
  }
  return overridden;
}

// Whether executing imports cannot tell anything of the row that was not known before: it reaches a
// name of the standard library, and stands where it surely runs, or in a function.
static bool IsSettled(const Project &project, const Resolver &resolver, const ImportRow &row) {
  if (row.status != RowStatus::Resolved || !row.name.valid() || row.context.star ||
      project.modules[row.source].kind != ModuleKind::Stdlib) {
    return false;
  }
  const auto &statements = project.scanned.facts[row.file].statements;
  int32_t parent = statements[row.statement].parent;
  if (parent < 0) {
    return resolver.Log(row.importer).exits.empty();
  }
  while (parent >= 0 &&
         project.Syntax(statements[static_cast<size_t>(parent)]).kind == StatementKind::Function) {
    parent = statements[static_cast<size_t>(parent)].parent;
  }
  return parent < 0;
}

void ResolveRowsAgain(Project &project, Resolver &resolver, const Roots &roots,
                      const std::vector<RowNotes> &notes, unsigned jobs) {
  const std::vector<uint32_t> begin = FindRowBegins(project, resolver);
  std::vector<std::vector<uint32_t>> again(project.file_count);
  ParallelFor(project.file_count, jobs, 64, [&](size_t i) {
    const std::vector<uint32_t> overridden =
        FindOverridden(project, resolver, notes[i].unfinished, begin[i], begin[i + 1]);
    std::vector<uint32_t> open;
    llvm::copy_if(notes[i].unfinished, std::back_inserter(open), [&](uint32_t row) {
      return !IsSettled(project, resolver, project.rows[RowId(size_t{row})]);
    });
    std::merge(overridden.begin(), overridden.end(), open.begin(), open.end(),
               std::back_inserter(again[i]));
  });
  const NameId star = project.scanned.names.Intern("*");
  for (size_t i = 0; i < project.file_count; ++i) {
    FinishRows(project, resolver, roots, star, FileId(i), again[i], notes[i]);
  }
}

void ResolveRowsOf(Project &project, Resolver &resolver, const Roots &roots, FileId file) {
  project.rows.resize(resolver.NamesIn(file));
  const NameId star = project.scanned.names.Intern("*");
  RowNotes notes;
  RowMaker(project, resolver, roots, star, file).ReadFile(0, notes);
  FinishRows(project, resolver, roots, star, file, notes.unfinished, notes);
}

} // namespace pydefrag
