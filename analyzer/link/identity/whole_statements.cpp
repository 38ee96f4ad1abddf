#include "link/identity/whole_statements.h"

#include "link/link_state.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <utility>
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
    GroupRows();
    llvm::SmallVector<RowId, 16> kept; // told by the strays as they are now
    for (const Stray &stray : strays_) {
      if (IsWeak(stray)) {
        continue;
      }
      if (IsKept(stray) || FollowsItsFile(stray)) {
        kept.push_back(stray.row);
      } else {
        firm_.insert(GroupOf(stray.row));
      }
    }
    for (const Stray &stray : strays_) {
      if (IsWeak(stray) && IsKept(stray)) {
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

  const Definition &DefinitionOf(const ImportRow &row) const {
    return project_.definitions[row.target.definition];
  }

  // --- what one statement takes from one module, or several on neighbouring lines

  struct Group {
    bool stays = false;    // a name of it has its place there
    size_t from_below = 0; // names that the module has from another one
    ModuleId destination;  // where a stray goes; invalid: there is none
    bool several_destinations = false;
    llvm::SmallVector<ModuleId, 2>
        listed; // where names are from that stay, for the module lists them
  };

  // By the index of its first row.
  void GroupRows() {
    group_of_.resize(strays_.empty() ? 0 : project_.rows.size());
    for (size_t i = 0; i < group_of_.size(); ++i) {
      const bool goes_on = i > 0 && GoOn(project_.rows[RowId(i - 1)], project_.rows[RowId(i)]);
      group_of_[i] = goes_on ? group_of_[i - 1] : static_cast<uint32_t>(i);
    }
    for (const Stray &stray : strays_) {
      const uint32_t first = GroupOf(stray.row);
      if (groups_.try_emplace(first).second) {
        ReadGroup(first);
      }
    }
  }
  uint32_t GroupOf(RowId id) const { return group_of_[static_cast<size_t>(id.index)]; }

  bool GoOn(const ImportRow &before, const ImportRow &row) const {
    if (before.file != row.file || before.module != row.module) {
      return false;
    }
    const std::vector<PlacedStatement> &statements = project_.scanned.facts[row.file].statements;
    const PlacedStatement &above = statements[before.statement];
    const PlacedStatement &below = statements[row.statement];
    return before.statement == row.statement ||
           (above.parent == below.parent && above.last_line + 1 == below.line);
  }

  void ReadGroup(uint32_t first) {
    Group group;
    const ModuleId source = project_.rows[RowId(size_t{first})].source;
    for (size_t i = first; i < group_of_.size() && group_of_[i] == first; ++i) {
      const ImportRow &row = project_.rows[RowId(i)];
      if (row.source != source || row.status == RowStatus::MissingName) {
        continue;
      }
      const bool defined = row.target.kind == TargetKind::Definition;
      const bool below = defined && DefinitionOf(row).module != source;
      group.from_below += below;
      if (is_stray_.contains(RowId(i))) {
        const ModuleId destination = CanonicalOf(DefinitionOf(row)).module;
        group.several_destinations |= group.destination.valid() && group.destination != destination;
        group.destination = destination;
      } else {
        group.stays = true;
        if (below && IsListed(row)) {
          group.listed.push_back(DefinitionOf(row).module);
        }
      }
    }
    groups_[first] = std::move(group);
  }
  // Of a name that the source has from another module.
  bool IsListed(const ImportRow &row) {
    const Definition &definition = DefinitionOf(row);
    return llvm::any_of(definition.paths, [&](const PathInfo &path) {
      return path.module == row.source && path.name == row.name &&
             declared_.HowDeclared(definition, path) == Declared::Written;
    });
  }

  // A statement that needs the defining module anyway is not taken apart; nor are names of
  // one module that another one gives, and lists some of; one that asks a package is not where no
  // name of it moves for good reasons, and one stays, or where it asks for five.
  bool IsKept(const Stray &stray) const {
    const Group &group = groups_.find(GroupOf(stray.row))->second;
    if (stray.path->module == stray.definition->module) {
      return group.stays || group.several_destinations;
    }
    return llvm::is_contained(group.listed, stray.definition->module) ||
           (group.stays && stray.path->uses >= kHabit) ||
           (IsWeak(stray) && !firm_.contains(GroupOf(stray.row)) &&
            (group.stays || group.from_below >= kHabit));
  }

  // --- what the importer takes from the modules of a package

  struct Style {
    bool from_package = false; // a name, not a module
    ModuleId below;            // a module below, names of which stay there; invalid: there is none
    bool several_below = false;
  };

  // The definition's own path, where the importer takes from modules below the canonical package
  // all that it takes of it, and has to go on doing so.
  bool FollowsItsFile(const Stray &stray) {
    const PathInfo &canonical = CanonicalOf(*stray.definition);
    if (stray.path->module != stray.definition->module ||
        !declared_.IsAround(*stray.definition, canonical)) {
      return false;
    }
    const Style &style = StyleOf(project_.rows[stray.row].file, canonical.module);
    const bool another = style.several_below || style.below != stray.path->module;
    return !style.from_package && style.below.valid() && another;
  }

  const Style &StyleOf(FileId file, ModuleId package) {
    auto [place, fresh] = styles_.try_emplace({file, package});
    Style &style = place->second;
    if (!fresh) {
      return style;
    }
    const ImportGraph &graph = project_.state->graph;
    const size_t begin = graph.row_begin[static_cast<size_t>(file.index)];
    const size_t end = graph.row_begin[static_cast<size_t>(file.index) + 1];
    for (size_t i = begin; i < end; ++i) {
      const ImportRow &row = project_.rows[RowId(i)];
      if (!row.name.valid() || !row.source.valid() || is_stray_.contains(RowId(i))) {
        continue;
      }
      if (row.source == package) {
        style.from_package |= row.target.kind != TargetKind::Module;
      } else if (declared_.IsWithin(row.source, package)) {
        style.several_below |= style.below.valid() && style.below != row.source;
        style.below = row.source;
      }
    }
    return style;
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
  std::vector<uint32_t> group_of_;                            // by row
  llvm::DenseMap<uint32_t, Group> groups_;                    // those with strays
  llvm::DenseMap<std::pair<FileId, ModuleId>, Style> styles_; // by package
  llvm::DenseSet<uint32_t> firm_;                             // groups that are taken apart anyway
};

} // namespace

void KeepStatementsWhole(Project &project, DeclaredPaths &declared) {
  Keeper(project, declared).Keep();
}

} // namespace pydefrag
