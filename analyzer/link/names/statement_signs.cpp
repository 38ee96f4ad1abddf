#include "link/names/statement_signs.h"

#include "base/parallel.h"
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
    frame_globals_ = find("f_globals");
    path_edits_ = {find("insert"), find("append"), find("extend")};
    add_site_ = find("addsitedir");
    finder_lists_ = {find("meta_path"), find("path_hooks")};
    importers_ = {find("import_module"), find("__import__")};
    set_source_ = find("set_source");
  }

  uint16_t SignsOf(const Statement &statement) const {
    switch (statement.kind) {
    case StatementKind::Expression:
      return view_.Is(statement.first, ExprKind::Call) ? SignsOfCall(statement.first) : uint16_t{0};
    case StatementKind::Assign:
      return static_cast<uint16_t>(SignsOfTarget(statement.first) | SignsOfOperands(statement));
    case StatementKind::AugAssign:
      return SignsOfTarget(statement.first);
    case StatementKind::Function:
    case StatementKind::Class:
      return If(statement.first.valid() && statement.first != statement.bases, Sign::Decorated);
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
  // `sys.modules[...]`, `_sys.modules[...]`
  bool IsModulesEntry(ExprId id) const {
    return view_.Is(id, ExprKind::Subscript) &&
           Says(view_.Child(id), ExprKind::Attribute, modules_);
  }
  bool CallsName(ExprId id, NameId name) const {
    return view_.Is(id, ExprKind::Call) && Says(view_.Child(id), ExprKind::Name, name);
  }
  bool ImportsByName(ExprId id) const {
    const ExprId callee = view_.Is(id, ExprKind::Call) ? view_.Child(id) : ExprId();
    return SaysOneOf(callee, ExprKind::Attribute, importers_) ||
           SaysOneOf(callee, ExprKind::Name, importers_);
  }
  // `frame.f_globals`, `names or sys._getframe(1).f_globals`
  bool TakesGlobals(ExprId value) const {
    if (view_.Is(value, ExprKind::Or)) {
      return llvm::any_of(view_.Children(value), [&](ExprId part) { return TakesGlobals(part); });
    }
    return Says(value, ExprKind::Attribute, frame_globals_);
  }

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
        If(given || sets, Sign::SpeaksOfModules) | If(sets, Sign::WritesToEntry) |
        If(ImportsByName(call), Sign::ImportsByName) |
        If(Says(callee, ExprKind::Attribute, set_source_), Sign::NamesBuilt));
  }

  // The first target of an assignment.
  uint16_t SignsOfTarget(ExprId target) const {
    const bool writes =
        view_.Is(target, ExprKind::Attribute) && IsModulesEntry(view_.Child(target));
    return static_cast<uint16_t>(If(IsSysPath(BelowSubscript(target)), Sign::EditsPath) |
                                 If(IsFinderList(target), Sign::InstallsFinder) |
                                 If(IsFrameEntry(target), Sign::TakesGlobals) |
                                 If(writes, Sign::WritesToEntry));
  }

  uint16_t SignsOfOperands(const Statement &assignment) const {
    bool entry = false;
    bool globals = false;
    bool hooks = false; // `x.__class__`, `x.__getattr__`
    ExprId last;
    for (ExprId id = assignment.first; id.valid(); id = view_.Next(id)) {
      entry |= IsModulesEntry(id);
      globals |= CallsName(id, globals_);
      hooks |= SaysOneOf(id, ExprKind::Attribute, hooks_);
      last = id;
    }
    return static_cast<uint16_t>(
        If(entry, Sign::PutsModule) | If(entry || globals || hooks, Sign::SpeaksOfModules) |
        If(TakesGlobals(last), Sign::TakesGlobals) | If(ImportsByName(last), Sign::ImportsByName));
  }

  SyntaxView view_;
  NameId sys_, path_, modules_, globals_, setattr_, frame_globals_, add_site_, set_source_;
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
