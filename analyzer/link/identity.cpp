#include "link/identity.h"

#include "base/parallel.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <tuple>

namespace pydefrag {
namespace {

constexpr uint32_t kNoRow = 0xffffffff;

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

// Functions whose results are classes.
class FactoryNames {
public:
  explicit FactoryNames(const NameTable &names) {
    for (const char *text :
         {"namedtuple", "NamedTuple", "TypedDict", "Enum", "IntEnum", "StrEnum", "new_class"}) {
      if (const NameId name = names.Find(text); name.valid()) {
        names_.push_back(name);
      }
    }
  }
  bool Contains(NameId name) const { return llvm::is_contained(names_, name); }

private:
  llvm::SmallVector<NameId, 8> names_;
};

struct Reached { // `module:name` is the object that `event` of `home` makes
  ModuleId home;
  uint32_t event = 0;
  ModuleId module;
  NameId name;
};

struct ModulePaths { // of one module
  std::vector<Reached> reached;
  std::vector<NameId> asked; // names that only the resolver can tell
};

class Collector {
public:
  Collector(Project &project, Resolver &resolver, IdentityScope scope, unsigned jobs)
      : project_(project), resolver_(resolver), view_(resolver.view()), scope_(scope), jobs_(jobs),
        factories_(project.scanned.names) {}

  PathTable Collect() {
    NumberEvents();
    MarkTargets();
    std::vector<ModulePaths> found(project_.file_count);
    ParallelFor(project_.file_count, jobs_, 16, [&](size_t i) {
      if (importable_[i]) {
        CollectModule(project_.module_of_file[FileId(i)], found[i]);
      }
    });
    if (scope_ == IdentityScope::All) {
      FindTwins();
    }
    for (size_t i = 0; i < project_.file_count; ++i) {
      if (importable_[i]) {
        TakeModule(project_.module_of_file[FileId(i)], found[i]);
        TakeOutside(project_.module_of_file[FileId(i)]);
      }
    }
    MakeDefinitions();
    return MakeTable();
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
    is_definition_.assign(count, false);
    row_begin_.assign(project_.file_count + 1, static_cast<uint32_t>(project_.rows.size()));
    for (size_t r = project_.rows.size(); r-- > 0;) {
      row_begin_[static_cast<size_t>(project_.rows[RowId(r)].file.index)] =
          static_cast<uint32_t>(r);
    }
    for (size_t f = project_.file_count; f-- > 0;) {
      row_begin_[f] = std::min(row_begin_[f], row_begin_[f + 1]);
    }
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
    for (const ImportRow &row : project_.rows) {
      if (row.target.kind != TargetKind::Definition ||
          !project_.modules[row.target.module].first_party) {
        continue;
      }
      const FileId source = project_.modules[row.source].file;
      const size_t f = static_cast<size_t>(source.index);
      if (source.valid() && f < project_.file_count && importable_[f]) {
        is_definition_[IndexOf(row.target.module,
                               static_cast<uint32_t>(row.target.definition.index))] = true;
      }
    }
  }

  void MarkTarget(const Target &target) {
    if (target.kind == TargetKind::Definition && project_.modules[target.module].first_party) {
      is_definition_[IndexOf(target.module, static_cast<uint32_t>(target.definition.index))] = true;
    }
  }

  // --- the paths of one module

  // What the logs and rows alone tell: reads them only.
  void CollectModule(ModuleId module, ModulePaths &found) const {
    const NamespaceLog &log = resolver_.Log(module);
    const FileId file = project_.modules[module].file;
    if (project_.scanned.facts[file].state != FileState::Parsed || !resolver_.IsPlainLog(module)) {
      return;
    }
    const std::vector<uint32_t> rows = FindRows(file, log);
    for (size_t k = 0; k < log.by_name.size();) {
      size_t next = k + 1;
      const NameId name = log.events[log.by_name[k]].name;
      while (next < log.by_name.size() && log.events[log.by_name[next]].name == name) {
        ++next;
      }
      CollectName(module, log, llvm::ArrayRef(log.by_name).slice(k, next - k), rows, found);
      k = next;
    }
  }

