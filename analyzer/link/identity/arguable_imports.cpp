#include "link/identity/arguable_imports.h"

#include "link/link_state.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"

#include <utility>

namespace pydefrag {
namespace {

// So many times as many imports in one folder are its habit.
constexpr size_t kFarTimes = 3;

class Finder {
public:
  Finder(Project &project, Resolver &resolver, DeclaredPaths &declared)
      : project_(project), resolver_(resolver), declared_(declared) {}

  llvm::DenseSet<RowId> Find() {
    for (const Definition &definition : project_.definitions) {
      if (definition.canonical != 0 && definition.decided && !definition.paths.empty()) {
        FindOf(definition);
      }
    }
    return std::move(found_);
  }

private:
  void FindOf(const Definition &definition) {
    const PathInfo &own = definition.paths.front();
    const PathInfo &canonical = CanonicalOf(definition);
    if (own.accepted || own.rows.empty() || !declared_.IsAround(definition, canonical)) {
      return;
    }
    if (declared_.PrivacyOf(own) > declared_.PrivacyOf(canonical)) {
      return; // nobody goes there for style
    }
    if (resolver_.All(own.module).Lists(own.name)) {
      FindInFolders(own, canonical);
    }
    for (RowId id : own.rows) {
      const ImportRow &row = project_.rows[id];
      if (!row.context.plumbing && !row.context.internal &&
          GoesBelowPackages(row, canonical.module)) {
        found_.insert(id);
      }
    }
  }

  // --- what a folder does

  ModuleId FolderOf(ModuleId importer) const {
    return declared_.IsPackage(importer) ? importer : project_.modules[importer].parent;
  }

  void FindInFolders(const PathInfo &own, const PathInfo &canonical) {
    struct Takers {
      size_t own = 0;
      size_t canonical = 0;
    };
    llvm::SmallDenseMap<ModuleId, Takers, 8> folders;
    for (RowId id : own.rows) {
      ++folders[FolderOf(project_.rows[id].importer)].own;
    }
    for (RowId id : canonical.rows) {
      if (const auto it = folders.find(FolderOf(project_.rows[id].importer)); it != folders.end()) {
        ++it->second.canonical;
      }
    }
    for (RowId id : own.rows) {
      const Takers takers = folders.lookup(FolderOf(project_.rows[id].importer));
      if (takers.own >= kSeveral && takers.canonical < kFarTimes * takers.own) {
        found_.insert(id);
      }
    }
  }

  // --- what a file does

  // The package in which `module` stands, of those that stand beside `package`; invalid: none.
  ModuleId Beside(ModuleId module, ModuleId package) const {
    const ModuleId parent = project_.modules[package].parent;
    while (module.valid() && project_.modules[module].parent != parent) {
      module = project_.modules[module].parent;
    }
    return module;
  }

  // `shop.cart.basket` has a name that `shop.cart` offers too.
  bool IsOfferedAbove(const ImportRow &row, ModuleId package) {
    for (ModuleId above = project_.modules[row.source].parent;
         above.valid() && declared_.IsWithin(above, package);
         above = project_.modules[above].parent) {
      const Found found = resolver_.Attribute(above, row.name);
      if (found.IsObject() && found.module == row.source) {
        return true;
      }
    }
    return false;
  }

  bool GoesBelowPackages(const ImportRow &row, ModuleId package) {
    if (!project_.modules[package].parent.valid()) {
      return false;
    }
    const auto [place, fresh] =
        goes_below_.try_emplace({row.file, project_.modules[package].parent});
    if (fresh) {
      place->second = GoesBelow(row, package);
    }
    return place->second;
  }

  // The same for all packages beside each other.
  bool GoesBelow(const ImportRow &of_file, ModuleId package) {
    const ModuleId own = Beside(of_file.importer, package);
    llvm::SmallSet<ModuleId, 4> packages; // passed by
    for (const ImportRow &row : project_.state->graph.RowsOf(project_, of_file.file)) {
      if (!row.name.valid() || !row.source.valid() || row.target.kind != TargetKind::Definition) {
        continue;
      }
      const ModuleId beside = Beside(row.source, package);
      if (!beside.valid() || beside == own || !declared_.IsPackage(beside)) {
        continue;
      }
      if (declared_.IsPackage(row.source)) {
        return false;
      }
      if (row.target.module == row.source && IsOfferedAbove(row, beside)) {
        packages.insert(beside);
      }
    }
    return packages.size() >= kSeveral;
  }

  Project &project_;
  Resolver &resolver_;
  DeclaredPaths &declared_;
  llvm::DenseSet<RowId> found_;
  llvm::DenseMap<std::pair<FileId, ModuleId>, bool> goes_below_; // packages in the module
};

} // namespace

llvm::DenseSet<RowId> FindArguableImports(Project &project, Resolver &resolver,
                                          DeclaredPaths &declared) {
  return Finder(project, resolver, declared).Find();
}

} // namespace pydefrag
