#include "link/identity.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <algorithm>
#include <tuple>

namespace pydefrag {
namespace {

class Collector {
public:
  Collector(Project &project, Resolver &resolver)
      : project_(project), resolver_(resolver), view_(resolver.view()) {}

  void Collect() {
    const size_t count = project_.file_count;
    for (size_t i = 0; i < count; ++i) {
      const ModuleId module = project_.module_of_file[FileId(i)];
      if (IsImportable(project_.Text(project_.modules[module].name))) {
        CollectModule(module);
      }
    }
    Sort();
    FillRows();
  }

private:
  static uint64_t Key(ModuleId module, uint32_t event) {
    return (static_cast<uint64_t>(static_cast<uint32_t>(module.index)) << 32) | event;
  }

  // `0001_initial` and `django-admin` are no names that an import statement could spell.
  static bool IsImportable(llvm::StringRef dotted) {
    for (llvm::StringRef rest = dotted; !rest.empty(); rest = rest.split('.').second) {
      const llvm::StringRef part = rest.split('.').first;
      if (part.empty() || llvm::isDigit(part[0]) || part.contains('-') || part.contains(' ')) {
        return false;
      }
    }
    return true;
  }

  void CollectModule(ModuleId module) {
    for (NameId name : resolver_.BoundNames(module)) {
      const Found found = resolver_.Attribute(module, name);
      if (found.IsObject() && !found.unknown && project_.modules[found.module].first_party) {
        AddPath(Of(found), module, name);
      }
    }
    for (const LazyEntry &entry : resolver_.Lazy(module).entries) {
      const Found found = resolver_.Attribute(module, entry.name);
      if (found.lazy && found.IsObject() && project_.modules[found.module].first_party) {
        AddPath(Of(found), module, entry.name);
      }
    }
  }

  DefinitionId Of(const Found &found) {
    auto [it, inserted] = ids_.try_emplace(Key(found.module, found.event));
    if (!inserted) {
      return it->second;
    }
    const Event &event = resolver_.Log(found.module).events[found.event];
    const FileId file = project_.modules[found.module].file;
    const PlacedStatement &placed = project_.scanned.facts[file].statements[event.statement];
    const Statement &statement = view_.Of(placed);
    Definition definition;
    definition.module = found.module;
    definition.name = event.name;
    definition.kind = KindOf(event, statement);
    Span name{statement.text_begin, statement.text_end};
    if (event.kind != EventKind::Define && event.target.valid()) {
      name = {view_.At(event.target).begin, view_.At(event.target).end};
    }
    if (name.begin == kNoPosition) {
      name = {0, 1};
    }
    definition.where = {file, {placed.head + name.begin, placed.head + name.end}};
    definition.statement = {file, {placed.begin, definition.where.span.end}};
    const DefinitionId id = project_.definitions.push_back(std::move(definition));
    events_.push_back(found.event);
    return ids_[Key(found.module, found.event)] = id;
  }

  DefinitionKind KindOf(const Event &event, const Statement &statement) const {
    if (event.kind == EventKind::Define) {
      return statement.kind == StatementKind::Class ? DefinitionKind::Class
                                                    : DefinitionKind::Function;
    }
    const auto callee = event.value.valid() ? view_.Callee(event.value) : std::nullopt;
    const llvm::StringRef name = callee ? llvm::StringRef(*callee) : "";
    const llvm::StringRef last = name.contains('.') ? name.rsplit('.').second : name;
    const bool factory = llvm::StringSwitch<bool>(last)
                             .Cases("namedtuple", "NamedTuple", "TypedDict", true)
                             .Cases("Enum", "IntEnum", "StrEnum", "new_class", true)
                             .Default(false);
    return factory ? DefinitionKind::Class : DefinitionKind::Constant;
  }

  void AddPath(DefinitionId id, ModuleId module, NameId name) {
    Definition &definition = project_.definitions[id];
    PathInfo path;
    path.module = module;
    path.name = name;
    definition.paths.push_back(std::move(path));
  }

  // Definitions by file and offset; the paths of each: its own first, the others by text.
  void Sort() {
    std::vector<DefinitionId> order;
    for (size_t i = 0; i < project_.definitions.size(); ++i) {
      order.push_back(DefinitionId(i));
    }
    std::sort(order.begin(), order.end(), [&](DefinitionId a, DefinitionId b) {
      const Definition &x = project_.definitions[a];
      const Definition &y = project_.definitions[b];
      return std::tuple(x.where, project_.Text(x.name), a) <
             std::tuple(y.where, project_.Text(y.name), b);
    });
    IdVector<DefinitionId, Definition> sorted;
    std::vector<DefinitionId> renamed(order.size());
    for (DefinitionId old : order) {
      renamed[static_cast<size_t>(old.index)] = DefinitionId(sorted.size());
      sorted.push_back(std::move(project_.definitions[old]));
    }
    project_.definitions = std::move(sorted);
    for (auto &entry : ids_) {
      entry.second = renamed[static_cast<size_t>(entry.second.index)];
    }
    for (Definition &definition : project_.definitions) {
      std::sort(definition.paths.begin(), definition.paths.end(),
                [&](const PathInfo &a, const PathInfo &b) {
                  const bool own_a = a.module == definition.module && a.name == definition.name;
                  const bool own_b = b.module == definition.module && b.name == definition.name;
                  return std::tuple(!own_a, project_.Text(project_.modules[a.module].name),
                                    project_.Text(a.name)) <
                         std::tuple(!own_b, project_.Text(project_.modules[b.module].name),
                                    project_.Text(b.name));
                });
    }
  }

