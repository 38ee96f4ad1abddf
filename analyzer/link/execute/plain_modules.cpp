#include "link/execute/plain_modules.h"

#include "base/parallel.h"

#include "llvm/ADT/STLExtras.h"

#include <optional>

namespace pydefrag {
namespace {

// Names that calls must not have: they end the module, or import by a name in a string.
struct SpecialNames {
  explicit SpecialNames(const NameTable &names) {
    for (const char *text : {"exit", "quit", "_exit"}) {
      exits.push_back(names.Find(text));
    }
    for (const char *text : {"import_module", "__import__"}) {
      importers.push_back(names.Find(text));
    }
    for (const char *text : {"TYPE_CHECKING", "MYPY"}) {
      never.push_back(names.Find(text));
    }
  }
  llvm::SmallVector<NameId, 3> exits;
  llvm::SmallVector<NameId, 3> importers;
  llvm::SmallVector<NameId, 3> never;
};

// Reads one module. Every answer errs on the side of "not plain".
class PlainReader {
public:
  PlainReader(const Project &project, const Resolver &resolver, const ImportGraph &graph,
              const SpecialNames &special, FileId file)
      : project_(project), resolver_(resolver), view_(resolver.view()), special_(special),
        module_(project.module_of_file[file]), log_(resolver.Log(module_)),
        statements_(project.scanned.facts[file].statements), rows_(graph.RowsOf(project, file)) {}

  // Whether it is plain; what it loads is put behind `loads`.
  bool Read(std::vector<PlainLoad> &loads) const {
    if (llvm::any_of(rows_, [&](const ImportRow &row) {
          return row.source == module_ || row.target.module == module_;
        })) {
      return false; // what it imports from itself depends on how far it got
    }
    for (uint32_t i = 0; i < statements_.size();) {
      if (!IsPlain(i, loads)) {
        return false;
      }
      i = IsSkipped(i) ? statements_[i].end : i + 1;
    }
    return true;
  }

private:
  // What stands under it does not run when the module is imported and all imports work.
  bool IsSkipped(uint32_t i) const {
    const Statement &statement = view_.Of(statements_[i]);
    switch (statement.kind) {
    case StatementKind::Function:
    case StatementKind::Except:
    case StatementKind::ExceptStar:
      return true;
    case StatementKind::If:
      return IsForTypeCheckers(statement.first) || IsMainGuard(view_, statement.first);
    default:
      return false;
    }
  }

  // `TYPE_CHECKING`, `typing.TYPE_CHECKING`
  bool IsForTypeCheckers(ExprId test) const {
    const bool named =
        view_.Is(test, ExprKind::Name) ||
        (view_.Is(test, ExprKind::Attribute) && view_.Is(view_.Child(test), ExprKind::Name));
    return named && llvm::is_contained(special_.never, view_.At(test).text);
  }

  bool IsPlain(uint32_t i, std::vector<PlainLoad> &loads) const {
    const Statement &statement = view_.Of(statements_[i]);
    switch (statement.kind) {
    case StatementKind::Import:
    case StatementKind::FromImport:
      return statements_[i].lazy || ImportIsPlain(i, loads);
    case StatementKind::Raise:
      return false;
    case StatementKind::Else: // of a try: whether it runs, only executing it tells
      return view_.Of(statements_[log_.PreviousArm(i)]).kind == StatementKind::If ||
             view_.Of(statements_[log_.PreviousArm(i)]).kind == StatementKind::Elif;
    case StatementKind::Assert:
      return !view_.Is(statement.first, ExprKind::False);
    case StatementKind::Expression:
      return !MayExit(statement.first) && UsesArePlain(statement);
    case StatementKind::If:
    case StatementKind::Elif:
      return (IsForTypeCheckers(statement.first) || TestIsPlain(statement.first)) &&
             UsesArePlain(statement);
    case StatementKind::For:
    case StatementKind::With:
    case StatementKind::Class:
    case StatementKind::Function:
    case StatementKind::Assign:
    case StatementKind::AnnAssign:
    case StatementKind::AugAssign:
      return UsesArePlain(statement);
    default:
      return true;
    }
  }

  // --- imports

  bool ImportIsPlain(uint32_t statement, std::vector<PlainLoad> &loads) const {
    const ImportRow *row = llvm::partition_point(
        rows_, [&](const ImportRow &each) { return each.statement < statement; });
    for (; row != rows_.end() && row->statement == statement; ++row) {
      if (!RowIsPlain(*row)) {
        return false;
      }
      if (resolver_.HasLog(row->source) && (loads.empty() || loads.back().module != row->source)) {
        loads.push_back({row->source, false});
      }
      if (row->name.valid() && row->target.kind == TargetKind::Module &&
          ChildOf(row->source, row->name) == row->target.module) {
        loads.push_back({row->target.module, true});
      }
    }
    return true;
  }

