// Streams modules, import rows and definitions. Positions are found first, in parallel; the rows
// are then written without building any value.
#include "report/json/render_graph_json.h"

#include "report/json/json_text.h"
#include "report/positions.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <tuple>

namespace pydefrag {

llvm::StringRef RowStatusName(RowStatus status) {
  switch (status) {
  case RowStatus::Resolved:
    return "resolved";
  case RowStatus::External:
    return "external";
  case RowStatus::MissingModule:
    return "missing-module";
  case RowStatus::MissingName:
    return "missing-name";
  case RowStatus::Unknown:
    return "unknown";
  }
  return "";
}

llvm::SmallVector<llvm::StringRef, 4> ContextNames(const RowContext &context) {
  const std::pair<bool, llvm::StringRef> all[] = {
      {context.type_checking, "type-checking"},
      {context.deferred, "deferred"},
      {context.guarded, "guarded"},
      {context.masked, "masked"},
      {context.conditional, "conditional"},
      {context.star, "star"},
      {context.string, "string"},
      {context.unreachable, "unreachable"},
      {context.plumbing, "plumbing"},
      {context.internal, "internal"},
  };
  llvm::SmallVector<llvm::StringRef, 4> names;
  for (const auto &[set, name] : all) {
    if (set) {
      names.push_back(name);
    }
  }
  return names;
}

std::string TargetText(const Project &project, const Target &target) {
  switch (target.kind) {
  case TargetKind::None:
    return "";
  case TargetKind::Module:
    return target.module.valid() ? project.Text(project.modules[target.module].name).str() : "";
  case TargetKind::Definition: {
    const Definition &definition = project.definitions[target.definition];
    return project.PathText(definition.module, definition.name);
  }
  case TargetKind::Opaque:
    return target.module.valid() ? project.PathText(target.module, target.name) : "";
  }
  return "";
}

static llvm::StringRef KindName(ModuleKind kind) {
  switch (kind) {
  case ModuleKind::Module:
    return "module";
  case ModuleKind::Package:
    return "package";
  case ModuleKind::Namespace:
    return "namespace";
  case ModuleKind::Stub:
    return "stub";
  case ModuleKind::Extension:
    return "extension";
  case ModuleKind::Generated:
    return "generated";
  case ModuleKind::Stdlib:
    return "stdlib";
  case ModuleKind::External:
    return "external";
  }
  return "";
}

namespace {

// Which rows are wanted, and where they stand.
struct Selected {
  std::vector<ModuleId> modules;
  std::vector<const ImportRow *> rows;
  std::vector<DefinitionId> definitions;
  std::vector<LineColumn> chain_positions; // of the hops of all modules that fail, in order
  std::vector<LineColumn> row_positions;
  std::vector<LineColumn> definition_positions;
};

class GraphWriter {
public:
  GraphWriter(llvm::raw_ostream &os, const Project &project, const Disk &disk,
              const GraphOptions &options)
      : json_(os), project_(project), disk_(disk), options_(options) {}

  void Document();

private:
  bool Wanted(FileId file) const {
    return options_.paths.empty() ||
           (file.valid() && IsInPaths(project_.PathOf(file), options_.paths));
  }
  std::vector<const ImportRow *> AllRows() const;
  Selected Select() const;
  const ImportOutcome *OutcomeOf(ModuleId id) const {
    return static_cast<size_t>(id.index) < project_.outcomes.size() ? &project_.outcomes[id]
                                                                    : nullptr;
  }
  void ModuleRow(ModuleId id, llvm::ArrayRef<LineColumn> hops);
  void Outcome(const ImportOutcome &outcome, llvm::ArrayRef<LineColumn> hops);
  void Deprecated(const DeprecationInfo &info);
  void ImportLine(const ImportRow &row, LineColumn at);
  void DefinitionLine(const Definition &definition, LineColumn at);

