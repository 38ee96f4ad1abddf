#include "link/names/statement_signs.h"

#include "base/parallel.h"
#include "link/names/own_namespace.h"
#include "link/syntax_view.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {
namespace {

class SignReader {
public:
  explicit SignReader(const Scanned &scanned) : view_(scanned) {
    const auto find = [&](const char *text) { return scanned.names.Find(text); };
    sys_ = find("sys");
    path_ = find("path");
    modules_ = find("modules");
    globals_ = find("globals");
    setattr_ = find("setattr");
    hooks_ = {find("__class__"), find("__getattr__")};
    frame_globals_ = {find("f_globals"), find("__globals__")};
    path_edits_ = {find("insert"), find("append"), find("extend")};
    add_site_ = find("addsitedir");
    finder_lists_ = {find("meta_path"), find("path_hooks")};
    importers_ = {find("import_module"), find("__import__")};
    set_source_ = find("set_source");
    sys_modules_ = find("sys.modules");
    getattr_ = find("getattr");
    getmodule_ = find("getmodule");
    vars_ = find("vars");
    dict_ = find("__dict__");
    dunder_path_ = find("__path__");
    of_class_ = find("__module__");
    writers_ = {find("update"), find("setdefault"), find("__setitem__"), find("__ior__")};
    readers_ = {find("list"),   find("dict"),  find("set"),   find("frozenset"),
                find("sorted"), find("len"),   find("tuple"), find("isinstance"),
                find("id"),     find("print"), find("iter"),  find("type")};
  }

  uint16_t SignsOf(const Statement &statement) const {
    switch (statement.kind) {
    case StatementKind::Expression:
      return view_.Is(statement.first, ExprKind::Call)
                 ? static_cast<uint16_t>(SignsOfCall(statement.first) | HandsModules(statement))
                 : uint16_t{0};
    case StatementKind::Assign:
      return static_cast<uint16_t>(SignsOfTarget(statement.first) | SignsOfOperands(statement) |
                                   HandsModules(statement));
    case StatementKind::AugAssign:
      return static_cast<uint16_t>(SignsOfTarget(statement.first) |
                                   If(IsModules(statement.first), Sign::HandsModules));
    case StatementKind::AnnAssign:
      return static_cast<uint16_t>(
          If(FindsModule(DictOf(view_.LastOperand(statement))), Sign::FindsModule) |
          HandsModules(statement));
    case StatementKind::With:
    case StatementKind::For:
    case StatementKind::Return:
      return HandsModules(statement);
    case StatementKind::FromImport:
      return If(
          statement.level == 0 && statement.text == sys_ && sys_.valid() &&
              AnyOperand(statement,
                         [&](ExprId alias) { return Says(alias, ExprKind::Alias, modules_); }),
          Sign::HandsModules);
    case StatementKind::Function:
    case StatementKind::Class:
      return static_cast<uint16_t>(
          If(statement.first.valid() && statement.first != statement.bases, Sign::Decorated) |
          HandsModules(statement));
    default:
      return 0;
    }
  }

private:
  static uint16_t If(bool holds, Sign sign) { return holds ? static_cast<uint16_t>(sign) : 0; }

  bool Says(ExprId id, ExprKind kind, NameId name) const {
    return name.valid() && view_.Is(id, kind) && view_.At(id).text == name;
  }
  bool SaysOneOf(ExprId id, ExprKind kind, llvm::ArrayRef<NameId> names) const {
    return llvm::any_of(names, [&](NameId name) { return Says(id, kind, name); });
  }
  ExprId BelowSubscript(ExprId id) const {
    return view_.Is(id, ExprKind::Subscript) ? view_.Child(id) : id;
  }