  bool RowIsPlain(const ImportRow &row) const {
    const RowContext &context = row.context;
    if (!row.source.valid() || row.beyond_top || context.type_checking || context.unreachable ||
        context.deferred || context.string) {
      return false;
    }
    if (context.star) {
      return !resolver_.HasLog(row.source);
    }
    const bool bound = row.name.valid() && resolver_.HasLog(row.source) &&
                       resolver_.Simple(row.source, row.name).has_value();
    if (row.name.valid() &&
        (resolver_.Log(row.source).replaced() || (resolver_.Log(row.source).lazy && !bound))) {
      return false; // a `__getattr__` may import; what stands in its place may lack the name
    }
    if (!row.name.valid()) {
      return !row.as.valid() || WalksToTarget(row.module, TargetOf(row.statement, row.alias));
    }
    if (row.status == RowStatus::External) {
      return true;
    }
    if (row.status != RowStatus::Resolved) {
      return false;
    }
    if (bound && row.target.kind == TargetKind::Definition) {
      return true; // an attribute: no submodule is looked for
    }
    // A submodule may be loaded for it: then it must be one that the graph knows of.
    const std::optional<ModuleId> child = ChildOf(row.source, row.name);
    return child && (!child->valid() ||
                     (row.target.kind == TargetKind::Module && row.target.module == *child));
  }

  const ImportTarget &TargetOf(uint32_t statement, ExprId alias) const {
    return resolver_.TargetOf(module_, statement,
                              resolver_.NumberOf(view_.Of(statements_[statement]), alias));
  }

  // `import a.b.c as d` takes `b` as an attribute of `a`: surely the submodule?
  bool WalksToTarget(NameId dotted, const ImportTarget &target) const {
    ModuleId at = target.top;
    if (at == target.module || !IsOurs(at)) {
      return true; // one name; an installed package is taken to work
    }
    llvm::StringRef rest = project_.Text(dotted).split('.').second;
    for (; !rest.empty() && at.valid(); rest = rest.split('.').second) {
      const NameId part = project_.scanned.names.Find(rest.split('.').first);
      const std::optional<ModuleId> child =
          resolver_.IsSubmoduleOnly(at, part) ? ChildOf(at, part) : std::nullopt;
      at = child && child->valid() && resolver_.HasLog(*child) ? *child : ModuleId();
    }
    return at.valid() && at == target.module;
  }
  bool IsOurs(ModuleId module) const {
    return resolver_.HasLog(module) || project_.modules[module].kind == ModuleKind::Namespace;
  }

  // The submodule of that name; nothing: only a look-up can tell. Installed packages work.
  std::optional<ModuleId> ChildOf(ModuleId package, NameId name) const {
    return project_.modules[package].first_party && resolver_.table().IsPackage(package)
               ? resolver_.table().KnownChild(package, name)
               : ModuleId();
  }

  // --- uses

  bool MayExit(ExprId expr) const {
    const ExprId callee = view_.Is(expr, ExprKind::Call) ? view_.Child(expr) : ExprId();
    return callee.valid() && llvm::is_contained(special_.exits, view_.At(callee).text);
  }

  bool UsesArePlain(const Statement &statement) const {
    const ExprId target = statement.kind == StatementKind::Assign ? statement.first : ExprId();
    bool plain = true;
    view_.Walk(statement, [&](ExprId id) {
      const Expr &expr = view_.At(id);
      if (!plain) {
        return;
      }
      if (expr.kind == ExprKind::Attribute && id != target) {
        plain = AttributeIsPlain(id);
      } else if (expr.kind == ExprKind::Call && expr.begin != kNoPosition) {
        plain = CallIsPlain(expr.child);
      }
    });
    return plain;
  }

  // Whether no name that holds a module, function or class is the test, and nothing is asked of
  // such: what that comes to, only executing it tells (Executor::HoldsNow).
  bool TestIsPlain(ExprId test) const {
    while (view_.Is(test, ExprKind::Not) || view_.Is(test, ExprKind::Compare)) {
      test = view_.Child(test);
    }
    return view_.Is(test, ExprKind::Name) ? HoldsValues(view_.At(test).text)
                                          : !view_.Calls(test, "hasattr");
  }
  bool HoldsValues(NameId name) const {
    return llvm::all_of(
        log_.Of(name), [&](uint32_t event) { return log_.events[event].kind == EventKind::Value; });
  }

  // `name.attribute`, where the name may hold a module. What stands behind an attribute that is an
  // object is nothing that can be told to fail.
  bool AttributeIsPlain(ExprId id) const {
    const ExprId base = view_.Child(id);
    return !view_.Is(base, ExprKind::Name) || EachValue(view_.At(base).text, [&](const Held &held) {
      return !held.module.valid() || held.event != kNoEvent ||
             ObjectIn(held.module, view_.At(id).text).has_value();
    });
  }

