#include "link/identity/identity.h"

#include "base/marks.h"
#include "base/parallel.h"
#include "link/identity/chosen_names.h"
#include "link/identity/direct_paths.h"
#include "link/identity/none_makers.h"
#include "link/identity/outside_twins.h"
#include "link/identity/path_table.h"
#include "link/identity/star_paths.h"
#include "link/link_state.h"
#include "link/resolve/class_values.h"
#include "link/resolve/definition_kinds.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace pydefrag {
namespace {

// `0001_initial` and `django-admin` are no names that an import statement could spell.
bool IsImportable(llvm::StringRef dotted) {
  for (llvm::StringRef rest = dotted; !rest.empty(); rest = rest.split('.').second) {
    const llvm::StringRef part = rest.split('.').first;
    if (part.empty() || llvm::isDigit(part[0]) || part.contains('-') || part.contains(' ')) {
      return false;
    }
  }
  return true;
}

class Collector {
public:
  Collector(Project &project, Resolver &resolver, llvm::ArrayRef<std::vector<Chain>> chains,
            IdentityScope scope, unsigned jobs)
      : project_(project), resolver_(resolver), scope_(scope), jobs_(jobs),
        kinds_(project, resolver), row_begin_(project.state->graph.row_begin), twins_(resolver),
        chosen_(project, resolver, project.state->graph, kinds_),
        stars_(project, resolver, chains, jobs) {}

  PathTable Collect() {
    NumberEvents();
    MarkTargets();
    const bool checked = scope_ == IdentityScope::Checked;
    const DirectPaths direct(project_, resolver_, row_begin_, checked ? &kinds_ : nullptr);
    std::vector<ModulePaths> found(project_.file_count);
    ParallelFor(project_.file_count, jobs_, 16, [&](size_t i) {
      if (importable_[i]) {
        direct.Collect(project_.module_of_file[FileId(i)], found[i]);
      }
    });
    if (scope_ == IdentityScope::All) {
      NoteAskedNames();
      for (size_t i = 0; i < project_.file_count; ++i) {
        if (importable_[i]) {
          twins_.NoteIn(project_.module_of_file[FileId(i)]);
        }
      }
    } else {
      through_stars_ = stars_.Find();
    }
    for (size_t i = 0; i < project_.file_count; ++i) {
      if (importable_[i]) {
        TakeModule(project_.module_of_file[FileId(i)], found[i]);
        TakeOutside(project_.module_of_file[FileId(i)]);
      }
    }
    if (scope_ == IdentityScope::All) {
      TakePutModules();
      for (const auto &[module, name] : resolver_.NamesPutByPackages()) {
        Take(resolver_.PutByPackage(module, name), module, name);
      }
    }
    MakeDefinitions();
    return MakePathTable(project_, reached_, std::move(event_begin_), std::move(definition_of_));
  }

private:
  size_t IndexOf(ModuleId module, uint32_t event) const {
    return event_begin_[static_cast<size_t>(module.index)] + event;
  }

  void NumberEvents() {
    event_begin_.reserve(project_.modules.size());
    uint32_t count = 0;
    for (size_t i = 0; i < project_.modules.size(); ++i) {
      event_begin_.push_back(count);
      count += static_cast<uint32_t>(resolver_.Log(ModuleId(i)).events.size());
    }
    is_definition_ = Marks(count);
    importable_.resize(project_.file_count);
    for (size_t f = 0; f < project_.file_count; ++f) {
      const ModuleId module = project_.module_of_file[FileId(f)];
      importable_[f] = IsImportable(project_.Text(project_.modules[module].name));
    }
  }

  // What rows reach by a path that an import statement could spell. Rows carry the event of their
  // target until now.
  void MarkTargets() {
    for (const StringTarget &target : project_.string_targets) {
      MarkTarget(target.row.target);
    }
    ParallelFor(project_.rows.size(), jobs_, 4096, [&](size_t i) {
      const ImportRow &row = project_.rows[RowId(i)];
      if (row.target.kind != TargetKind::Definition) {
        return;
      }
      const FileId source = project_.modules[row.source].file;
      const size_t f = static_cast<size_t>(source.index);
      if (source.valid() && f < project_.file_count && importable_[f]) {
        MarkTarget(row.target);
      }
    });
  }

  // Names that packages take from modules that serve some.
  void NoteAskedNames() {
    for (const ImportRow &row : project_.rows) {
      const Module &importer = project_.modules[row.importer];
      const bool in_package = importer.parent.valid() || importer.kind == ModuleKind::Package;
      if (in_package && row.source.valid() && row.name.valid() && resolver_.Log(row.source).lazy) {
        asked_.insert({row.source, row.name});
      }
    }
  }

  void MarkTarget(const Target &target) {
    if (target.kind == TargetKind::Definition && project_.modules[target.module].first_party) {
      is_definition_.Mark(IndexOf(target.module, static_cast<uint32_t>(target.definition.index)));
    }
  }

  // --- the paths of one module