  bool IsSysPath(ExprId id) const {
    return Says(id, ExprKind::Attribute, path_) && Says(view_.Child(id), ExprKind::Name, sys_);
  }
  // `sys.meta_path`, `meta_path[0:0]`
  bool IsFinderList(ExprId id) const {
    id = BelowSubscript(id);
    return SaysOneOf(id, ExprKind::Name, finder_lists_) ||
           SaysOneOf(id, ExprKind::Attribute, finder_lists_);
  }
  // `sys.modules[...]`, `_sys.modules[...]`; by another name only the module's own entry.
  bool IsModulesEntry(ExprId id) const {
    return (view_.Is(id, ExprKind::Subscript) &&
            Says(view_.Child(id), ExprKind::Attribute, modules_)) ||
           IsOwnModule(view_, id);
  }
  template <typename Holds> bool AnyOperand(const Statement &statement, Holds holds) const {
    for (ExprId id = statement.first; id.valid(); id = view_.Next(id)) {
      if (holds(id)) {
        return true;
      }
    }
    return false;
  }
  // `sys.modules`, `_sys.modules`, `getattr(sys, "modules")`, `__import__("sys").modules`
  bool IsModules(ExprId id) const {
    if (CallsName(id, getattr_)) {
      return Says(view_.Child(id, 2), ExprKind::String, modules_);
    }
    if (!Says(id, ExprKind::Attribute, modules_)) {
      return false;
    }
    const ExprId base = view_.Child(id);
    return view_.Is(base, ExprKind::Call)
               ? SaysOneOf(view_.Child(base), ExprKind::Name, importers_)
               : view_.Is(base, ExprKind::Name) && view_.TextOf(base).ends_with("sys");
  }
  // Whether a call may put something into it: it is given to one that does more than to read it.
  bool CallPuts(ExprId call) const {
    const ExprId callee = view_.Child(call);
    if (SaysOneOf(callee, ExprKind::Attribute, writers_) && IsModules(view_.Child(callee))) {
      return true;
    }
    bool given = false;
    for (ExprId at = view_.Next(callee); at.valid() && !given; at = view_.Next(at)) {
      given = IsModules(at) || Says(at, ExprKind::String, sys_modules_) ||
              (view_.Is(at, ExprKind::Keyword) && IsModules(view_.Child(at)));
    }
    return given && !SaysOneOf(callee, ExprKind::Name, readers_);
  }
  // A value, or a target of an assignment.
  bool Hands(ExprId id, bool target) const {
    switch (view_.At(id).kind) {
    case ExprKind::Call:
      return CallPuts(id) || IsModules(id);
    case ExprKind::Walrus:
      return Hands(view_.Child(id), true) || Hands(view_.Child(id, 1), false);
    case ExprKind::Tuple:
    case ExprKind::List:
      for (ExprId part = view_.Child(id); part.valid(); part = view_.Next(part)) {
        if (Hands(part, target)) {
          return true;
        }
      }
      return false;
    case ExprKind::Subscript:
      return target && IsModules(view_.Child(id));
    default:
      return IsModules(id);
    }
  }
  uint16_t HandsModules(const Statement &statement) const {
    if (!modules_.valid()) {
      return 0;
    }
    const StatementKind kind = statement.kind;
    return If(AnyOperand(statement,
                         [&](ExprId id) {
                           const bool last = !view_.Next(id).valid();
                           if (kind == StatementKind::Assign && view_.Is(id, ExprKind::Subscript)) {
                             // `sys.modules[key] = value` is told by PutsModule.
                             return !last && !IsModulesEntry(id) && IsModules(view_.Child(id));
                           }
                           const bool target =
                               kind == StatementKind::Assign   ? !last
                               : kind == StatementKind::With   ? view_.Is(id, ExprKind::Walrus)
                               : kind == StatementKind::Return ? false
                                                               : id == statement.first;
                           return Hands(id, target);
                         }),
              Sign::HandsModules);
  }
  // `vars(sys.modules[name]).update(...)`, `sys.modules.get(name)`
  bool MentionsModules(ExprId id) const {
    bool mentioned = false;
    if (modules_.valid()) {
      view_.WalkAll(id,
                    [&](ExprId part) { mentioned |= Says(part, ExprKind::Attribute, modules_); });
    }
    return mentioned;
  }
  bool CallsName(ExprId id, NameId name) const {
    return view_.Is(id, ExprKind::Call) && Says(view_.Child(id), ExprKind::Name, name);
  }
  bool ImportsByName(ExprId id) const {
    const ExprId callee = view_.Is(id, ExprKind::Call) ? view_.Child(id) : ExprId();
    return SaysOneOf(callee, ExprKind::Attribute, importers_) ||
           SaysOneOf(callee, ExprKind::Name, importers_);
  }
  // `frame.f_globals`, `names or sys._getframe(1).f_globals`, `function.__globals__`
  bool TakesGlobals(ExprId value) const {
    if (view_.Is(value, ExprKind::Or)) {
      return llvm::any_of(view_.Children(value), [&](ExprId part) { return TakesGlobals(part); });
    }
    return SaysOneOf(value, ExprKind::Attribute, frame_globals_);
  }