  // A function of the project whose body holds statements is executed where it is called.
  bool CallIsPlain(ExprId callee) const {
    if (!view_.Is(callee, ExprKind::Name) && !view_.Is(callee, ExprKind::Attribute)) {
      return true;
    }
    if (llvm::is_contained(special_.importers, view_.At(callee).text)) {
      return false;
    }
    if (view_.Is(callee, ExprKind::Name)) {
      return EachValue(view_.At(callee).text, [&](const Held &held) {
        return held.event == kNoEvent || !Runs(held.module, held.event);
      });
    }
    const ExprId base = view_.Child(callee);
    return !view_.Is(base, ExprKind::Name) || EachValue(view_.At(base).text, [&](const Held &held) {
      if (!held.module.valid() || held.event != kNoEvent) {
        return true;
      }
      const std::optional<Found> object = ObjectIn(held.module, view_.At(callee).text);
      return object && (!object->IsObject() || !Runs(object->module, object->event));
    });
  }

  bool Runs(ModuleId module, uint32_t index) const {
    const FileId file = project_.modules[module].file;
    const auto &statements = project_.scanned.facts[file].statements;
    const uint32_t header = resolver_.Log(module).events[index].statement;
    return resolver_.Log(module).events[index].kind == EventKind::Define &&
           view_.Of(statements[header]).kind == StatementKind::Function &&
           statements[header].end > header + 1;
  }

  // What a module's attribute is, when it surely is an object; nothing: perhaps it is not. Of what
  // is not analysed every attribute is an object that nobody knows.
  std::optional<Found> ObjectIn(ModuleId module, NameId name) const {
    if (!resolver_.HasLog(module)) {
      return project_.modules[module].kind == ModuleKind::Namespace ? std::nullopt
                                                                    : std::optional(Found());
    }
    const std::optional<ModuleId> child = ChildOf(module, name);
    return child && !child->valid() ? resolver_.Simple(module, name) : std::nullopt;
  }

  // --- names

  // What a name of this module may hold: a module (`event` is none), an object that an event makes,
  // or something else (`module` is invalid).
  struct Held {
    ModuleId module;
    uint32_t event = kNoEvent;
  };

  // Whether `test` holds for all that the name may hold; false when nobody can tell.
  bool EachValue(NameId name, llvm::function_ref<bool(const Held &)> test) const {
    return log_.stars.empty() && llvm::all_of(log_.Of(name), [&](uint32_t index) {
             const std::optional<Held> held = ValueOf(index);
             return held && test(*held);
           });
  }

  std::optional<Held> ValueOf(uint32_t index) const {
    const Event &event = log_.events[index];
    switch (event.kind) {
    case EventKind::Define:
      return Held{module_, index};
    case EventKind::Value:
      if (view_.Is(event.value, ExprKind::Name) || view_.Is(event.value, ExprKind::Attribute)) {
        return std::nullopt;
      }
      return Held();
    case EventKind::Import:
      return ImportedModule(event);
    case EventKind::From:
      return ImportedName(event);
    case EventKind::Unbind:
      return Held();
    case EventKind::Star:
    case EventKind::Copy:
    case EventKind::Submodule:
      break;
    }
    return std::nullopt;
  }

  std::optional<Held> ImportedModule(const Event &event) const {
    const ImportTarget &target = TargetOf(event.statement, event.value);
    const bool named = view_.Child(event.value).valid();
    if (!target.module.valid() || (named && !WalksToTarget(view_.At(event.value).text, target))) {
      return std::nullopt;
    }
    return Held{named ? target.module : target.top, kNoEvent};
  }

  std::optional<Held> ImportedName(const Event &event) const {
    const ImportRow *row = llvm::partition_point(
        rows_, [&](const ImportRow &each) { return each.statement < event.statement; });
    while (row != rows_.end() && row->statement == event.statement && row->alias != event.value) {
      ++row;
    }
    if (row == rows_.end() || row->statement != event.statement) {
      return std::nullopt;
    }
    switch (row->target.kind) {
    case TargetKind::Module:
      return Held{row->target.module, kNoEvent};
    case TargetKind::Definition: // rows carry the event until definitions have ids
      return Held{row->target.module, static_cast<uint32_t>(row->target.definition.index)};
    case TargetKind::None:
    case TargetKind::Opaque:
      break;
    }
    return Held();
  }

  const Project &project_;
  const Resolver &resolver_;
  const SyntaxView &view_;
  const SpecialNames &special_;
  const ModuleId module_;
  const NamespaceLog &log_;
  const std::vector<PlacedStatement> &statements_;
  llvm::ArrayRef<ImportRow> rows_; // of the file
};

} // namespace

IdVector<ModuleId, PlainModule> FindPlainModules(const Project &project, const Resolver &resolver,
                                                 const ImportGraph &graph, unsigned jobs) {
  IdVector<ModuleId, PlainModule> found;
  found.resize(project.modules.size());
  const SpecialNames special(project.scanned.names);
  ParallelFor(project.file_count, jobs, 32, [&](size_t i) {
    const FileId file(i);
    const ModuleId module = project.module_of_file[file];
    if (project.scanned.facts[file].state == FileState::Parsed && !graph.InCycle(module)) {
      PlainModule &plain = found[module];
      plain.plain = PlainReader(project, resolver, graph, special, file).Read(plain.loads);
    }
  });
  return found;
}

} // namespace pydefrag
