#include "link/identity/package_habits.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

void PackageHabits::ReadTaken() {
  taken_read_ = true;
  auto take = [&](DefinitionId id, ModuleId source, NameId name) {
    (project_.definitions[id].module == source ? own_ : taken_)[source].insert(name);
  };
  for (const ImportRow &row : project_.rows) {
    if (row.target.kind == TargetKind::Definition && !row.context.star) {
      take(row.target.definition, row.source, row.name);
    }
  }
  for (const AttributeUse &use : attribute_uses_) {
    take(use.definition, use.module, use.name);
  }
}

bool PackageHabits::IsFace(ModuleId module) {
  if (!taken_read_) {
    ReadTaken();
  }
  const size_t others = taken_.lookup(module).size();
  return others >= kHabit && others > own_.lookup(module).size();
}

bool PackageHabits::IsOutside(ModuleId importer, ModuleId package) const {
  const bool tests = project_.modules[importer].test && !project_.modules[package].test;
  return tests || !declared_.IsWithin(importer, package);
}

// The rows of the path that stand in the file: rows are in the order of files.
static llvm::ArrayRef<RowId> RowsIn(const Project &project, const PathInfo &path, FileId file) {
  const auto begin =
      llvm::partition_point(path.rows, [&](RowId id) { return project.rows[id].file < file; });
  return llvm::ArrayRef(path.rows)
      .drop_front(static_cast<size_t>(begin - path.rows.begin()))
      .take_while([&](RowId id) { return project.rows[id].file == file; });
}

OutsideUses PackageHabits::UsesOutside(const Definition &definition, ModuleId module,
                                       ModuleId package) const {
  OutsideUses uses;
  const auto take_off = [&](ModuleId importer) {
    if (!IsOutside(importer, package)) {
      --uses.all;
      uses.in_code -= !project_.modules[importer].test;
    }
  };
  const FileId file = project_.modules[package].file;
  for (const PathInfo &path : definition.paths) {
    if (path.module != module) {
      continue;
    }
    uses.all += path.uses;
    uses.in_code += path.uses - path.in_tests;
    const bool alone = !declared_.IsPackage(package) && file.valid(); // nothing stands in it
    for (RowId id : alone ? RowsIn(project_, path, file) : llvm::ArrayRef(path.rows)) {
      take_off(project_.rows[id].importer);
    }
    for (const Location &use : path.attribute_uses) {
      take_off(project_.module_of_file[use.file]);
    }
  }
  return uses;
}

} // namespace pydefrag
