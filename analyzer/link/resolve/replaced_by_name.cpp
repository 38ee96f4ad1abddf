#include "link/resolve/replaced_by_name.h"

#include "base/parallel.h"
#include "link/flow/name_deeds.h"
#include "link/flow/source_trees.h"
#include "link/resolve/look_ups.h"
#include "link/resolve/module_reads.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <vector>

namespace pydefrag {
namespace {

// A function that hands the name on to one of another file, and so on, is met so often.
constexpr int kMostRounds = 4;

// A definition at the top of a module.
using Maker = std::pair<ModuleId, NameId>;

// Whether a text says a name: no attribute is called so, nor a string spelled.
bool SaysName(llvm::StringRef text, llvm::StringRef word) {
  return AnyWord(text, word, [](llvm::StringRef before, llvm::StringRef) {
    return before.empty() || !llvm::StringRef(".\"'").contains(before.back());
  });
}

// Whether the text of a function gives the module's name to what goes by a name, or hands that on:
// calls of it, or of its methods, say `__name__`, or it is more than called and subscripted.
bool GivesName(llvm::StringRef text, llvm::StringRef maker) {
  return SaysName(text, "__name__") &&
         AnyWord(text, maker, [](llvm::StringRef before, llvm::StringRef behind) {
           const llvm::StringRef line = LineBefore(before);
           if (before.ends_with(".") || line == "return " || line.starts_with("from ") ||
               line.starts_with("import ")) {
             return false;
           }
           const bool method = behind.starts_with(".");
           while (behind.consume_front(".")) {
             behind = behind.drop_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
           }
           behind = behind.ltrim(" ");
           return behind.consume_front("(") ? SaysName(UpToClosing(behind), "__name__")
                                            : !method && !behind.starts_with("[");
         });
}

// What one file gives away, and to whom.
struct Given {
  NameId to; // gets the name of the module itself; invalid: nobody does
  llvm::SmallVector<std::pair<uint32_t, NameId>, 1> perhaps; // statements whose text may say it
  llvm::SmallVector<std::pair<ModuleId, NameId>, 1> others;  // modules, who gets their names
  llvm::SmallVector<NameId, 2> makers; // functions of its own that hand on what they get
};

// A maker that a file imports, and what it calls it.
struct Imported {
  NameId maker;
  NameId local;
};

// What a file imports, as far as it matters here.
struct Imports {
  llvm::SmallVector<Imported, 4> makers;
  llvm::DenseSet<NameId> outside; // names that come from modules which are not analysed
};

class GiverFinder {
public:
  explicit GiverFinder(Resolver &resolver)
      : resolver_(resolver), project_(resolver.project()), view_(resolver.view()) {}

  void Run() {
    FindMakers();
    FindSpeakers();
    std::vector<Given> given(project_.module_of_file.size());
    bool grows = !makers_.empty() || !assigned_.empty();
    for (int round = 0; round < kMostRounds && grows; ++round) {
      imports_.assign(given.size(), {});
      ParallelFor(given.size(), resolver_.jobs(), 32,
                  [&](size_t i) { imports_[i] = ReadImports(FileId(i)); });
      ReadTextsOfUsers();
      ParallelFor(given.size(), resolver_.jobs(), 32,
                  [&](size_t i) { given[i] = FindIn(FileId(i)); });
      grows = false;
      for (size_t i = 0; i < given.size(); ++i) {
        for (NameId maker : given[i].makers) {
          grows |= defined_.insert(Maker(project_.module_of_file[FileId(i)], maker)).second;
        }
      }
    }
    for (size_t i = 0; i < given.size(); ++i) {
      Open(project_.module_of_file[FileId(i)], given[i]);
    }
    TellNameDeeds();
  }

private:
  const std::vector<PlacedStatement> &StatementsOf(FileId file) const {
    return project_.scanned.facts[file].statements;
  }

  void FindMakers() {
    const auto found = FindLookUps(resolver_);
    for (size_t i = 0; i < found.size(); ++i) {
      for (const LooksUp &each : found[i]) {
        (each.assigned ? assigned_ : makers_).insert(each.name);
        if (each.puts) {
          putters_.insert(each.name);
        }
        if (each.top) {
          tops_.insert(each.name);
          defined_.insert(Maker(project_.module_of_file[FileId(i)], each.name));
        }
      }
    }
  }