  // The rest needs the resolver.
  void TakeModule(ModuleId module, const ModulePaths &found) {
    if (project_.scanned.facts[project_.modules[module].file].state != FileState::Parsed) {
      return; // nothing is known of it
    }
    for (const Reached &path : found.reached) {
      if (scope_ == IdentityScope::Checked) {
        Mark(path); // looked at already
      } else {
        Add(path);
      }
    }
    const std::vector<NameId> asked = NamesToAsk(module, found);
    for (NameId name : asked) {
      Take(resolver_.Attribute(module, name), module, name);
    }
    for (NameId name : NamesServed(module)) {
      const Found served = resolver_.Attribute(module, name);
      if (served.lazy && !llvm::is_contained(asked, name)) {
        Take(served, module, name);
      }
    }
  }

  // What the module may serve that it does not hold, each name once: what an open one lists, for
  // whoever gets it may serve that, and what its hook does.
  llvm::SmallSetVector<NameId, 8> NamesServed(ModuleId module) {
    const NamespaceLog &log = resolver_.Log(module);
    llvm::SmallSetVector<NameId, 8> names;
    if (!log.open_reason.empty()) {
      const std::vector<NameId> &listed = resolver_.All(module).names;
      names.insert(listed.begin(), listed.end());
    }
    for (const LazyEntry &entry :
         log.lazy ? llvm::ArrayRef(resolver_.Lazy(module).entries) : llvm::ArrayRef<LazyEntry>()) {
      if (IsListed(module, entry.name) || asked_.contains({module, entry.name})) {
        names.insert(entry.name);
      }
    }
    for (NameId key : log.lazy ? resolver_.KeysServed(module) : std::vector<NameId>()) {
      if (IsListed(module, key) || asked_.contains({module, key})) {
        names.insert(key);
      }
    }
    return names;
  }

  std::vector<NameId> NamesToAsk(ModuleId module, const ModulePaths &found) {
    if (resolver_.HasPlainEvents(module)) {
      return found.asked;
    }
    if (scope_ == IdentityScope::All || !stars_.Covers(module)) {
      return resolver_.BoundNames(module);
    }
    std::vector<NameId> names = resolver_.OwnNames(module);
    llvm::append_range(names, through_stars_[module]);
    return names;
  }

  // A class in `sys.modules` serves its own names: `sys.modules["typing.io"] = io`.
  void TakePutModules() {
    for (const PutModule &put : resolver_.table().put_modules()) {
      const Found object = resolver_.ObjectPut(put);
      if (!ClassOf(project_, resolver_, object).valid()) {
        continue;
      }
      for (NameId name : NamesOfObject(project_, resolver_, object).names) {
        const Found served = AttributeOfObject(project_, resolver_, object, name);
        Take(served, resolver_.table().ModuleOf(put), name);
      }
    }
  }

  // Whether the module lists the name among its own, which it does not hold before it is asked for:
  // in `__all__`, or through a `__dir__` of its own.
  bool IsListed(ModuleId module, NameId name) {
    const NameId dir = project_.scanned.names.Find("__dir__");
    return resolver_.All(module).Lists(name) ||
           (dir.valid() && !resolver_.Log(module).Of(dir).empty());
  }

  // --- what others have, and the project too

  void TakeOutside(ModuleId module) {
    if (scope_ == IdentityScope::Checked) {
      return;
    }
    std::vector<NameId> names = resolver_.BoundNames(module);
    llvm::append_range(names, resolver_.Log(module).names); // what a compiled module has is unknown
    llvm::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (NameId name : names) {
      const Found found = resolver_.Attribute(module, name);
      if (const auto *twin = twins_.empty() ? nullptr : twins_.FindBehind(module, name, found)) {
        Add({twin->first, twin->second, module, name});
      } else if (const auto chosen = chosen_.Find(module, name, found)) {
        Mark({chosen->module, chosen->event, module, name});
        kind_of_chosen_[{chosen->module, chosen->event}] = chosen->kind;
      }
    }
  }

  void Take(const Found &found, ModuleId module, NameId name) {
    const bool handed_on = found.fallback && found.module != module;
    if (found.IsObject() && !found.unknown && !handed_on) {
      Add({found.module, found.event, module, name});
    }
  }
  void Add(Reached path) {
    if (!twins_.empty() && project_.modules[path.home].first_party) {
      if (const auto *twin = twins_.Find(FoundAt(path))) {
        std::tie(path.home, path.event) = *twin;
      }
    }
    if (!project_.modules[path.home].first_party) {
      return;
    }
    // What a compiled module makes of the same names, the source beside it does not tell.
    const bool itself =
        path.module == path.home && path.name == resolver_.Log(path.home).events[path.event].name;
    if (scope_ == IdentityScope::All && !itself &&
        resolver_.table().HasExtensionBeside(path.home)) {
      return;
    }
    if (none_makers_.MakesNone(path.home, path.event)) {
      return;
    }
    if (scope_ == IdentityScope::Checked &&
        kinds_.Of(path.home, path.event) == DefinitionKind::Constant) {
      return;
    }
    Mark(path);
  }
  void Mark(const Reached &path) {
    is_definition_.Mark(IndexOf(path.home, path.event));
    reached_.push_back(path);
  }