  // `cls.__module__`, `names["__module__"]`, `frame.f_globals["__name__"]`
  bool NamesModuleOf(ExprId id) const {
    bool names = false;
    view_.WalkAll(id, [&](ExprId part) {
      names |= Says(part, ExprKind::Attribute, of_class_) ||
               Says(part, ExprKind::String, of_class_) || TakesGlobals(part);
    });
    return names;
  }
  // `sys.modules[cls.__module__]`, `sys.modules.get(...)`, `import_module(...)`,
  // `inspect.getmodule(frame)`: the module of what a function is given or called from.
  bool FindsModule(ExprId id) const {
    if (view_.Is(id, ExprKind::Subscript)) {
      return IsModulesEntry(id) && NamesModuleOf(view_.Child(id, 1));
    }
    if (!view_.Is(id, ExprKind::Call)) {
      return false;
    }
    const ExprId callee = view_.Child(id);
    const bool got = view_.Is(callee, ExprKind::Attribute) && IsModules(view_.Child(callee));
    return (getmodule_.valid() && view_.CalledName(id) == getmodule_) ||
           ((got || ImportsByName(id)) && NamesModuleOf(id));
  }
  // The module of `module.__dict__` and `vars(module)`; itself.
  ExprId DictOf(ExprId id) const {
    return Says(id, ExprKind::Attribute, dict_) ? view_.Child(id)
           : CallsName(id, vars_)               ? view_.Child(id, 1)
                                                : id;
  }
  // What `x.__dict__[key]`, `vars(x)[key]` and `x.name` write into.
  ExprId WrittenInto(ExprId id) const {
    for (;;) {
      if (FindsModule(id)) {
        return id;
      }
      if (view_.Is(id, ExprKind::Subscript) || view_.Is(id, ExprKind::Attribute)) {
        id = view_.Child(id);
      } else if (CallsName(id, vars_)) {
        id = view_.Child(id, 1);
      } else {
        return {};
      }
    }
  }
  // `package.__path__`
  bool IsPathOf(ExprId id) const { return Says(id, ExprKind::Attribute, dunder_path_); }

  // `frame.f_globals[...]`
  bool IsFrameEntry(ExprId id) const {
    return view_.Is(id, ExprKind::Subscript) && TakesGlobals(view_.Child(id));
  }

