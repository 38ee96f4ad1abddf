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

OutsideUses PackageHabits::UsesOutside(const Definition &definition, ModuleId module,
                                       ModuleId package) const {
  OutsideUses uses;
  const auto count = [&](ModuleId importer) {
    const bool outside = IsOutside(importer, package);
    uses.all += outside;
    uses.in_code += outside && !project_.modules[importer].test;
  };
  for (const PathInfo &path : definition.paths) {
    if (path.module != module) {
      continue;
    }
    for (RowId id : path.rows) {
      count(project_.rows[id].importer);
    }
    for (const Location &use : path.attribute_uses) {
      count(project_.module_of_file[use.file]);
    }
  }
  return uses;
}

} // namespace pydefrag