  // Rows carry the event of their target until now.
  void FillRows() {
    for (ImportRow &row : project_.rows) {
      FillTarget(row.target);
    }
    for (StringTarget &target : project_.string_targets) {
      FillTarget(target.row.target);
    }
  }

  void FillTarget(Target &target) const {
    if (target.kind != TargetKind::Definition) {
      return;
    }
    auto it = ids_.find(Key(target.module, static_cast<uint32_t>(target.definition.index)));
    target.definition = it == ids_.end() ? DefinitionId() : it->second;
    if (!target.definition.valid()) {
      target.kind = TargetKind::Opaque;
    }
  }

  Project &project_;
  Resolver &resolver_;
  const SyntaxView &view_;
  llvm::DenseMap<uint64_t, DefinitionId> ids_;
  std::vector<uint32_t> events_;
};

bool IsPrivate(llvm::StringRef dotted) {
  for (llvm::StringRef rest = dotted; !rest.empty(); rest = rest.split('.').second) {
    if (rest.starts_with("_")) {
      return true;
    }
  }
  return false;
}

bool IsBelow(llvm::StringRef module, llvm::StringRef package) {
  return module.size() > package.size() && module.starts_with(package) &&
         module[package.size()] == '.';
}

class Chooser {
public:
  Chooser(Project &project, Resolver &resolver, const Config &config)
      : project_(project), resolver_(resolver), config_(config) {}

  void Choose(Definition &definition) {
    definition.canonical = 0;
    definition.because = "definition";
    if (definition.paths.size() < 2 || UseConfigured(definition)) {
      return;
    }
    const bool private_module = IsPrivate(ModuleText(definition.module));
    const bool private_name = project_.Text(definition.name).starts_with("_");
    if (private_module && UseDeclared(definition)) {
      return;
    }
    if (private_module || private_name) {
      UsePublicAlias(definition);
    }
  }

private:
  llvm::StringRef ModuleText(ModuleId module) const {
    return project_.Text(project_.modules[module].name);
  }
  bool IsPublic(const PathInfo &path) const {
    return !IsPrivate(ModuleText(path.module)) && !project_.Text(path.name).starts_with("_");
  }

  bool UseConfigured(Definition &definition) {
    for (const PathInfo &own : definition.paths) {
      const std::string symbol = project_.PathText(own.module, own.name);
      for (const CanonicalPath &entry : config_.canonical) {
        std::string wanted = entry.path;
        if (entry.symbol == ModuleText(own.module)) {
          wanted += ":" + project_.Text(own.name).str();
        } else if (entry.symbol != symbol) {
          continue;
        }
        for (size_t i = 0; i < definition.paths.size(); ++i) {
          const PathInfo &path = definition.paths[i];
          if (project_.PathText(path.module, path.name) == wanted) {
            definition.canonical = static_cast<int>(i);
            definition.because = "configured";
            return true;
          }
        }
      }
    }
    return false;
  }

  // Declared: listed in __all__, or imported as `X as X`.
  bool IsDeclared(const PathInfo &path) {
    const AllNames &all = resolver_.All(path.module);
    if (all.present && llvm::is_contained(all.names, path.name)) {
      return true;
    }
    const NamespaceLog &log = resolver_.Log(path.module);
    return llvm::any_of(log.Of(path.name), [&](uint32_t index) {
      const Event &event = log.events[index];
      const ExprId as =
          event.kind == EventKind::From ? resolver_.view().Child(event.value) : ExprId();
      return as.valid() && resolver_.view().At(as).text == resolver_.view().At(event.value).text;
    });
  }

  // The top-most ancestor package that declares it.
  bool UseDeclared(Definition &definition) {
    int best = -1;
    for (size_t i = 0; i < definition.paths.size(); ++i) {
      const PathInfo &path = definition.paths[i];
      const llvm::StringRef name = ModuleText(path.module);
      const bool ancestor = IsBelow(ModuleText(definition.module), name) &&
                            project_.modules[path.module].kind == ModuleKind::Package;
      if (!ancestor || path.deprecated || !IsPublic(path) || !IsDeclared(path)) {
        continue;
      }
      if (best < 0 ||
          name.size() < ModuleText(definition.paths[static_cast<size_t>(best)].module).size()) {
        best = static_cast<int>(i);
      }
    }
    if (best < 0) {
      return false;
    }
    definition.canonical = best;
    definition.because = "public-api";
    return true;
  }