  // Distinct statements that may give a name away, or give a maker another name.
  void FindSpeakers() {
    const auto &statements = project_.scanned.syntax.statements;
    speaks_.resize(makers_.empty() && assigned_.empty() ? 0 : statements.size());
    ParallelFor(speaks_.size(), resolver_.jobs(), 4096, [&](size_t i) {
      const Statement &statement = statements[StatementId(i)];
      bool speaks = statement.reduced || statement.kind == StatementKind::Assign;
      view_.WalkAll(statement, [&](ExprId id) {
        speaks |=
            view_.IsName(id, "__name__") ||
            (view_.Is(id, ExprKind::String) && project_.module_by_name.contains(view_.At(id).text));
      });
      speaks_[i] = speaks && statement.kind != StatementKind::Import &&
                   statement.kind != StatementKind::FromImport;
    });
  }

  void TellNameDeeds() const {
    SourceTrees *sources = resolver_.sources();
    for (NameId maker : sources != nullptr ? makers_ : llvm::DenseSet<NameId>()) {
      sources->name_deeds().NoteLookUp(project_.Text(maker));
    }
    for (const Maker &maker : sources != nullptr ? defined_ : llvm::DenseSet<Maker>()) {
      sources->name_deeds().NoteLookUp(project_.Text(maker.second));
    }
  }

  // --- who gives them names

  bool IsMaker(NameId name) const { return name.valid() && makers_.contains(name); }

  // The makers that a file imports by name, from where they stand or where logs alone tell so.
  Imports ReadImports(FileId file) const {
    const ModuleId module = project_.module_of_file[file];
    const auto &statements = StatementsOf(file);
    Imports imports;
    llvm::DenseSet<NameId> inside;
    for (uint32_t s = 0; s < statements.size(); ++s) {
      const Statement &statement = view_.Of(statements[s]);
      const bool from = statement.kind == StatementKind::FromImport;
      uint32_t number = 0;
      for (ExprId alias : from || statement.kind == StatementKind::Import
                              ? view_.Operands(statement)
                              : llvm::SmallVector<ExprId, 8>()) {
        const ModuleId source = resolver_.TargetOf(module, s, from ? 0 : number++).module;
        const NameId local = view_.Is(alias, ExprKind::Alias) ? LocalOf(alias, from) : NameId();
        if (!local.valid()) {
          continue;
        }
        (source.valid() && IsOutside(source) ? imports.outside : inside).insert(local);
        if (from && source.valid() && IsMadeIn(source, view_.At(alias).text)) {
          imports.makers.push_back({view_.At(alias).text, local});
        }
      }
    }
    for (NameId name : inside) {
      imports.outside.erase(name);
    }
    return imports;
  }

  bool IsOutside(ModuleId module) const {
    const ModuleKind kind = project_.modules[module].kind;
    return !resolver_.HasLog(module) && kind != ModuleKind::Namespace;
  }

  // `import a.b` binds `a`.
  NameId LocalOf(ExprId alias, bool from) const {
    const ExprId as = view_.Child(alias);
    return from || as.valid() ? view_.At(as.valid() ? as : alias).text
                              : project_.scanned.names.Find(view_.TextOf(alias).split('.').first);
  }

  bool IsMadeIn(ModuleId source, NameId name) const {
    if (defined_.contains(Maker(source, name))) {
      return true;
    }
    const std::optional<Found> found = resolver_.Simple(source, name);
    return found && found->IsObject() &&
           defined_.contains(
               Maker(found->module, resolver_.Log(found->module).events[found->event].name));
  }

  void ReadTextsOfUsers() {
    std::vector<ModuleId> users;
    for (size_t i = 0; i < project_.module_of_file.size(); ++i) {
      if (!imports_[i].makers.empty()) {
        users.push_back(project_.module_of_file[FileId(i)]);
      }
    }
    if (resolver_.sources() != nullptr) {
      resolver_.sources()->ReadTexts(users);
    }
  }

  Given FindIn(FileId file) const {
    Given given;
    llvm::DenseSet<NameId> local;
    const auto &imported = imports_[static_cast<size_t>(file.index)].makers;
    for (const Imported &each : imported) {
      local.insert(each.local);
    }
    const auto &statements = StatementsOf(file);
    for (uint32_t s = 0; s < statements.size();) {
      const Statement &statement = view_.Of(statements[s]);
      const bool function = statement.kind == StatementKind::Function;
      ReadStatement(file, s, local, given);
      if (function && !imported.empty()) {
        ReadFunction(file, s, imported, given);
        local.insert(given.makers.begin(), given.makers.end());
      }
      s = function ? statements[s].end : s + 1;
    }
    return given;
  }