  // The rest needs the resolver.
  void TakeModule(ModuleId module, const ModulePaths &found) {
    const NamespaceLog &log = resolver_.Log(module);
    if (project_.scanned.facts[project_.modules[module].file].state != FileState::Parsed) {
      return; // nothing is known of it
    }
    for (const Reached &path : found.reached) {
      Add(path);
    }
    for (NameId name : resolver_.IsPlainLog(module) ? found.asked : resolver_.BoundNames(module)) {
      Take(resolver_.Attribute(module, name), module, name);
    }
    if (log.lazy) {
      for (const LazyEntry &entry : resolver_.Lazy(module).entries) {
        const Found served = resolver_.Attribute(module, entry.name);
        if (served.lazy && IsListed(module, entry.name)) {
          Take(served, module, entry.name);
        }
      }
    }
  }

  // Whether the module lists the name among its own, which it does not hold before it is asked for:
  // in `__all__`, or through a `__dir__` of its own.
  bool IsListed(ModuleId module, NameId name) {
    const NameId dir = project_.scanned.names.Find("__dir__");
    return llvm::is_contained(resolver_.All(module).names, name) ||
           (dir.valid() && !resolver_.Log(module).Of(dir).empty());
  }

  // The rows of the from-imports that are events of the module.
  std::vector<uint32_t> FindRows(FileId file, const NamespaceLog &log) const {
    std::vector<uint32_t> rows(log.events.size(), kNoRow);
    uint32_t row = row_begin_[static_cast<size_t>(file.index)];
    const uint32_t end = row_begin_[static_cast<size_t>(file.index) + 1];
    for (uint32_t e = 0; e < log.events.size(); ++e) {
      if (log.events[e].kind != EventKind::From) {
        continue;
      }
      auto before = [&](const ImportRow &r) {
        return r.statement < log.events[e].statement ||
               (r.statement == log.events[e].statement && r.alias != log.events[e].value);
      };
      while (row < end && before(project_.rows[RowId(size_t{row})])) {
        ++row;
      }
      rows[e] = row < end ? row : kNoRow;
    }
    return rows;
  }

  // The last event decides where it surely happens, which is nearly always.
  void CollectName(ModuleId module, const NamespaceLog &log, llvm::ArrayRef<uint32_t> events,
                   llvm::ArrayRef<uint32_t> rows, ModulePaths &found) const {
    const uint32_t last = events.back();
    const Event &event = log.events[last];
    const bool sure = !event.maybe && StatementsOf(module)[event.statement].parent < 0;
    const bool alias =
        view_.Is(event.value, ExprKind::Name) || view_.Is(event.value, ExprKind::Attribute);
    if (sure && (event.kind == EventKind::Define || (event.kind == EventKind::Value && !alias))) {
      found.reached.push_back({module, last, module, event.name});
      return;
    }
    const ImportRow *row = sure && event.kind == EventKind::From && rows[last] != kNoRow
                               ? &project_.rows[RowId(size_t{rows[last]})]
                               : nullptr;
    if (!row || (row->status != RowStatus::Resolved && events.size() > 1)) {
      found.asked.push_back(event.name);
    } else if (row->status == RowStatus::Resolved && row->target.kind == TargetKind::Definition) {
      found.reached.push_back({row->target.module,
                               static_cast<uint32_t>(row->target.definition.index), module,
                               event.name});
    }
  }

  // --- what the standard library has, and the project too

  // `typing.Final`: its module and name. Invalid: it is not from there.
  using Outside = std::pair<ModuleId, NameId>;
  Outside OutsideOf(Found found) {
    for (int hop = 0; hop < 8 && found.IsObject() && !found.unknown; ++hop) {
      const Event &event = resolver_.Log(found.module).events[found.event];
      if (event.kind != EventKind::Value || !event.value.valid() || !view_.Dotted(event.value)) {
        return {};
      }
      found = resolver_.Evaluate(found.module, event.value, found.event);
    }
    const bool known = found.kind == TargetKind::Opaque && found.outside.valid() &&
                       found.answer != Answer::No && !found.unknown;
    return known ? Outside(found.module, found.outside) : Outside();
  }

