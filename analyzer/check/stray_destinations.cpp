#include "check/stray_destinations.h"

#include "base/identifier.h"
#include "check/views.h"
#include "link/identity/declared_paths.h"
#include "link/link_state.h"

namespace pydefrag {

// The package whose modules import it from where it is defined: it makes the name public, or offers
// it beside the canonical path. Invalid: there is none.
ModuleId StrayDestinations::OwnerOf(const PathInfo &path) const {
  const llvm::StringRef through = project_.Text(project_.modules[path.module].name);
  const llvm::StringRef home = project_.Text(project_.modules[definition_.module].name);
  return definition_.canonical != 0 ? CanonicalOf(definition_).module
         : IsWithin(home, through)  ? path.module
                                    : ModuleId();
}

const PackageTakers &StrayDestinations::TakersIn(ModuleId package) {
  for (const PackageTakers &known : takers_) {
    if (known.package == package) {
      return known;
    }
  }
  PackageTakers &takers = takers_.emplace_back();
  takers.package = package;
  const ModuleId canonical = CanonicalOf(definition_).module;
  const llvm::StringRef name = project_.Text(project_.modules[package].name);
  const auto count = [&](const PathInfo &path, ModuleId importer) {
    const Module &module = project_.modules[importer];
    if (IsBelow(project_.Text(module.name), name)) {
      PackageTakers::Count &of_kind = module.test ? takers.tests : takers.code;
      ++(path.module == definition_.module ? of_kind.own
         : path.module == canonical        ? of_kind.canonical
                                           : of_kind.others);
    }
  };
  for (const PathInfo &path : definition_.paths) {
    for (RowId id : path.rows) {
      if (!project_.rows[id].context.plumbing) {
        count(path, project_.rows[id].importer);
      }
    }
    for (const Location &use : path.attribute_uses) {
      count(path, project_.module_of_file[use.file]);
    }
  }
  return takers;
}

StrayDestination StrayDestinations::Of(const PathInfo &path, RowId id) {
  const ImportRow &row = project_.rows[id];
  const StrayDestination canonical = {
      .wanted = &CanonicalOf(definition_), .package = "", .usual = false};
  const ModuleId owner = OwnerOf(path);
  if (!owner.valid()) {
    return canonical;
  }
  const llvm::StringRef package = project_.Text(project_.modules[owner].name);
  if (!IsWithin(ImporterName(project_, row), package)) {
    return canonical;
  }
  const bool test = ImporterOf(project_, row).test;
  const PackageTakers &all = TakersIn(owner);
  const PackageTakers::Count &takers = test ? all.tests : all.code;
  // What the package does not lead to when it is imported: its tests, and functions that others
  // call.
  const ImportGraph &graph = project_.state->graph;
  const bool led_to = graph.ComponentOf(row.importer) <= graph.ComponentOf(owner);
  const bool comes_later = row.context.type_checking || (!led_to && (test || row.context.deferred));
  if (comes_later && takers.canonical > takers.own) {
    return canonical;
  }
  const bool usual = takers.own > takers.canonical && takers.own > takers.others;
  return {.wanted = &definition_.paths.front(), .package = package, .usual = usual};
}

} // namespace pydefrag