  // A statement that calls a maker or hands it to a call, and says the module's name, however it
  // puts them together.
  void ReadStatement(FileId file, uint32_t s, llvm::DenseSet<NameId> &local, Given &given) const {
    const Statement &statement = view_.Of(StatementsOf(file)[s]);
    if (speaks_[static_cast<size_t>(StatementsOf(file)[s].statement.index)] == 0) {
      return;
    }
    const ExprId last =
        statement.kind == StatementKind::Assign ? view_.LastOperand(statement) : ExprId();
    NameId maker = MakerAt(file, last, local);
    bool says = false;
    view_.WalkAll(statement, [&](ExprId id) {
      const NameId used = view_.Is(id, ExprKind::Call) ? MakerIn(file, id, local) : NameId();
      if (used.valid()) {
        maker = used;
        says |= SaysOwnName(id);
        NoteOthers(file, id, given);
      }
    });
    if (!maker.valid()) {
      return;
    }
    if (says) {
      given.to = maker;
    } else if (statement.reduced) {
      given.perhaps.push_back({s, maker});
    }
    // `put = partial(deprecate, 1)`
    const bool called = view_.Is(last, ExprKind::Call) && IsMaker(view_.CalledName(last));
    if (last.valid() && !called && view_.Is(statement.first, ExprKind::Name)) {
      local.insert(view_.At(statement.first).text);
    }
  }

  bool IsSum(ExprId id) const {
    return view_.Is(id, ExprKind::Binary) && view_.At(id).op == Op::Add;
  }

  // `__name__ + ".part"` names another one.
  bool SaysOwnNameIn(ExprId argument) const {
    const ExprId right = IsSum(argument) ? view_.Child(argument, 1) : ExprId();
    const auto behind = right.valid() ? view_.String(right) : std::nullopt;
    bool says = false;
    view_.WalkAll(argument, [&](ExprId id) { says |= view_.IsName(id, "__name__"); });
    return says &&
           !(behind && behind->starts_with(".") && view_.IsName(view_.Child(argument), "__name__"));
  }

  // Whether an argument of a call says the module's name.
  bool SaysOwnName(ExprId call) const {
    bool says = false;
    for (ExprId argument = view_.Next(view_.Child(call)); argument.valid();
         argument = view_.Next(argument)) {
      says |= SaysOwnNameIn(argument);
    }
    return says;
  }

  // Whether a name is what the module itself assigns to it, and that makes no maker.
  bool IsOwnValue(FileId file, ExprId id) const {
    const ModuleId module = project_.module_of_file[file];
    const NamespaceLog &log = resolver_.Log(module);
    const auto events =
        view_.Is(id, ExprKind::Name) ? log.Of(view_.At(id).text) : llvm::ArrayRef<uint32_t>();
    return !events.empty() && !defined_.contains(Maker(module, view_.At(id).text)) &&
           llvm::all_of(events, [&](uint32_t each) {
             return log.events[each].kind == EventKind::Value ||
                    log.events[each].kind == EventKind::Unbind;
           });
  }

  // What a name or attribute says, if that is a maker.
  NameId MakerAt(FileId file, ExprId id, const llvm::DenseSet<NameId> &local,
                 bool called = false) const {
    const bool named = view_.Is(id, ExprKind::Name) || view_.Is(id, ExprKind::Attribute);
    const NameId text = named ? view_.At(id).text : NameId();
    const ExprId root = named ? view_.RootOf(id) : ExprId();
    const auto &outside = imports_[static_cast<size_t>(file.index)].outside;
    if (view_.Is(root, ExprKind::Name) && outside.contains(view_.At(root).text)) {
      return NameId();
    }
    const bool maker =
        text.valid() &&
        (local.contains(text) ||
         ((IsMaker(text) || (called && assigned_.contains(text))) && !IsOwnValue(file, id)));
    return maker ? text : NameId();
  }
  // `IntEnum._convert_("Kind", __name__, ...)`: namespace_dict.cpp knows what it does;
  // `declare_namespace(__name__)`: submodules.cpp does.
  bool IsKnown(ExprId call) const {
    const NameId called = view_.CalledName(call);
    const llvm::StringRef name = called.valid() ? view_.Text(called) : "";
    return name == "_convert_" || name == "_convert" || name == "declare_namespace";
  }
  // Of a call: the callee, or an argument.
  NameId MakerIn(FileId file, ExprId call, const llvm::DenseSet<NameId> &local) const {
    NameId maker;
    if (IsKnown(call)) {
      return maker;
    }
    // `partial(deprecate, 1)(__name__)` as well
    const ExprId made = view_.Child(call);
    for (ExprId each : {view_.Is(made, ExprKind::Call) ? made : call, call}) {
      for (ExprId id : view_.Children(each)) {
        const ExprId value = view_.Is(id, ExprKind::Keyword) ? view_.Child(id) : id;
        const NameId here = MakerAt(file, value, local, id == view_.Child(each));
        maker = here.valid() ? here : maker;
      }
    }
    return maker;
  }

