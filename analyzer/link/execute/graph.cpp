#include "link/execute/graph.h"

#include "base/components.h"
#include "base/parallel.h"
#include "base/sorted.h"
#include "link/modules/named_imports.h"
#include "link/rows/rows.h"

#include "llvm/ADT/DenseSet.h"

#include <algorithm>

namespace pydefrag {
namespace {

class Builder {
public:
  Builder(const Project &project, Resolver &resolver, const StatementSigns &signs,
          ImportGraph &graph, unsigned jobs)
      : project_(project), resolver_(resolver), view_(resolver.view()), signs_(signs),
        graph_(graph), jobs_(jobs) {}

  void Build() {
    graph_.edges.resize(project_.modules.size());
    seen_.assign(project_.modules.size(), ModuleId());
    graph_.row_begin = FindRowBegins(project_, resolver_);
    NameImporters();
    FindCalls();
    for (size_t f = 0; f < project_.file_count; ++f) {
      ReadFile(FileId(f));
    }
  }

private:
  void ReadFile(FileId file) {
    const ModuleId module = project_.module_of_file[file];
    AddParents(module, module);
    const size_t f = static_cast<size_t>(file.index);
    for (const ImportRow &row : graph_.RowsOf(project_, file)) {
      if (!row.context.type_checking && !row.context.unreachable && !row.context.deferred) {
        AddRow(module, row);
      }
    }
    if (AsksHooks(file)) {
      AddUses(module, file);
    }
    for (const auto &[statement, call] : calls_[f]) {
      AddCall(module, statement, call);
    }
    for (uint32_t statement : named_[f]) {
      AddNamed(module, module, statement);
    }
  }

  // What a statement of `home` imports by names in strings.
  void AddNamed(ModuleId from, ModuleId home, uint32_t index) {
    const FileId file = project_.modules[home].file;
    const Statement &statement = view_.Of(project_.scanned.facts[file].statements[index]);
    const ExprId call = view_.LastOperand(statement);
    const auto callee = view_.Callee(call);
    const auto found = callee && IsImporter(*callee)
                           ? ReadNamedImports(project_, view_, resolver_.table(), home, index, call)
                           : std::nullopt;
    if (!found) {
      return;
    }
    for (const std::string &dotted : found->modules) {
      const ModuleSearch search =
          dotted.empty() ? ModuleSearch() : resolver_.FindModule(home, dotted);
      Add(from, search.module);
      for (NameId name : found->names) {
        const bool package = search.module.valid() && resolver_.table().IsPackage(search.module);
        Add(from, package ? resolver_.table().FindChild(search.module, name) : ModuleId());
      }
    }
  }

  void AddRow(ModuleId from, const ImportRow &row) {
    Add(from, row.source);
    if (row.target.kind == TargetKind::Module && row.status == RowStatus::Resolved) {
      Add(from, row.target.module);
    }
    if (row.status == RowStatus::MissingModule && row.missing_part.valid() && !row.beyond_top) {
      const auto [above, last] = project_.Text(row.missing_part).rsplit('.');
      Add(from, last.empty() ? ModuleId() : resolver_.FindModule(from, above).module);
    }
    if (row.name.valid() && row.source.valid() && resolver_.Log(row.source).lazy) {
      AddServed(from, row);
    }
    if (!row.name.valid() || !row.source.valid() || !resolver_.table().IsPackage(row.source)) {
      return;
    }
    if (row.source != from && !resolver_.IsItself(row.source)) {
      Add(from, resolver_.table().FindChild(row.source, row.name)); // or it comes too late for it
    }
    // `from . import b` in a package that binds `b` to something else later on.
    if (row.source == from) {
      const Found before = resolver_.At(from, row.name, resolver_.EventLimit(from, row.statement));
      const ModuleId child = resolver_.table().FindChild(from, row.name);
      if (child.valid() && before.answer != Answer::Yes) {
        Add(from, child);
      }
    }
  }

  // What a `__getattr__` imports to serve what the row imports.
  void AddServed(ModuleId from, const ImportRow &row) {
    if (!row.context.star) {
      AddServed(from, row.source, row.name);
      return;
    }
    for (NameId name : resolver_.All(row.source).names) {
      AddServed(from, row.source, name);
    }
  }
  // Whether the file imports a module that has a `__getattr__`.
  bool AsksHooks(FileId file) const {
    return llvm::any_of(graph_.RowsOf(project_, file), [&](const ImportRow &row) {
      return row.target.kind == TargetKind::Module && row.target.module.valid() &&
             !row.context.deferred && resolver_.Log(row.target.module).lazy;
    });
  }
  // Attributes that its module-level statements ask for.
  void AddUses(ModuleId from, FileId file) {
    const auto &statements = project_.scanned.facts[file].statements;
    for (uint32_t i = 0; i < statements.size();) {
      const Statement &statement = view_.Of(statements[i]);
      view_.Walk(statement, [&](ExprId id) {
        if (view_.Is(id, ExprKind::Attribute)) {
          const Found base =
              resolver_.Evaluate(from, view_.Child(id), resolver_.EventLimit(from, i));
          if (base.IsModule() && base.module.valid()) {
            AddServed(from, base.module, view_.At(id).text);
          }
        }
      });
      i = statement.kind == StatementKind::Function ? statements[i].end : i + 1;
    }
  }
  void AddServed(ModuleId from, ModuleId source, NameId name) {
    const LazyEntry *entry = resolver_.ImporterOf(source, name);
    const auto f = entry ? static_cast<size_t>(project_.modules[entry->home].file.index) : 0;
    if (!entry || f >= project_.file_count) {
      return;
    }
    const ModuleId module = resolver_.TargetOf(entry->home, entry->source_statement).module;
    Add(from, module);
    if (module.valid() && resolver_.table().IsPackage(module)) {
      Add(from, resolver_.table().FindChild(module, entry->source_name));
    }
  }