  uint16_t SignsOfCall(ExprId call) const {
    const ExprId callee = view_.Child(call);
    bool edits = false;
    bool installs = false;
    if (view_.Is(callee, ExprKind::Attribute)) {
      const ExprId base = view_.Child(callee);
      edits = (SaysOneOf(callee, ExprKind::Attribute, path_edits_) && IsSysPath(base)) ||
              Says(callee, ExprKind::Attribute, add_site_);
      installs = IsFinderList(base);
    }
    bool given = false;
    for (ExprId at = view_.Next(callee); at.valid() && !given; at = view_.Next(at)) {
      given = IsModulesEntry(at);
    }
    const bool sets = CallsName(call, setattr_);
    return static_cast<uint16_t>(
        If(edits, Sign::EditsPath) | If(installs, Sign::InstallsFinder) |
        If(given || sets || MentionsModules(call), Sign::SpeaksOfModules) |
        If(SaysOneOf(callee, ExprKind::Attribute, writers_) && TakesGlobals(view_.Child(callee)),
           Sign::TakesGlobals) |
        If((sets && FindsModule(view_.Child(call, 1))) ||
               (SaysOneOf(callee, ExprKind::Attribute, writers_) &&
                WrittenInto(view_.Child(callee)).valid()),
           Sign::FindsModule) |
        If(view_.Is(callee, ExprKind::Attribute) && IsPathOf(view_.Child(callee)),
           Sign::ChangesPath) |
        If(sets, Sign::WritesToEntry) | If(ImportsByName(call), Sign::ImportsByName) |
        If(Says(callee, ExprKind::Attribute, set_source_), Sign::NamesBuilt));
  }

  // The first target of an assignment.
  uint16_t SignsOfTarget(ExprId target) const {
    const bool writes =
        view_.Is(target, ExprKind::Attribute) && IsModulesEntry(view_.Child(target));
    return static_cast<uint16_t>(If(IsSysPath(BelowSubscript(target)), Sign::EditsPath) |
                                 If(IsFinderList(target), Sign::InstallsFinder) |
                                 If(IsFrameEntry(target), Sign::TakesGlobals) |
                                 If(WrittenInto(target).valid(), Sign::FindsModule) |
                                 If(IsPathOf(BelowSubscript(target)), Sign::ChangesPath) |
                                 If(writes, Sign::WritesToEntry));
  }

  uint16_t SignsOfOperands(const Statement &assignment) const {
    bool entry = false;
    bool globals = false;
    bool hooks = false; // `x.__class__`, `x.__getattr__`
    bool mentioned = false;
    ExprId last;
    for (ExprId id = assignment.first; id.valid(); id = view_.Next(id)) {
      entry |= IsModulesEntry(id);
      mentioned |= MentionsModules(id);
      globals |= CallsName(id, globals_);
      hooks |= SaysOneOf(id, ExprKind::Attribute, hooks_);
      last = id;
    }
    return static_cast<uint16_t>(If(entry, Sign::PutsModule) |
                                 If(entry || globals || hooks || mentioned, Sign::SpeaksOfModules) |
                                 If(TakesGlobals(last), Sign::TakesGlobals) |
                                 If(FindsModule(DictOf(last)), Sign::FindsModule) |
                                 If(ImportsByName(last), Sign::ImportsByName));
  }

  SyntaxView view_;
  NameId sys_, path_, modules_, globals_, setattr_, add_site_, set_source_;
  NameId sys_modules_, getattr_, getmodule_, vars_, dict_, dunder_path_, of_class_;
  llvm::SmallVector<NameId, 2> frame_globals_;
  llvm::SmallVector<NameId, 4> writers_;  // methods of a dict
  llvm::SmallVector<NameId, 12> readers_; // functions that put nothing into a dict
  llvm::SmallVector<NameId, 3> path_edits_;
  llvm::SmallVector<NameId, 2> hooks_;
  llvm::SmallVector<NameId, 2> finder_lists_;
  llvm::SmallVector<NameId, 2> importers_;
};

} // namespace

StatementSigns::StatementSigns(const Scanned &scanned, unsigned jobs) {
  const SignReader reader(scanned);
  const auto &statements = scanned.syntax.statements;
  of_statement_.resize(statements.size());
  ParallelFor(statements.size(), jobs, 4096, [&](size_t i) {
    of_statement_[StatementId(i)] = reader.SignsOf(statements[StatementId(i)]);
  });
  of_file_.resize(scanned.facts.size());
  ParallelFor(scanned.facts.size(), jobs, 64, [&](size_t i) {
    uint16_t signs = 0;
    for (const PlacedStatement &placed : scanned.facts[FileId(i)].statements) {
      signs |= of_statement_[placed.statement];
    }
    of_file_[FileId(i)] = signs;
  });
}

} // namespace pydefrag
