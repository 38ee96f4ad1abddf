// Uses: which rows and attribute uses take which path to a definition. One pass over the rows finds
// the definitions that several modules are asked for; only these get a list of paths, unless all
// are wanted.
#include "base/identifier.h"
#include "base/parallel.h"
#include "link/identity/attribute_uses.h"
#include "link/identity/declared_paths.h"
#include "link/identity/identity.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <tuple>

namespace pydefrag {
namespace {

class UseCounter {
public:
  UseCounter(Project &project, const PathTable &table, unsigned jobs)
      : project_(project), table_(table), jobs_(jobs), sources_(project.definitions.size()),
        counts_(project.definitions.size()), listed_(project.definitions.size(), false) {}

  void Count(llvm::ArrayRef<AttributeUse> attribute_uses, IdentityScope scope) {
    ParallelFor(project_.rows.size(), jobs_, 1024,
                [&](size_t i) { FillContext(project_.rows[RowId(i)]); });
    llvm::DenseSet<NameId> missed;
    std::vector<std::pair<RowId, DefinitionId>> uses;
    for (size_t i = 0; i < project_.rows.size(); ++i) {
      const ImportRow &row = project_.rows[RowId(i)];
      if (IsUse(row) && !row.context.plumbing) {
        Note(row.target.definition, row.source, !row.context.internal);
        uses.push_back({RowId(i), row.target.definition});
      } else if (row.status == RowStatus::MissingName || row.status == RowStatus::MissingModule) {
        missed.insert(row.name);
      }
    }
    for (const AttributeUse &use : attribute_uses) {
      if (const ModuleId user = project_.module_of_file[use.file]; user != use.module) {
        Note(use.definition, use.module, !IsInternal(use.definition, use.module, user));
      }
    }
    TakeCounts();
    if (scope == IdentityScope::Checked) {
      ListWhatIsMissed(missed);
    }
    for (size_t i = 0; i < project_.definitions.size(); ++i) {
      const DefinitionId id(i);
      if (scope == IdentityScope::All || listed_[i]) {
        ListPaths(id);
      }
    }
    for (const auto &[row, definition] : uses) {
      if (!project_.definitions[definition].paths.empty()) {
        CountRow(row);
      }
    }
    for (const AttributeUse &use : attribute_uses) {
      CountAttribute(use);
    }
  }

private:
  static bool IsUse(const ImportRow &row) {
    return row.status == RowStatus::Resolved && row.target.kind == TargetKind::Definition &&
           !row.context.star;
  }

  void FillContext(ImportRow &row) const {
    if (IsUse(row)) {
      row.context.plumbing = IsPlumbing(project_, row);
      row.context.internal = IsInternal(row.target.definition, row.source, row.importer);
    }
  }

  // A module inside the package that owns a re-export may import from the defining module: that is
  // how the package is built, not a way in that a consumer took.
  bool IsInternal(DefinitionId id, ModuleId source, ModuleId user) const {
    const ModuleId home = project_.definitions[id].module;
    if (source != home) {
      return false;
    }
    const llvm::StringRef importer = project_.Text(project_.modules[user].name);
    for (ModuleId owner = project_.modules[home].parent; owner.valid();
         owner = project_.modules[owner].parent) {
      const llvm::StringRef name = project_.Text(project_.modules[owner].name);
      if (IsWithin(importer, name) && table_.IsHeldBy(id, owner)) {
        return true;
      }
    }
    return false;
  }

  void Note(DefinitionId id, ModuleId source, bool in_use) {
    const size_t i = static_cast<size_t>(id.index);
    ++counts_[i];
    if (!in_use) {
      return;
    }
    if (!sources_[i].valid()) {
      sources_[i] = source;
    } else if (sources_[i] != source) {
      listed_[i] = true;
    }
  }

  // Into the definitions, which are large, in their order.
  void TakeCounts() {
    ParallelFor(counts_.size(), jobs_, 1024, [&](size_t i) {
      Definition &definition = project_.definitions[DefinitionId(i)];
      definition.uses += counts_[i];
      listed_[i] &= definition.kind != DefinitionKind::Constant;
    });
  }

  // Suggestions name canonical paths.
  void ListWhatIsMissed(const llvm::DenseSet<NameId> &missed) {
    for (size_t i = 0; i < project_.definitions.size() && !missed.empty(); ++i) {
      if (missed.contains(project_.definitions[DefinitionId(i)].name)) {
        listed_[i] = true;
      }
    }
  }