  static Found FoundAt(const Reached &path) {
    Found found;
    found.answer = Answer::Yes;
    found.kind = TargetKind::Definition;
    found.module = path.home;
    found.event = path.event;
    return found;
  }

  // --- definitions

  const std::vector<PlacedStatement> &StatementsOf(ModuleId module) const {
    return project_.StatementsOf(module);
  }

  void Make(Definition &definition, ModuleId module, uint32_t index, Location where) const {
    const Event &event = resolver_.Log(module).events[index];
    definition.module = module;
    definition.name = event.name;
    const auto chosen = kind_of_chosen_.find({module, index});
    definition.kind = chosen != kind_of_chosen_.end() ? chosen->second : kinds_.Of(module, index);
    definition.where = where;
    definition.statement = {where.file,
                            {StatementsOf(module)[event.statement].begin, where.span.end}};
  }

  // By file and offset.
  void MakeDefinitions() {
    definition_of_.assign(is_definition_.size(), DefinitionId());
    std::vector<size_t> first(project_.file_count); // of each file; at first, how many it makes
    ParallelFor(project_.file_count, jobs_, 256, [&](size_t f) {
      const ModuleId module = project_.module_of_file[FileId(f)];
      const size_t begin = IndexOf(module, 0);
      for (size_t e = 0; e < resolver_.Log(module).events.size(); ++e) {
        first[f] += is_definition_.Has(begin + e);
      }
    });
    size_t count = 0;
    for (size_t &of_file : first) {
      count += std::exchange(of_file, count);
    }
    ReserveTouched(project_.definitions.raw(), count, jobs_);
    project_.definitions.resize(count);
    ParallelFor(project_.file_count, jobs_, 16,
                [&](size_t f) { MakeOwn(project_.module_of_file[FileId(f)], first[f]); });
    ParallelFor(project_.file_count, jobs_, 16, [&](size_t f) { FillRows(f); });
    for (StringTarget &target : project_.string_targets) {
      FillTarget(target.row.target);
    }
  }

  // The definitions that one module makes, from an id on.
  void MakeOwn(ModuleId module, size_t id) {
    const size_t begin = IndexOf(module, 0);
    std::vector<std::pair<Location, uint32_t>> own; // where, event
    for (uint32_t e = 0; e < resolver_.Log(module).events.size(); ++e) {
      if (is_definition_.Has(begin + e)) {
        own.push_back({PlaceOfName(project_, resolver_, module, e), e});
      }
    }
    auto text = [&](uint32_t e) { return project_.Text(resolver_.Log(module).events[e].name); };
    std::sort(own.begin(), own.end(), [&](const auto &a, const auto &b) {
      return std::tuple(a.first, text(a.second), a.second) <
             std::tuple(b.first, text(b.second), b.second);
    });
    for (const auto &[where, event] : own) {
      Make(project_.definitions[DefinitionId(id)], module, event, where);
      definition_of_[begin + event] = DefinitionId(id++);
    }
  }

  void FillRows(size_t file) {
    for (uint32_t r = row_begin_[file]; r < row_begin_[file + 1]; ++r) {
      FillTarget(project_.rows[RowId(size_t{r})].target);
    }
  }
  void FillTarget(Target &target) const {
    if (target.kind != TargetKind::Definition) {
      return;
    }
    target.definition =
        definition_of_[IndexOf(target.module, static_cast<uint32_t>(target.definition.index))];
    if (!target.definition.valid()) {
      target.kind = TargetKind::Opaque;
    }
  }

  Project &project_;
  Resolver &resolver_;
  IdentityScope scope_;
  unsigned jobs_;
  DefinitionKinds kinds_;
  std::vector<uint32_t> event_begin_; // of each module, numbering all events
  Marks is_definition_;               // by number of the event
  std::vector<DefinitionId> definition_of_;
  const std::vector<uint32_t> &row_begin_; // of each file
  std::vector<bool> importable_;           // by file
  std::vector<Reached> reached_;
  OutsideTwins twins_;
  ChosenNames chosen_;
  llvm::DenseMap<std::pair<ModuleId, uint32_t>, DefinitionKind> kind_of_chosen_; // by event
  NoneMakers none_makers_{project_, resolver_};
  llvm::DenseSet<std::pair<ModuleId, NameId>> asked_; // by packages, of modules that serve names
  StarPaths stars_;
  IdVector<ModuleId, std::vector<NameId>> through_stars_; // of those that stars_ covers
};

} // namespace

PathTable CollectDefinitions(Project &project, Resolver &resolver,
                             llvm::ArrayRef<std::vector<Chain>> chains, IdentityScope scope,
                             unsigned jobs) {
  return Collector(project, resolver, chains, scope, jobs).Collect();
}

} // namespace pydefrag
