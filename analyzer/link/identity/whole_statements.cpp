#include "link/identity/whole_statements.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"

#include <vector>

namespace pydefrag {
namespace {

class Keeper {
public:
  Keeper(Project &project, DeclaredPaths &declared) : project_(project), declared_(declared) {}

  void Keep() {
    for (const Definition &definition : project_.definitions) {
      FindStrays(definition);
    }
    for (const Stray &stray : strays_) {
      if (!IsWeak(stray)) {
        firm_.insert(PlaceOf(stray.row));
      }
    }
    llvm::SmallVector<RowId, 16> kept; // told by the strays as they are now
    for (const Stray &stray : strays_) {
      if (IsKept(stray)) {
        kept.push_back(stray.row);
      }
    }
    for (RowId id : kept) {
      project_.rows[id].context.internal = true;
    }
  }

private:
  struct Stray {
    RowId row;
    const Definition *definition;
    const PathInfo *path;
  };

  void FindStrays(const Definition &definition) {
    if (definition.kind == DefinitionKind::Constant || !definition.decided ||
        !project_.modules[definition.module].first_party || ModulesInUse(definition) < 2) {
      return;
    }
    const ModuleId canonical = CanonicalOf(definition).module;
    for (const PathInfo &path : definition.paths) {
      if (path.module == canonical || path.accepted) {
        continue;
      }
      for (RowId id : path.rows) {
        const RowContext &context = project_.rows[id].context;
        if (!context.plumbing && !context.internal && project_.rows[id].importer != canonical) {
          is_stray_.insert(id);
          strays_.push_back({id, &definition, &path});
        }
      }
    }
  }

  static const PathInfo &CanonicalOf(const Definition &definition) {
    return definition.paths[static_cast<size_t>(definition.canonical)];
  }

  // Statement of a file.
  std::pair<FileId, uint32_t> PlaceOf(RowId id) const {
    return {project_.rows[id].file, project_.rows[id].statement};
  }

  struct Others { // names of the same statement, from the same module
    // One has its place there, or goes elsewhere; below a package, one it has from below too.
    bool stay = false;
    size_t from_below = 1; // which a package has from below, this one with them
  };
  Others OthersOf(const Stray &stray) const {
    Others others;
    const bool moves_up = stray.definition->canonical != 0;
    auto look = [&](RowId id) {
      const ImportRow &other = project_.rows[id];
      if (other.source != project_.rows[stray.row].source) {
        return;
      }
      const bool defined = other.target.kind == TargetKind::Definition;
      const bool below = defined && DefinitionOf(other).module != other.source;
      const bool stays = !is_stray_.contains(id) && (moves_up || below);
      others.from_below += below;
      others.stay |= stays || (is_stray_.contains(id) && moves_up &&
                               CanonicalOf(DefinitionOf(other)).module !=
                                   CanonicalOf(*stray.definition).module);
    };
    const auto at = static_cast<size_t>(stray.row.index); // rows of one statement are neighbours
    for (size_t i = at; i-- > 0 && PlaceOf(RowId(i)) == PlaceOf(stray.row);) {
      look(RowId(i));
    }
    for (size_t i = at + 1; i < project_.rows.size() && PlaceOf(RowId(i)) == PlaceOf(stray.row);
         ++i) {
      look(RowId(i));
    }
    return others;
  }
  const Definition &DefinitionOf(const ImportRow &row) const {
    return project_.definitions[row.target.definition];
  }

  // A statement that needs the defining module anyway is not taken apart for a package around it;
  // one that asks a package is not where no name of it moves for good reasons, and one stays, or
  // where it asks for five.
  bool IsKept(const Stray &stray) const {
    const Others others = OthersOf(stray);
    return IsUp(stray) ? others.stay
                       : IsWeak(stray) && !firm_.contains(PlaceOf(stray.row)) &&
                             (others.stay || others.from_below >= kHabit);
  }

  // From the defining module to a package around it.
  bool IsUp(const Stray &stray) const {
    const PathInfo &canonical = CanonicalOf(*stray.definition);
    return stray.path->module == stray.definition->module &&
           declared_.IsAround(*stray.definition, canonical) &&
           declared_.PrivacyOf(*stray.path) <= declared_.PrivacyOf(canonical);
  }

  // From a package around the definition to its own module: advice that does not go for taking a
  // statement apart. Where another name of it moves anyway, this one moves along.
  bool IsWeak(const Stray &stray) const {
    return stray.definition->canonical == 0 && declared_.IsAround(*stray.definition, *stray.path);
  }

  Project &project_;
  DeclaredPaths &declared_;
  std::vector<Stray> strays_;
  llvm::DenseSet<RowId> is_stray_;
  llvm::DenseSet<std::pair<FileId, uint32_t>> firm_; // statements that are taken apart anyway
};

} // namespace

void KeepStatementsWhole(Project &project, DeclaredPaths &declared) {
  Keeper(project, declared).Keep();
}

} // namespace pydefrag