  void Add(ModuleId from, ModuleId to) {
    if (!to.valid()) {
      return;
    }
    AddParents(from, to);
    AddEdge(from, to);
  }
  void AddEdge(ModuleId from, ModuleId to) {
    if (!project_.modules[to].first_party || !project_.modules[to].file.valid()) {
      return; // a look-up on the way may have added it
    }
    ModuleId &seen = seen_[static_cast<size_t>(to.index)];
    if (seen != from) {
      seen = from;
      graph_.edges[from].push_back(to);
    }
  }
  void AddParents(ModuleId from, ModuleId module) {
    for (ModuleId at = project_.modules[module].parent; at.valid();
         at = project_.modules[at].parent) {
      if (at != from) {
        AddEdge(from, at);
      }
    }
  }

  // The names by which functions and classes that import may be called: their own, and those that
  // aliases give them. Most calls name nothing of the kind.
  void NameImporters() {
    struct Names { // of one file
      std::vector<NameId> importers;
      std::vector<std::pair<NameId, NameId>> aliases; // of what, and the other name
    };
    std::vector<Names> found(project_.file_count);
    ParallelFor(project_.file_count, jobs_, 32, [&](size_t f) {
      for (const Event &event : resolver_.Log(project_.module_of_file[FileId(f)]).events) {
        if (event.kind == EventKind::Define &&
            (HoldsRows(FileId(f), event.statement) || ImportsByName(FileId(f), event.statement))) {
          found[f].importers.push_back(event.name);
        }
        const NameId original = OriginalOf(event);
        if (original.valid() && original != event.name) {
          found[f].aliases.push_back({original, event.name});
        }
      }
    });
    for (size_t f = 0; f < project_.file_count; ++f) {
      graph_.importers.insert(found[f].importers.begin(), found[f].importers.end());
      const ModuleId module = project_.module_of_file[FileId(f)];
      if (resolver_.Log(module).lazy) {
        for (const LazyEntry &entry : resolver_.Lazy(module).entries) {
          found[f].aliases.push_back({entry.source_name, entry.name});
        }
      }
    }
    for (bool grew = !graph_.importers.empty(); grew;) {
      grew = false;
      for (const Names &names : found) {
        for (const auto &[original, name] : names.aliases) {
          grew |= graph_.importers.contains(original) && graph_.importers.insert(name).second;
        }
      }
    }
  }
  // The name of what an alias is another name of.
  NameId OriginalOf(const Event &event) const {
    switch (event.kind) {
    case EventKind::From:
      return view_.At(event.value).text;
    case EventKind::Import: { // import a.b as c
      const llvm::StringRef dotted = view_.TextOf(event.value);
      return dotted.contains('.') ? project_.scanned.names.Find(dotted.rsplit('.').second)
                                  : NameId();
    }
    case EventKind::Value: {
      const bool named =
          view_.Is(event.value, ExprKind::Name) || view_.Is(event.value, ExprKind::Attribute);
      return named ? view_.At(event.value).text : NameId();
    }
    default:
      return NameId();
    }
  }
  bool HoldsRows(FileId file, uint32_t header) const {
    const uint32_t end = project_.scanned.facts[file].statements[header].end;
    if (end == header + 1) {
      return false;
    }
    const llvm::ArrayRef<ImportRow> behind = RowsBehind(file, header);
    return !behind.empty() && behind.front().statement < end;
  }
  bool ImportsByName(FileId file, uint32_t header) const {
    if (!signs_.IsIn(file, Sign::ImportsByName)) {
      return false;
    }
    const auto &statements = project_.scanned.facts[file].statements;
    return std::any_of(
        statements.begin() + header, statements.begin() + statements[header].end,
        [&](const PlacedStatement &placed) { return signs_.Shows(placed, Sign::ImportsByName); });
  }
  // Rows of the file that stand behind a statement.
  llvm::ArrayRef<ImportRow> RowsBehind(FileId file, uint32_t statement) const {
    const llvm::ArrayRef<ImportRow> rows = graph_.RowsOf(project_, file);
    const auto behind = llvm::partition_point(
        rows, [&](const ImportRow &row) { return row.statement <= statement; });
    return llvm::ArrayRef(behind, rows.end());
  }