  // Its own path first, the others by text.
  void ListPaths(DefinitionId id) {
    Definition &definition = project_.definitions[id];
    std::vector<ReachedPath> paths = table_.Of(id).vec();
    auto key = [&](const ReachedPath &path) {
      const bool own = path.module == definition.module && path.name == definition.name;
      return std::tuple(!own, project_.Text(project_.modules[path.module].name),
                        project_.Text(path.name));
    };
    std::sort(paths.begin(), paths.end(),
              [&](const ReachedPath &a, const ReachedPath &b) { return key(a) < key(b); });
    definition.paths.resize(paths.size());
    for (size_t k = 0; k < paths.size(); ++k) {
      definition.paths[k].module = paths[k].module;
      definition.paths[k].name = paths[k].name;
      places_[{paths[k].module, paths[k].name}] = {id, static_cast<uint32_t>(k)};
    }
  }

  PathInfo *Find(DefinitionId definition, ModuleId module, NameId name) {
    if (project_.definitions[definition].paths.empty()) {
      return nullptr;
    }
    auto it = places_.find({module, name});
    return it == places_.end() || it->second.first != definition
               ? nullptr
               : &project_.definitions[definition].paths[it->second.second];
  }

  void CountRow(RowId id) {
    const ImportRow &row = project_.rows[id];
    if (PathInfo *path = Find(row.target.definition, row.source, row.name)) {
      ++path->uses;
      path->in_tests += project_.modules[row.importer].test;
      path->type_checking += row.context.type_checking;
      path->guarded += row.context.guarded;
      path->in_use |= !row.context.internal;
      path->rows.push_back(id);
    }
  }

  void CountAttribute(const AttributeUse &use) {
    const ModuleId user = project_.module_of_file[use.file];
    PathInfo *path = Find(use.definition, use.module, use.name);
    if (path && user != use.module) {
      ++path->uses;
      path->attribute_uses.push_back({use.file, {use.offset, use.offset}});
      path->in_tests += project_.modules[user].test;
      path->in_use |= !IsInternal(use.definition, use.module, user);
    }
  }

  Project &project_;
  const PathTable &table_;
  const unsigned jobs_;
  std::vector<ModuleId> sources_; // the first module each definition is asked for
  std::vector<uint32_t> counts_;  // the uses of each definition
  std::vector<char> listed_;      // by definition: its paths are listed
  llvm::DenseMap<std::pair<ModuleId, NameId>, std::pair<DefinitionId, uint32_t>> places_;
};

} // namespace

static void FillPathHops(Project &project, Resolver &resolver, const Definition &definition,
                         PathInfo &path) {
  path.via.clear();
  for (const auto &[module, event] : resolver.Hops(path.module, path.name)) {
    const Event &hop = resolver.Log(module).events[event];
    const FileId file = project.modules[module].file;
    const PlacedStatement &placed = project.scanned.facts[file].statements[hop.statement];
    const bool own =
        module == definition.module && hop.name == definition.name && hop.kind != EventKind::From;
    if (!own) {
      path.via.push_back({file, {placed.head, placed.head + 1}});
    }
  }
}

void FillHops(Project &project, Resolver &resolver, Definition &definition) {
  for (PathInfo &path : definition.paths) {
    FillPathHops(project, resolver, definition, path);
  }
}

void FillUsedHops(Project &project, Resolver &resolver, IdentityScope scope) {
  for (Definition &definition : project.definitions) {
    const auto used = llvm::count_if(definition.paths, [](const PathInfo &p) { return p.in_use; });
    if (used < 2) {
      continue;
    }
    const PathInfo *canonical = &definition.paths[static_cast<size_t>(definition.canonical)];
    for (PathInfo &path : definition.paths) {
      if (scope == IdentityScope::All || path.in_use || &path == canonical) {
        FillPathHops(project, resolver, definition, path);
      }
    }
  }
}

bool IsPlumbing(const Project &project, const ImportRow &row) {
  const ModuleId home = project.definitions[row.target.definition].module;
  return !row.context.deferred && !row.context.type_checking &&
         (row.importer == home || IsBelow(project.Text(project.modules[home].name),
                                          project.Text(project.modules[row.importer].name)));
}

void CountUses(Project &project, const PathTable &table,
               llvm::ArrayRef<AttributeUse> attribute_uses, IdentityScope scope, unsigned jobs) {
  UseCounter(project, table, jobs).Count(attribute_uses, scope);
}

} // namespace pydefrag