  // Where a class or function of the project gives way to an object of the standard library, under
  // its own name: the first such place stands for the object.
  //
  //     if sys.version_info >= (3, 8): from typing import Final
  //     else: class Final: ...
  void FindTwins() {
    for (size_t i = 0; i < project_.file_count; ++i) {
      const ModuleId module = project_.module_of_file[FileId(i)];
      for (const Event &event : resolver_.Log(module).events) {
        if (!importable_[i] || event.kind != EventKind::Define) {
          continue;
        }
        const Found found = resolver_.Attribute(module, event.name);
        const bool defined =
            found.IsObject() &&
            resolver_.Log(found.module).events[found.event].kind == EventKind::Define;
        if (defined || found.via == kNoEvent ||
            !resolver_.Log(module).events[found.via].name.valid()) {
          continue;
        }
        if (const Outside outside = OutsideOf(found); outside.first.valid()) {
          twins_.try_emplace(outside, module, found.via);
        }
      }
    }
  }

  void TakeOutside(ModuleId module) {
    if (twins_.empty()) {
      return;
    }
    for (NameId name : resolver_.BoundNames(module)) {
      const Found found = resolver_.Attribute(module, name);
      if (found.kind == TargetKind::Opaque) {
        const auto twin = twins_.find(OutsideOf(found));
        if (twin != twins_.end()) {
          Add({twin->second.first, twin->second.second, module, name});
        }
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
      const auto twin = twins_.find(OutsideOf(FoundAt(path)));
      if (twin != twins_.end()) {
        std::tie(path.home, path.event) = twin->second;
      }
    }
    if (!project_.modules[path.home].first_party) {
      return;
    }
    if (scope_ == IdentityScope::Checked &&
        KindOf(path.home, path.event) == DefinitionKind::Constant) {
      return;
    }
    is_definition_[IndexOf(path.home, path.event)] = true;
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
    return project_.scanned.facts[project_.modules[module].file].statements;
  }

  DefinitionKind KindOf(ModuleId module, uint32_t index) const {
    const Event &event = resolver_.Log(module).events[index];
    if (event.kind == EventKind::Define) {
      const Statement &statement = view_.Of(StatementsOf(module)[event.statement]);
      return statement.kind == StatementKind::Class ? DefinitionKind::Class
                                                    : DefinitionKind::Function;
    }
    // `Order = add_repr(Order)`, or what stands in for the class: `Task = _accelerator.Task`. What
    // a body declares global is nobody knows what.
    const StatementKind at = view_.Of(StatementsOf(module)[event.statement]).kind;
    const bool in_body = at == StatementKind::Function || at == StatementKind::Class;
    if (!in_body && (!event.value.valid() || !IsLiteral(event.value))) {
      for (uint32_t other : resolver_.Log(module).Of(event.name)) {
        if (resolver_.Log(module).events[other].kind == EventKind::Define) {
          return KindOf(module, other);
        }
      }
    }
    if (!view_.Is(event.value, ExprKind::Call)) {
      return DefinitionKind::Constant;
    }
    const ExprId callee = view_.Child(event.value);
    const bool named = view_.Is(callee, ExprKind::Name) || view_.Is(callee, ExprKind::Attribute);
    // `Enum("Color", "RED GREEN")` makes a class, `Enum("red")` an instance of some other Enum.
    const ExprId first = view_.Next(callee);
    const bool one = named && view_.TextOf(callee).ends_with("Enum") &&
                     !(first.valid() && view_.Next(first).valid());
    return named && !one && factories_.Contains(view_.At(callee).text) && view_.Dotted(callee)
               ? DefinitionKind::Class
               : DefinitionKind::Constant;
  }

  bool IsLiteral(ExprId value) const {
    switch (view_.At(value).kind) {
    case ExprKind::None:
    case ExprKind::True:
    case ExprKind::False:
    case ExprKind::Number:
    case ExprKind::String:
    case ExprKind::Bytes:
    case ExprKind::Tuple:
    case ExprKind::List:
    case ExprKind::Dict:
    case ExprKind::Set:
      return true;
    default:
      return false;
    }
  }

  void Make(Definition &definition, ModuleId module, uint32_t index, Location where) const {
    const Event &event = resolver_.Log(module).events[index];
    definition.module = module;
    definition.name = event.name;
    definition.kind = KindOf(module, index);
    definition.where = where;
    definition.statement = {where.file,
                            {StatementsOf(module)[event.statement].begin, where.span.end}};
  }

  // By file and offset.
  void MakeDefinitions() {
    definition_of_.assign(is_definition_.size(), DefinitionId());
    std::vector<size_t> first; // of each file
    size_t count = 0;
    for (size_t f = 0; f < project_.file_count; ++f) {
      const ModuleId module = project_.module_of_file[FileId(f)];
      const auto begin = is_definition_.begin() + static_cast<ptrdiff_t>(IndexOf(module, 0));
      first.push_back(count);
      count += static_cast<size_t>(std::count(
          begin, begin + static_cast<ptrdiff_t>(resolver_.Log(module).events.size()), true));
    }
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
      if (is_definition_[begin + e]) {
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

  // --- the table

  PathTable MakeTable() {
    PathTable table;
    table.begin.assign(project_.definitions.size() + 1, 0);
    for (const Reached &path : reached_) {
      ++table.begin[static_cast<size_t>(IdOf(path).index) + 1];
    }
    for (size_t i = 1; i < table.begin.size(); ++i) {
      table.begin[i] += table.begin[i - 1];
    }
    table.paths.resize(reached_.size());
    std::vector<uint32_t> next(table.begin.begin(), table.begin.end());
    for (const Reached &path : reached_) {
      const DefinitionId id = IdOf(path);
      table.paths[next[static_cast<size_t>(id.index)]++] = {path.module, path.name};
      if (project_.modules[path.module].kind == ModuleKind::Package && path.module != path.home &&
          IsAbove(path.module, path.home)) {
        table.holders.push_back({id, path.module});
      }
    }
    llvm::sort(table.holders);
    table.event_begin = std::move(event_begin_);
    table.definition_of = std::move(definition_of_);
    return table;
  }
  DefinitionId IdOf(const Reached &path) const {
    return definition_of_[IndexOf(path.home, path.event)];
  }
  bool IsAbove(ModuleId package, ModuleId module) const {
    for (ModuleId at = project_.modules[module].parent; at.valid();
         at = project_.modules[at].parent) {
      if (at == package) {
        return true;
      }
    }
    return false;
  }

  Project &project_;
  Resolver &resolver_;
  const SyntaxView &view_;
  IdentityScope scope_;
  unsigned jobs_;
  FactoryNames factories_;
  std::vector<uint32_t> event_begin_; // of each module, numbering all events
  std::vector<bool> is_definition_;   // by number of the event
  std::vector<DefinitionId> definition_of_;
  std::vector<uint32_t> row_begin_; // of each file
  std::vector<bool> importable_;    // by file
  std::vector<Reached> reached_;
  // Objects of the standard library that stand in for something of the project: where.
  llvm::DenseMap<Outside, std::pair<ModuleId, uint32_t>> twins_;
};

} // namespace

Location PlaceOfName(const Project &project, const Resolver &resolver, ModuleId module,
                     uint32_t index) {
  const SyntaxView &view = resolver.view();
  const FileId file = project.modules[module].file;
  const Event &event = resolver.Log(module).events[index];
  const PlacedStatement &placed = project.scanned.facts[file].statements[event.statement];
  const Statement &statement = view.Of(placed);
  Span name{statement.text_begin, statement.text_end};
  if (event.kind != EventKind::Define && event.target.valid()) {
    name = {view.At(event.target).begin, view.At(event.target).end};
  }
  if (name.begin == kNoPosition) {
    name = {0, 1};
  }
  return {file, {placed.head + name.begin, placed.head + name.end}};
}

DefinitionId FindDefinition(const Project &project, const Resolver &resolver, ModuleId module,
                            uint32_t event) {
  if (!project.modules[module].first_party) {
    return {};
  }
  const Location where = PlaceOfName(project, resolver, module, event);
  const std::vector<Definition> &all = project.definitions.raw();
  const auto place = llvm::partition_point(
      all, [&](const Definition &definition) { return definition.where < where; });
  return place != all.end() && place->where == where && place->module == module
             ? DefinitionId(static_cast<size_t>(place - all.begin()))
             : DefinitionId();
}

bool PathTable::IsHeldBy(DefinitionId id, ModuleId package) const {
  return std::binary_search(holders.begin(), holders.end(), std::pair(id, package));
}

PathTable CollectDefinitions(Project &project, Resolver &resolver, IdentityScope scope,
                             unsigned jobs) {
  return Collector(project, resolver, scope, jobs).Collect();
}

} // namespace pydefrag