  JsonWriter json_;
  const Project &project_;
  const Disk &disk_;
  const GraphOptions &options_;
};

} // namespace

// Import statements and strings that are imported, by place.
std::vector<const ImportRow *> GraphWriter::AllRows() const {
  std::vector<const ImportRow *> rows;
  for (const ImportRow &row : project_.rows) {
    rows.push_back(&row);
  }
  const auto middle = static_cast<std::ptrdiff_t>(rows.size());
  for (const StringTarget &target : project_.string_targets) {
    rows.push_back(&target.row);
  }
  std::inplace_merge(rows.begin(), rows.begin() + middle, rows.end(),
                     [](const ImportRow *a, const ImportRow *b) {
                       return std::tie(a->file, a->statement_span.begin) <
                              std::tie(b->file, b->statement_span.begin);
                     });
  return rows;
}

Selected GraphWriter::Select() const {
  Selected selected;
  for (size_t i = 0; i < project_.modules.size(); ++i) {
    const Module &module = project_.modules[ModuleId(i)];
    if (module.first_party && Wanted(module.file)) {
      selected.modules.push_back(ModuleId(i));
    }
  }
  std::vector<Location> places;
  for (ModuleId id : selected.modules) {
    if (const ImportOutcome *outcome = OutcomeOf(id)) {
      places.insert(places.end(), outcome->chain.begin(), outcome->chain.end());
    }
  }
  selected.chain_positions = FindPositions(project_, disk_, places, options_.jobs);
  places.clear();
  for (const ImportRow *row : AllRows()) {
    if (Wanted(row->file)) {
      selected.rows.push_back(row);
      places.push_back({row->file, row->statement_span});
    }
  }
  selected.row_positions = FindPositions(project_, disk_, places, options_.jobs);
  places.clear();
  for (size_t i = 0; i < project_.definitions.size(); ++i) {
    const Definition &definition = project_.definitions[DefinitionId(i)];
    if (Wanted(definition.where.file)) {
      selected.definitions.push_back(DefinitionId(i));
      places.push_back(definition.where);
    }
  }
  selected.definition_positions = FindPositions(project_, disk_, places, options_.jobs);
  return selected;
}

void GraphWriter::Outcome(const ImportOutcome &outcome, llvm::ArrayRef<LineColumn> hops) {
  json_.BeginObject("import");
  switch (outcome.status) {
  case ImportOutcome::Ok:
    json_.Text("status", "ok");
    break;
  case ImportOutcome::Fails:
    json_.Text("status", "fails");
    break;
  case ImportOutcome::Unknown:
    json_.Text("status", "unknown");
    break;
  }
  json_.TextIfAny("reason", outcome.status == ImportOutcome::Ok ? "" : outcome.reason);
  if (outcome.status != ImportOutcome::Ok && !outcome.chain.empty()) {
    json_.BeginArray("chain");
    for (size_t i = 0; i < outcome.chain.size(); ++i) {
      const FileId file = outcome.chain[i].file;
      json_.BeginObject();
      json_.Text("path", file.valid() ? project_.PathOf(file) : "");
      json_.Count("line", hops[i].line);
      json_.EndObject();
    }
    json_.EndArray();
  }
  json_.EndObject();
}

void GraphWriter::Deprecated(const DeprecationInfo &info) {
  json_.Key("deprecated");
  if (!info.deprecated) {
    json_.Null();
    return;
  }
  json_.BeginObject();
  json_.Text("message", info.message);
  json_.TextIfAny("replacement", info.replacement);
  json_.EndObject();
}

void GraphWriter::ModuleRow(ModuleId id, llvm::ArrayRef<LineColumn> hops) {
  const Module &module = project_.modules[id];
  json_.BeginObject();
  json_.Text("name", project_.Text(module.name));
  json_.TextOrNull("path", module.file.valid() ? project_.PathOf(module.file) : "");
  json_.Text("kind", KindName(module.kind));
  if (!module.also_named.empty()) {
    json_.BeginArray("also_named");
    for (NameId name : module.also_named) {
      json_.String(project_.Text(name));
    }
    json_.EndArray();
  }
  json_.TextIfAny("open", module.open_reason);
  if (const ImportOutcome *outcome = OutcomeOf(id)) {
    Outcome(*outcome, hops);
  }
  // What CPython shows on import: not what only a docstring or a class's name says.
  const bool known = static_cast<size_t>(id.index) < project_.module_deprecations.size();
  const DeprecationInfo info = known ? project_.module_deprecations[id] : DeprecationInfo{};
  Deprecated(info.doc_only || info.other_category ? DeprecationInfo{} : info);
  json_.EndObject();
}

void GraphWriter::ImportLine(const ImportRow &row, LineColumn at) {
  json_.BeginObject();
  json_.Text("path", project_.PathOf(row.file));
  json_.Count("line", at.line);
  json_.Count("column", at.column);
  json_.Text("module", project_.Text(row.module));
  json_.TextOrNull("name", project_.Text(row.name));
  json_.TextOrNull("as", project_.Text(row.as));
  json_.BeginArray("context");
  for (llvm::StringRef word : ContextNames(row.context)) {
    json_.String(word);
  }
  json_.EndArray();
  json_.Text("status", RowStatusName(row.status));
  json_.TextOrNull("reason", row.reason);
  json_.TextOrNull("target", TargetText(project_, row.target));
  json_.EndObject();
}

void GraphWriter::DefinitionLine(const Definition &definition, LineColumn at) {
  json_.BeginObject();
  json_.Text("id", project_.PathText(definition.module, definition.name));
  json_.Text("kind", DefinitionKindName(definition.kind));
  json_.Text("path", project_.PathOf(definition.where.file));
  json_.Count("line", at.line);
  llvm::SmallVector<std::pair<std::string, uint32_t>, 4> paths;
  for (const PathInfo &path : definition.paths) {
    // A module that cannot be imported binds nothing; in a cycle it may work after another.
    const ImportOutcome *outcome = OutcomeOf(path.module);
    if (outcome && outcome->status == ImportOutcome::Fails &&
        (outcome->certain || !llvm::StringRef(outcome->reason).contains("circular import"))) {
      continue;
    }
    paths.push_back({project_.PathText(path.module, path.name), path.uses});
  }
  llvm::sort(paths);
  json_.BeginArray("paths");
  for (const auto &[path, uses] : paths) {
    json_.String(path);
  }
  json_.EndArray();
  json_.BeginObject("used");
  for (const auto &[path, uses] : paths) {
    if (uses > 0) {
      json_.Count(path, uses);
    }
  }
  json_.EndObject();
  Deprecated(definition.deprecation);
  json_.EndObject();
}

void GraphWriter::Document() {
  const Selected selected = Select();
  json_.BeginObject();
  json_.Text("schema", "pydefrag/graph/1");
  json_.Text("root", options_.root_shown);
  json_.BreakLine();
  json_.BeginArray("modules");
  llvm::ArrayRef<LineColumn> hops = selected.chain_positions;
  for (ModuleId id : selected.modules) {
    const ImportOutcome *outcome = OutcomeOf(id);
    const size_t count = outcome ? outcome->chain.size() : 0;
    json_.BreakLine();
    ModuleRow(id, hops.take_front(count));
    hops = hops.drop_front(count);
  }
  json_.EndArray();
  json_.BreakLine();
  json_.BeginArray("imports");
  for (size_t i = 0; i < selected.rows.size(); ++i) {
    json_.BreakLine();
    ImportLine(*selected.rows[i], selected.row_positions[i]);
  }
  json_.EndArray();
  json_.BreakLine();
  json_.BeginArray("definitions");
  for (size_t i = 0; i < selected.definitions.size(); ++i) {
    json_.BreakLine();
    DefinitionLine(project_.definitions[selected.definitions[i]], selected.definition_positions[i]);
  }
  json_.EndArray();
  json_.EndObject();
}

void RenderGraphJson(llvm::raw_ostream &os, const Project &project, const Disk &disk,
                     const GraphOptions &options) {
  GraphWriter(os, project, disk, options).Document();
  os << '\n';
}

} // namespace pydefrag