  // `deprecate("shop.core", ...)`. A word without a dot may be anything.
  void NoteOthers(FileId file, ExprId call, Given &given) const {
    const NameId maker = view_.CalledName(call);
    const bool puts = maker.valid() && putters_.contains(maker);
    for (ExprId argument : maker.valid() ? view_.Children(call) : llvm::SmallVector<ExprId, 8>()) {
      const ExprId value = view_.Is(argument, ExprKind::Keyword) ? view_.Child(argument) : argument;
      const ModuleId module =
          view_.Is(value, ExprKind::String) ? ModuleNamed(view_.At(value).text, file) : ModuleId();
      const bool own = module == project_.module_of_file[file] && tops_.contains(maker);
      if (module.valid() && (puts || own)) {
        given.others.push_back({module, maker});
      }
    }
  }

  ModuleId ModuleNamed(NameId dotted, FileId file) const {
    const auto module = project_.module_by_name.find(dotted);
    return module != project_.module_by_name.end() &&
                   (project_.Text(dotted).contains('.') ||
                    module->second == project_.module_of_file[file]) &&
                   project_.modules[module->second].file.valid() && resolver_.HasLog(module->second)
               ? module->second
               : ModuleId();
  }

  // Of a long statement arguments are left out; its text has them.
  bool MaySayName(FileId file, uint32_t s) const {
    const PlacedStatement &placed = StatementsOf(file)[s];
    const llvm::StringRef text = TextOf(file);
    return text.empty() ||
           SaysName(text.slice(placed.head, BehindLinesOf(placed, text)), "__name__");
  }

  // Facts leave out most of what functions do.
  void ReadFunction(FileId file, uint32_t s, llvm::ArrayRef<Imported> imported,
                    Given &given) const {
    const auto &statements = StatementsOf(file);
    const std::string text = CodeOf(TextOfBlock(statements, statements[s], TextOf(file)));
    for (const Imported &each : imported) {
      if (SaysName(text, project_.Text(each.local))) {
        given.makers.push_back(view_.Of(statements[s]).text);
        given.to = GivesName(text, project_.Text(each.local)) ? each.maker : given.to;
      }
    }
  }

  llvm::StringRef TextOf(FileId file) const {
    const ModuleId module = project_.module_of_file[file];
    return resolver_.sources() != nullptr ? resolver_.sources()->TextOf(module) : "";
  }

  void Open(ModuleId module, const Given &given) {
    NameId to = given.to;
    for (const auto &[statement, maker] : given.perhaps) {
      to = !to.valid() && MaySayName(project_.modules[module].file, statement) ? maker : to;
    }
    if (to.valid()) {
      OpenGiven(module, to, true);
    }
    for (const auto &[other, maker] : given.others) {
      OpenGiven(other, maker, other == module);
    }
  }

  // `own`: by itself, so that own_name.h can tell what happens.
  void OpenGiven(ModuleId module, NameId maker, bool own) {
    const bool follows = own && resolver_.sources() != nullptr;
    if (follows) {
      const bool only = resolver_.Log(module).open_reason.empty();
      resolver_.sources()->name_deeds().NoteGiver(module, only);
    }
    resolver_.OpenModule(module, "`" + project_.Text(maker) + "` may replace the module",
                         follows ? OpenedBy::OwnDict : OpenedBy::Others);
  }

  Resolver &resolver_;
  const Project &project_;
  const SyntaxView &view_;
  llvm::DenseSet<NameId> makers_;   // of files that look modules up, by their bare names
  llvm::DenseSet<NameId> assigned_; // what is made by calls and goes by names
  llvm::DenseSet<NameId> putters_;  // of those that put modules there
  llvm::DenseSet<NameId> tops_;     // of those at the top of their files
  llvm::DenseSet<Maker> defined_;   // these, and what hands on to them
  std::vector<Imports> imports_;    // by file
  std::vector<uint8_t> speaks_;     // by distinct statement
};

} // namespace

void OpenModulesReplacedByName(Resolver &resolver) {
  GiverFinder(resolver).Run();
}

} // namespace pydefrag