  // Module-level calls of what may be functions that import: their rows count as the caller's.
  void FindCalls() {
    calls_.resize(project_.file_count);
    named_.resize(project_.file_count);
    ParallelFor(project_.file_count, jobs_, 32, [&](size_t f) {
      const auto &statements = project_.scanned.facts[FileId(f)].statements;
      for (uint32_t i = 0; i < statements.size();) {
        const Statement &statement = view_.Of(statements[i]);
        if (statement.kind == StatementKind::Function) {
          i = statements[i].end;
          continue;
        }
        if (signs_.Shows(statements[i], Sign::ImportsByName)) {
          named_[f].push_back(i);
        }
        if (statement.kind == StatementKind::Expression ||
            statement.kind == StatementKind::Assign) {
          view_.Walk(statement, [&](ExprId id) {
            if (view_.Is(id, ExprKind::Call) && graph_.MayImport(view_, view_.Child(id))) {
              calls_[f].push_back({i, id});
            }
          });
        }
        ++i;
      }
    });
  }

  void AddCall(ModuleId module, uint32_t statement, ExprId call) {
    const Found found =
        resolver_.Evaluate(module, view_.Child(call), resolver_.EventLimit(module, statement));
    if (!found.IsObject() || !resolver_.HasLog(found.module)) {
      return;
    }
    const Event &event = resolver_.Log(found.module).events[found.event];
    const FileId file = project_.modules[found.module].file;
    const PlacedStatement &placed = project_.scanned.facts[file].statements[event.statement];
    const size_t f = static_cast<size_t>(file.index);
    if (event.kind != EventKind::Define || f >= project_.file_count) {
      return; // installed packages have no rows
    }
    for (const ImportRow &row : RowsBehind(file, event.statement)) {
      if (row.statement >= placed.end) {
        break;
      }
      if (!row.context.type_checking) {
        AddRow(module, row);
      }
    }
    for (uint32_t i = event.statement + 1; signs_.IsIn(file, Sign::ImportsByName) && i < placed.end;
         ++i) {
      if (signs_.Shows(project_.scanned.facts[file].statements[i], Sign::ImportsByName)) {
        AddNamed(module, found.module, i);
      }
    }
  }

  const Project &project_;
  Resolver &resolver_;
  const SyntaxView &view_;
  const StatementSigns &signs_;
  ImportGraph &graph_;
  const unsigned jobs_;
  std::vector<std::vector<std::pair<uint32_t, ExprId>>> calls_; // of each file: statement, call
  std::vector<std::vector<uint32_t>> named_; // of each file: statements that import by name
  std::vector<ModuleId> seen_;               // by target: the last module that got an edge to it
};

} // namespace

// Only modules of the project begin one: what those do not reach has none.
static void FindComponents(const Project &project, ImportGraph &graph) {
  const uint32_t count = static_cast<uint32_t>(graph.edges.size());
  const std::vector<uint32_t> numbers = ComponentNumbers(
      count, [&](uint32_t i) { return graph.edges[ModuleId(size_t{i})].size(); },
      [&](uint32_t i, uint32_t edge) {
        return static_cast<uint32_t>(graph.edges[ModuleId(size_t{i})][edge].index);
      },
      [&](uint32_t i) {
        const Module &module = project.modules[ModuleId(size_t{i})];
        return module.first_party && module.file.valid();
      });
  graph.component_of.reserve(count);
  for (const uint32_t number : numbers) {
    graph.component_of.push_back(number == kNoComponent ? -1 : static_cast<int32_t>(number));
  }
  for (const std::vector<uint32_t> &members : MembersOfComponents(numbers)) {
    std::vector<ModuleId> &component = graph.components.emplace_back();
    for (const uint32_t member : members) {
      component.push_back(ModuleId(size_t{member}));
    }
  }
}

bool ImportGraph::InCycle(ModuleId module) const {
  const int32_t component = ComponentOf(module);
  return component >= 0 && components[static_cast<size_t>(component)].size() > 1;
}

llvm::ArrayRef<ImportRow> ImportGraph::RowsOf(const Project &project, FileId file) const {
  const size_t f = static_cast<size_t>(file.index);
  if (f + 1 >= row_begin.size()) {
    return {};
  }
  return llvm::ArrayRef(project.rows.raw()).slice(row_begin[f], row_begin[f + 1] - row_begin[f]);
}

llvm::ArrayRef<ImportRow> ImportGraph::RowsOf(const Project &project, FileId file,
                                              uint32_t statement) const {
  const llvm::ArrayRef<ImportRow> rows = RowsOf(project, file);
  const size_t before = CountBefore(
      rows.data(), rows.size(), [&](const ImportRow &row) { return row.statement < statement; });
  return rows.drop_front(before).take_while(
      [&](const ImportRow &row) { return row.statement == statement; });
}

ImportGraph BuildImportGraph(const Project &project, Resolver &resolver,
                             const StatementSigns &signs, unsigned jobs) {
  ImportGraph graph;
  Builder(project, resolver, signs, graph, jobs).Build();
  FindComponents(project, graph);
  return graph;
}

} // namespace pydefrag