  void UsePublicAlias(Definition &definition) {
    int best = -1;
    for (size_t i = 0; i < definition.paths.size(); ++i) {
      const PathInfo &path = definition.paths[i];
      if (!IsPublic(path) || path.deprecated) {
        continue;
      }
      const PathInfo *chosen = best < 0 ? nullptr : &definition.paths[static_cast<size_t>(best)];
      // In the defining module first; then the most used; then the shortest, then by text.
      if (!chosen || Rank(definition, path) < Rank(definition, *chosen)) {
        best = static_cast<int>(i);
      }
    }
    if (best >= 0) {
      definition.canonical = best;
      definition.because = "public-alias";
    }
  }
  std::tuple<bool, int64_t, size_t> Rank(const Definition &definition, const PathInfo &path) const {
    return {path.module != definition.module, -static_cast<int64_t>(path.uses),
            ModuleText(path.module).size()};
  }

  Project &project_;
  Resolver &resolver_;
  const Config &config_;
};

} // namespace

void CollectDefinitions(Project &project, Resolver &resolver) {
  Collector(project, resolver).Collect();
}

namespace {

// Paths by module and name. Each module:name reaches one definition.
class PathIndex {
public:
  explicit PathIndex(Project &project) : project_(project) {
    for (size_t i = 0; i < project.definitions.size(); ++i) {
      const std::vector<PathInfo> &paths = project.definitions[DefinitionId(i)].paths;
      for (size_t k = 0; k < paths.size(); ++k) {
        places_[{paths[k].module, paths[k].name}] = {DefinitionId(i), k};
        holders_.insert({DefinitionId(i), paths[k].module});
      }
    }
  }

  PathInfo *Find(DefinitionId definition, ModuleId module, NameId name) {
    auto it = places_.find({module, name});
    return it == places_.end() || it->second.first != definition
               ? nullptr
               : &project_.definitions[definition].paths[it->second.second];
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
      if (holders_.contains({id, owner}) && (importer == name || IsBelow(importer, name))) {
        return true;
      }
    }
    return false;
  }

private:
  Project &project_;
  llvm::DenseMap<std::pair<ModuleId, NameId>, std::pair<DefinitionId, size_t>> places_;
  llvm::DenseSet<std::pair<DefinitionId, ModuleId>> holders_;
};

} // namespace

static void CountRow(Project &project, PathIndex &index, RowId id) {
  ImportRow &row = project.rows[id];
  if (row.status != RowStatus::Resolved || row.target.kind != TargetKind::Definition ||
      row.context.star) {
    return;
  }
  Definition &definition = project.definitions[row.target.definition];
  const llvm::StringRef importer = project.Text(project.modules[row.importer].name);
  const llvm::StringRef home = project.Text(project.modules[definition.module].name);
  row.context.plumbing = !row.context.deferred && !row.context.type_checking &&
                         (IsBelow(home, importer) || row.importer == definition.module);
  row.context.internal = index.IsInternal(row.target.definition, row.source, row.importer);
  PathInfo *path = index.Find(row.target.definition, row.source, row.name);
  if (!path || row.context.plumbing) {
    return;
  }
  ++path->uses;
  path->in_tests += project.modules[row.importer].test;
  path->type_checking += row.context.type_checking;
  path->guarded += row.context.guarded;
  path->in_use |= !row.context.internal;
  path->rows.push_back(id);
}

void FillHops(Project &project, Resolver &resolver, Definition &definition) {
  for (PathInfo &path : definition.paths) {
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
}

void CountUses(Project &project, Resolver &resolver, llvm::ArrayRef<AttributeUse> attribute_uses) {
  PathIndex index(project);
  for (size_t i = 0; i < project.rows.size(); ++i) {
    CountRow(project, index, RowId(i));
  }
  for (const AttributeUse &use : attribute_uses) {
    const ModuleId user = project.module_of_file[use.file];
    PathInfo *path = index.Find(use.definition, use.module, use.name);
    if (path && user != use.module) {
      ++path->uses;
      path->in_tests += project.modules[user].test;
      path->in_use |= !index.IsInternal(use.definition, use.module, user);
    }
  }
  for (Definition &definition : project.definitions) {
    const auto used = llvm::count_if(definition.paths, [](const PathInfo &p) { return p.in_use; });
    if (used > 1) {
      FillHops(project, resolver, definition);
    }
  }
}

void ChooseCanonical(Project &project, Resolver &resolver, const Config &config) {
  Chooser chooser(project, resolver, config);
  for (Definition &definition : project.definitions) {
    chooser.Choose(definition);
  }
}

} // namespace pydefrag
