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
      if (IsWeak(stray) && !firm_.contains(PlaceOf(stray.row)) && HasOthers(stray)) {
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
        definition.paths.size() < 2) {
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

  // Whether another name of the statement has its place there. Below a package that is one which
  // the package has from below as well; and of five such the statement asks the package.
  bool HasOthers(const Stray &stray) const {
    size_t from_below = 1;
    bool stays = false;
    auto look = [&](RowId id) {
      const ImportRow &other = project_.rows[id];
      if (other.source != project_.rows[stray.row].source) {
        return;
      }
      const bool below = other.target.kind == TargetKind::Definition &&
                         project_.definitions[other.target.definition].module != other.source;
      from_below += below;
      stays |= !is_stray_.contains(id) && (stray.definition->canonical != 0 || below);
    };
    const auto at = static_cast<size_t>(stray.row.index); // rows of one statement are neighbours
    for (size_t i = at; i-- > 0 && PlaceOf(RowId(i)) == PlaceOf(stray.row);) {
      look(RowId(i));
    }
    for (size_t i = at + 1; i < project_.rows.size() && PlaceOf(RowId(i)) == PlaceOf(stray.row);
         ++i) {
      look(RowId(i));
    }
    return stays || (stray.definition->canonical == 0 && from_below >= kHabit);
  }

  // Advice that does not go for taking a statement apart. Where another name of it moves anyway,
  // this one moves along.
  bool IsWeak(const Stray &stray) const {
    const Definition &definition = *stray.definition;
    const PathInfo &path = *stray.path;
    const PathInfo &canonical = CanonicalOf(definition);
    if (definition.canonical == 0) {
      return declared_.IsAround(definition, path);
    }
    const size_t uses = UsesThrough(definition, canonical.module);
    return path.module == definition.module && declared_.IsAround(definition, canonical) &&
           declared_.PrivacyOf(path) <= declared_.PrivacyOf(canonical) &&
           (uses < kHabit || uses < UsesThrough(definition, definition.module));
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
