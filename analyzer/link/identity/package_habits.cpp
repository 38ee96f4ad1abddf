#include "link/identity/package_habits.h"

namespace pydefrag {

static bool IsOfDefinition(const ImportRow &row) {
  return row.target.kind == TargetKind::Definition && !row.context.star;
}

void PackageHabits::ReadTaken() {
  taken_read_ = true;
  auto take = [&](DefinitionId id, ModuleId source, NameId name) {
    if (project_.definitions[id].module != source) {
      taken_[source].insert(name);
    }
  };
  for (const ImportRow &row : project_.rows) {
    if (IsOfDefinition(row)) {
      take(row.target.definition, row.source, row.name);
    }
  }
  for (const AttributeUse &use : attribute_uses_) {
    take(use.definition, use.module, use.name);
  }
}

size_t PackageHabits::NamesTaken(ModuleId module) {
  if (!taken_read_) {
    ReadTaken();
  }
  auto it = taken_.find(module);
  return it == taken_.end() ? 0 : it->second.size();
}

bool PackageHabits::Holds(ModuleId package, NameId name) {
  const AllNames &all = resolver_.All(package);
  return (all.present && all.Lists(name)) || !resolver_.Log(package).Of(name).empty();
}

bool PackageHabits::IsOutside(ModuleId importer, ModuleId package) const {
  const bool tests = project_.modules[importer].test && !project_.modules[package].test;
  return tests || !declared_.IsWithin(importer, package);
}

void PackageHabits::Vote(ModuleId importer, DefinitionId id, ModuleId source, NameId name) {
  const Definition &definition = project_.definitions[id];
  if (definition.kind == DefinitionKind::Constant) {
    return;
  }
  for (ModuleId package = project_.modules[definition.module].parent; package.valid();
       package = project_.modules[package].parent) {
    const bool through = package == source;
    if (declared_.IsPackage(package) && IsOutside(importer, package) && IsApi(package) &&
        (through || (source == definition.module && Holds(package, name)))) {
      ++(through ? votes_[package].package : votes_[package].below);
    }
  }
}

void PackageHabits::ReadVotes() {
  votes_read_ = true;
  for (const ImportRow &row : project_.rows) {
    if (IsOfDefinition(row)) {
      Vote(row.importer, row.target.definition, row.source, row.name);
    }
  }
  for (const AttributeUse &use : attribute_uses_) {
    Vote(project_.module_of_file[use.file], use.definition, use.module, use.name);
  }
}

bool PackageHabits::Prefers(ModuleId package) {
  if (!votes_read_) {
    ReadVotes();
  }
  auto it = votes_.find(package);
  return it != votes_.end() && it->second.package > it->second.below;
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
