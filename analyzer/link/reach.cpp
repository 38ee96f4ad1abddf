// Reach: which statements of a module run when it is imported, and which imports are guarded.
// A statement runs when every header above it lets it (ArmTaken), nothing before it ended the
// module (FirstExit), and no import before it in the same `try` fails for sure (FirstFailureIn).
#include "link/resolve.h"
#include "stdlib/stdlib.h"

#include "llvm/ADT/StringSwitch.h"

#include <algorithm>

namespace pydefrag {

static bool IsHandler(StatementKind kind) {
  return kind == StatementKind::Except || kind == StatementKind::ExceptStar;
}

bool Resolver::InHandler(ModuleId module, uint32_t statement) const {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  for (int32_t p = statements[statement].parent; p >= 0;
       p = statements[static_cast<size_t>(p)].parent) {
    if (IsHandler(view_.Of(statements[static_cast<size_t>(p)]).kind)) {
      return true;
    }
  }
  return false;
}

Tri Resolver::Reach(ModuleId module, uint32_t statement) {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  if (statements[statement].parent < 0) {
    return statement > FirstExit(module) ? Tri::No : Tri::Yes;
  }
  const uint64_t key = Key(module, statement);
  auto [it, inserted] = answers_.reach.try_emplace(key, Tri::Unknown);
  if (!inserted) {
    return it->second;
  }
  const Tri reach = ReachUncached(module, statement);
  return answers_.reach[key] = reach;
}

Tri Resolver::ReachUncached(ModuleId module, uint32_t statement) {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  Tri reach = statement > FirstExit(module) ? Tri::No : Tri::Yes;
  uint32_t child = statement;
  for (int32_t p = statements[statement].parent; p >= 0 && reach != Tri::No;
       p = statements[static_cast<size_t>(p)].parent) {
    const uint32_t header = static_cast<uint32_t>(p);
    Tri taken = ArmTaken(module, header);
    if (view_.Of(statements[header]).kind == StatementKind::Try &&
        child > FirstFailureIn(module, header)) {
      taken = Tri::No;
    }
    reach = std::min(reach, taken);
    child = header;
  }
  return reach;
}

// The first statement that ends the module for sure: nothing behind it runs.
uint32_t Resolver::FirstExit(ModuleId module) {
  auto [it, inserted] = answers_.exits.try_emplace(module, kNoEvent);
  if (!inserted) {
    return it->second;
  }
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  for (uint32_t exit : Log(module).exits) {
    bool sure = true;
    for (int32_t p = statements[exit].parent; p >= 0 && sure;
         p = statements[static_cast<size_t>(p)].parent) {
      const uint32_t header = static_cast<uint32_t>(p);
      // Inside a try or a handler it may be caught, or never be reached.
      const StatementKind kind = view_.Of(statements[header]).kind;
      sure = kind != StatementKind::Try && !IsHandler(kind) && ArmTaken(module, header) == Tri::Yes;
    }
    if (sure) {
      return answers_.exits[module] = exit;
    }
  }
  return kNoEvent;
}

bool Resolver::IsElseOf(ModuleId module, uint32_t arm, uint32_t header) const {
  return Log(module).FirstArm(arm) == header;
}

// Whether the statements stand in different arms of one `if`.
bool Resolver::ExcludeEachOther(ModuleId module, uint32_t a, uint32_t b) const {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  auto is_arm = [&](int32_t header) {
    const StatementKind kind = view_.Of(statements[static_cast<size_t>(header)]).kind;
    return kind == StatementKind::If || kind == StatementKind::Elif || kind == StatementKind::Else;
  };
  auto first_arm = [&](int32_t header) {
    return Log(module).FirstArm(static_cast<uint32_t>(header));
  };
  for (int32_t p = statements[a].parent; p >= 0; p = statements[static_cast<size_t>(p)].parent) {
    for (int32_t q = is_arm(p) ? statements[b].parent : -1; q >= 0;
         q = statements[static_cast<size_t>(q)].parent) {
      const uint32_t first = first_arm(p);
      if (p != q && is_arm(q) && first == first_arm(q) &&
          view_.Of(statements[first]).kind == StatementKind::If) {
        return true;
      }
    }
  }
  return false;
}

// Whether `later` runs whenever `earlier` did, unless the module fails between them: it stands in
// the same block, or in one around it.
bool Resolver::RunsWhenever(ModuleId module, uint32_t later, uint32_t earlier) const {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  int32_t block = statements[later].parent;
  const bool otherwise =
      block >= 0 && view_.Of(statements[static_cast<size_t>(block)]).kind == StatementKind::Else;
  uint32_t child = earlier;
  int32_t up = statements[earlier].parent;
  for (; up >= 0 && up != block; up = statements[child].parent) {
    // The else of a try runs when its body came to the end.
    if (otherwise && view_.Of(statements[static_cast<size_t>(up)]).kind == StatementKind::Try &&
        statements[child].end == statements[static_cast<size_t>(up)].end &&
        IsElseOf(module, static_cast<uint32_t>(block), static_cast<uint32_t>(up))) {
      return true;
    }
    child = static_cast<uint32_t>(up);
  }
  if (up != block) {
    return false;
  }
  for (int32_t p = block; p >= 0; p = statements[static_cast<size_t>(p)].parent) {
    if (view_.Of(statements[static_cast<size_t>(p)]).kind == StatementKind::Try) {
      return statements[child].end == later; // a handler may catch what fails between them
    }
  }
  return true;
}

// The first direct statement of a try body that is an import which fails for sure.
uint32_t Resolver::FirstFailureIn(ModuleId module, uint32_t try_header) {
  const uint64_t key = Key(module, try_header);
  auto [it, inserted] = answers_.first_failures.try_emplace(key, kNoEvent);
  if (!inserted) {
    return it->second;
  }
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  for (uint32_t i = try_header + 1; i < statements[try_header].end; i = statements[i].end) {
    if (FailureOf(module, i) != ImportFailure::None) {
      return answers_.first_failures[key] = i;
    }
  }
  return kNoEvent;
}

ImportFailure Resolver::FailureOf(ModuleId module, uint32_t index) {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  const Statement &statement = view_.Of(statements[index]);
  if (statement.kind != StatementKind::Import && statement.kind != StatementKind::FromImport) {
    return ImportFailure::None;
  }
  const uint64_t key = Key(module, index);
  auto [it, inserted] = answers_.failures.try_emplace(key, ImportFailure::None);
  if (!inserted) {
    return it->second;
  }
  ImportFailure failure = ImportFailure::None;
  if (statement.kind == StatementKind::Import) {
    const uint32_t count = static_cast<uint32_t>(view_.Operands(statement).size());
    for (uint32_t number = 0; number < count; ++number) {
      const ImportTarget &search = TargetOf(module, index, number);
      if (!search.module.valid() && !search.unknown && !search.not_installed) {
        failure = ImportFailure::NoModule;
      }
    }
    return answers_.failures[key] = failure;
  }
  const ImportTarget &search = TargetOf(module, index);
  if (search.beyond_top) {
    return answers_.failures[key] = ImportFailure::BeyondTop;
  }
  if (!search.module.valid()) {
    const bool sure = !search.unknown && !search.not_installed;
    return answers_.failures[key] = sure ? ImportFailure::NoModule : ImportFailure::None;
  }
  for (ExprId alias : view_.Operands(statement)) {
    if (!view_.Is(alias, ExprKind::Star) &&
        ImportFrom(search.module, view_.At(alias).text).answer == Answer::No) {
      failure = ImportFailure::NoName;
    }
  }
  return answers_.failures[key] = failure;
}

// --- arms

Tri Resolver::ArmTaken(ModuleId module, uint32_t header) {
  const uint64_t key = Key(module, header);
  auto [it, inserted] = answers_.arms.try_emplace(key, Tri::Unknown);
  if (!inserted) {
    return it->second;
  }
  const FileId file = project_.modules[module].file;
  const auto &statements = project_.scanned.facts[file].statements;
  const Statement &statement = view_.Of(statements[header]);
  Tri taken = Tri::Unknown;
  switch (statement.kind) {
  case StatementKind::If:
  case StatementKind::Elif:
  case StatementKind::Else:
  case StatementKind::While:
    taken = ConditionHolds(module, header, versions_);
    if (taken == Tri::Unknown) {
      taken = HoldsUnderArms(module, header);
    }
    break;
  case StatementKind::Try:
  case StatementKind::Finally:
  case StatementKind::Class:
    taken = Tri::Yes;
    break;
  case StatementKind::Except:
  case StatementKind::ExceptStar:
    taken = HandlerTaken(module, header);
    break;
  case StatementKind::With: {
    bool plain = true;
    for (ExprId item : view_.Operands(statement)) {
      const auto callee =
          view_.Callee(view_.Is(item, ExprKind::Walrus) ? view_.Child(item, 1) : item);
      plain &= !(callee && llvm::StringRef(*callee).ends_with("suppress"));
    }
    taken = plain ? Tri::Yes : Tri::Unknown;
    break;
  }
  case StatementKind::For: {
    const ExprId iterable = view_.Next(statement.first);
    const bool display = view_.Is(iterable, ExprKind::Tuple) || view_.Is(iterable, ExprKind::List);
    if (display && !statement.reduced) {
      taken = view_.Child(iterable).valid() ? Tri::Yes : Tri::No;
    }
    break;
  }
  case StatementKind::Function:
    taken = Tri::No;
    break;
  case StatementKind::Match:
    taken = Tri::Yes;
    break;
  case StatementKind::Case: { // the first one, if it matches everything
    const bool first = statements[header].parent + 1 == static_cast<int32_t>(header);
    const bool always =
        view_.Is(statement.first, ExprKind::Capture) && !view_.Next(statement.first).valid();
    taken = first && always ? Tri::Yes : Tri::Unknown;
    break;
  }
  default:
    break;
  }
  return answers_.arms[key] = taken;
}

Tri Resolver::FoldAt(ModuleId module, uint32_t header, const SupportedVersions &versions) {
  const FileId file = project_.modules[module].file;
  const auto &statements = project_.scanned.facts[file].statements;
  const ExprId condition = view_.Of(statements[header]).first;
  if (const Tri has = HasAttribute(module, header, condition, versions); has != Tri::Unknown) {
    return has;
  }
  auto find = [&](FileId f, uint32_t s, ExprId name) { return FindConstantAt(f, s, name); };
  return FoldCondition(view_, versions, file, header, condition, find);
}

// Whether no arm before an elif or else is taken.
Tri Resolver::NoneBefore(ModuleId module, uint32_t header, const SupportedVersions &versions) {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  const NamespaceLog &log = Log(module);
  Tri none = Tri::Yes;
  uint32_t at = header;
  for (uint32_t before = log.PreviousArm(at); before != at;
       at = before, before = log.PreviousArm(at)) {
    const StatementKind kind = view_.Of(statements[before]).kind;
    const bool fails =
        kind == StatementKind::Try && (FirstFailureIn(module, before) != kNoEvent ||
                                       (versions.platforms == Platforms::Linux &&
                                        FirstFailureOnLinux(module, before) != kNoEvent));
    if (fails) {
      return Tri::No; // the else of a try whose body fails
    }
    if (IsHandler(kind) && log.PreviousArm(before) != before) {
      continue;
    }
    if (kind != StatementKind::If && kind != StatementKind::Elif) {
      return Tri::Unknown; // else of a loop or of a try
    }
    none = std::min(none, Not(FoldAt(module, before, versions)));
  }
  return none;
}

Tri Resolver::ConditionHolds(ModuleId module, uint32_t header, const SupportedVersions &versions) {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  const StatementKind kind = view_.Of(statements[header]).kind;
  if (kind == StatementKind::If || kind == StatementKind::While) {
    return FoldAt(module, header, versions);
  }
  const Tri none = NoneBefore(module, header, versions);
  if (kind == StatementKind::Else || none == Tri::No) {
    return none;
  }
  return std::min(none, FoldAt(module, header, versions));
}

// The same on those versions and platforms alone that execute the arms around it.
Tri Resolver::HoldsUnderArms(ModuleId module, uint32_t header) {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  llvm::SmallVector<uint32_t, 4> around;
  for (int32_t p = statements[header].parent; p >= 0;
       p = statements[static_cast<size_t>(p)].parent) {
    const StatementKind kind = view_.Of(statements[static_cast<size_t>(p)]).kind;
    if (kind == StatementKind::If || kind == StatementKind::Elif || kind == StatementKind::Else) {
      around.push_back(static_cast<uint32_t>(p));
    }
  }
  std::optional<Tri> all;
  for (int minor = versions_.lowest; minor <= versions_.highest && !around.empty(); ++minor) {
    for (Platforms platform :
         {Platforms::Linux, Platforms::Windows, Platforms::Mac, Platforms::Other}) {
      const SupportedVersions one{minor, minor, platform};
      if (llvm::any_of(around,
                       [&](uint32_t arm) { return ConditionHolds(module, arm, one) == Tri::No; })) {
        continue;
      }
      const Tri holds = ConditionHolds(module, header, one);
      if (holds == Tri::Unknown || (all && *all != holds)) {
        return Tri::Unknown;
      }
      all = holds;
    }
  }
  return all.value_or(Tri::Unknown);
}

bool Resolver::IsSkippedBy(int minor, ModuleId module, uint32_t statement) {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  for (int32_t p = statements[statement].parent; p >= 0;
       p = statements[static_cast<size_t>(p)].parent) {
    const uint32_t header = static_cast<uint32_t>(p);
    const StatementKind kind = view_.Of(statements[header]).kind;
    const bool condition =
        kind == StatementKind::If || kind == StatementKind::Elif || kind == StatementKind::Else;
    if (condition && ConditionHolds(module, header, {minor, minor}) == Tri::No) {
      return true;
    }
  }
  return false;
}

// Whether an import in the subtree, or a definition or assignment, binds `local` and does not fail.
static bool Binds(const SyntaxView &view, const Statement &statement, NameId local) {
  switch (statement.kind) {
  case StatementKind::Function:
  case StatementKind::Class:
    return statement.text == local;
  case StatementKind::Assign:
  case StatementKind::AnnAssign:
    return view.Is(statement.first, ExprKind::Name) && view.At(statement.first).text == local &&
           view.Next(statement.first).valid();
  case StatementKind::Import:
  case StatementKind::FromImport:
    return llvm::any_of(view.Operands(statement), [&](ExprId alias) {
      const ExprId as = view.Child(alias);
      const llvm::StringRef plain = view.TextOf(alias);
      return as.valid()
                 ? view.At(as).text == local
                 : view.Is(alias, ExprKind::Alias) && plain.split('.').first == view.Text(local);
    });
  default:
    return false;
  }
}

bool Resolver::IsBoundInOtherArm(ModuleId module, uint32_t statement, NameId local) {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  auto is_arm = [&](uint32_t header) {
    const StatementKind kind = view_.Of(statements[header]).kind;
    return kind == StatementKind::If || kind == StatementKind::Elif || kind == StatementKind::Else;
  };
  auto binds = [&](uint32_t header) {
    for (uint32_t i = header + 1; i < statements[header].end;) {
      const Statement &inner = view_.Of(statements[i]);
      if (Binds(view_, inner, local) && FailureOf(module, i) == ImportFailure::None) {
        return true;
      }
      const bool body = inner.kind == StatementKind::Function || inner.kind == StatementKind::Class;
      i = body ? statements[i].end : i + 1;
    }
    return false;
  };
  for (int32_t p = statements[statement].parent; p >= 0;
       p = statements[static_cast<size_t>(p)].parent) {
    const uint32_t own = static_cast<uint32_t>(p);
    if (!is_arm(own) || ArmTaken(module, own) != Tri::Unknown) {
      continue;
    }
    uint32_t arm = Log(module).FirstArm(own);
    for (bool first = true;
         arm < statements.size() && statements[arm].parent == statements[own].parent &&
         is_arm(arm) && (first || view_.Of(statements[arm]).kind != StatementKind::If);
         arm = statements[arm].end, first = false) {
      if (arm != own && binds(arm)) {
        return true;
      }
    }
  }
  return false;
}

// A try whose body does nothing, or only names what every version has built in:
// `try: set`, `except NameError: ...`.
bool Resolver::CannotFail(ModuleId module, uint32_t try_header) const {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  for (int32_t p = statements[try_header].parent; p >= 0;
       p = statements[static_cast<size_t>(p)].parent) {
    if (view_.Of(statements[static_cast<size_t>(p)]).kind == StatementKind::Function) {
      return false; // the facts do not hold all that a function does
    }
  }
  VersionMask all = 0;
  for (int minor = versions_.lowest; minor <= versions_.highest; ++minor) {
    all |= MaskOf(minor);
  }
  for (uint32_t i = try_header + 1; i < statements[try_header].end; i = statements[i].end) {
    const Statement &statement = view_.Of(statements[i]);
    if (statement.kind == StatementKind::Pass || statement.kind == StatementKind::Docstring) {
      continue;
    }
    const bool plain =
        statement.kind == StatementKind::Expression || statement.kind == StatementKind::Assign;
    const ExprId value = plain ? view_.LastOperand(statement) : ExprId();
    if (!view_.Is(value, ExprKind::Name)) {
      return false;
    }
    const StdlibName name = FindStdlibName("builtins", view_.TextOf(value));
    if ((name.present & ~name.perhaps & all) != all) {
      return false;
    }
  }
  return true;
}

// `hasattr(typing, "Final")`, where the tables of the standard library tell it for all versions.
Tri Resolver::HasAttribute(ModuleId module, uint32_t statement, ExprId condition,
                           const SupportedVersions &versions) {
  if (view_.Is(condition, ExprKind::Not)) {
    return Not(HasAttribute(module, statement, view_.Child(condition), versions));
  }
  if (view_.Callee(condition) != "hasattr") {
    return Tri::Unknown;
  }
  const auto arguments = view_.Arguments(condition);
  if (arguments.size() != 2 || !view_.Is(arguments[1], ExprKind::String)) {
    return Tri::Unknown;
  }
  const Found owner = Evaluate(module, arguments[0], EventLimit(module, statement));
  const bool module_known = owner.IsModule() && !owner.unknown;
  const bool standard = module_known && owner.answer == Answer::Yes &&
                        project_.modules[owner.module].kind == ModuleKind::Stdlib;
  if (module_known && versions.platforms == Platforms::Linux && HasLog(owner.module)) {
    const NameId asked = project_.scanned.names.Find(view_.TextOf(arguments[1]));
    return asked.valid() ? HasOwnAttribute(owner.module, asked) : Tri::Unknown;
  }
  const StdlibModule *info =
      standard ? FindStdlibModule(project_.Text(project_.modules[owner.module].name)) : nullptr;
  const llvm::StringRef name = view_.TextOf(arguments[1]);
  if (!info || name.starts_with("_")) {
    return Tri::Unknown;
  }
  const StdlibName known = FindStdlibName(project_.Text(project_.modules[owner.module].name), name);
  VersionMask all = 0;
  for (int minor = versions.lowest; minor <= versions.highest; ++minor) {
    all |= MaskOf(minor);
  }
  const bool surely = (known.present & ~known.perhaps & all) == all;
  if (info->open) { // the tables list what it has on Linux
    return surely && versions.platforms == Platforms::Linux ? Tri::Yes : Tri::Unknown;
  }
  if ((known.present & all) == 0) {
    return Tri::No;
  }
  return surely ? Tri::Yes : Tri::Unknown;
}

Tri Resolver::HandlerTaken(ModuleId module, uint32_t header) {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  const uint32_t at = Log(module).FirstArm(header);
  const uint32_t failing = FirstFailureIn(module, at);
  if (failing == kNoEvent) {
    return CannotFail(module, at) ? Tri::No : Tri::Unknown;
  }
  const ImportFailure failure = FailureOf(module, failing);
  for (uint32_t handler = statements[at].end; handler < statements.size();
       handler = statements[handler].end) {
    const Statement &statement = view_.Of(statements[handler]);
    if (!IsHandler(statement.kind)) {
      break;
    }
    if (HandlerCatches(statement, failure)) {
      return handler == header ? Tri::Yes : Tri::No;
    }
  }
  return Tri::Unknown;
}

// --- guards

static bool NameCatches(llvm::StringRef name, ImportFailure failure) {
  if (name == "ModuleNotFoundError") {
    return failure == ImportFailure::NoModule;
  }
  return llvm::StringSwitch<bool>(name)
      .Cases("ImportError", "Exception", "BaseException", true)
      .Default(false);
}

bool Resolver::HandlerCatches(const Statement &handler, ImportFailure failure) const {
  const ExprId caught = handler.first;
  if (!caught.valid()) {
    return true;
  }
  llvm::SmallVector<ExprId, 8> types;
  if (view_.Is(caught, ExprKind::Tuple)) {
    types = view_.Children(caught);
  } else {
    types.push_back(caught);
  }
  return llvm::any_of(types, [&](ExprId type) {
    const auto dotted = view_.Dotted(type);
    const llvm::StringRef name = dotted ? llvm::StringRef(*dotted) : "";
    return NameCatches(name.contains('.') ? name.rsplit('.').second : name, failure);
  });
}

enum class HandlerEnd : uint8_t { GoesOn, Raises, Skips };

// How a handler's block ends: only its direct statements count.
static HandlerEnd EndOfHandler(const SyntaxView &view,
                               const std::vector<PlacedStatement> &statements, uint32_t header) {
  for (uint32_t i = header + 1; i < statements[header].end; i = statements[i].end) {
    const Statement &statement = view.Of(statements[i]);
    if (statement.kind == StatementKind::Raise) {
      const auto raised = view.Is(statement.first, ExprKind::Call) ? view.Callee(statement.first)
                                                                   : view.Dotted(statement.first);
      const llvm::StringRef name = raised ? llvm::StringRef(*raised) : "";
      return name.contains("Skip") ? HandlerEnd::Skips : HandlerEnd::Raises;
    }
    if (statement.kind == StatementKind::Assert && view.Is(statement.first, ExprKind::False)) {
      return HandlerEnd::Raises;
    }
    const auto callee =
        statement.kind == StatementKind::Expression || statement.kind == StatementKind::Return
            ? view.Callee(statement.first)
            : std::nullopt;
    if (!callee) {
      continue;
    }
    const llvm::StringRef name = *callee;
    const llvm::StringRef last = name.contains('.') ? name.rsplit('.').second : name;
    if (last == "skip" || last == "skipTest") {
      return HandlerEnd::Skips;
    }
    if (name == "sys.exit" || name == "exit" || name == "quit" || name == "os._exit" ||
        name == "self.fail" || name == "pytest.fail" || name == "pytest.exit") {
      return HandlerEnd::Raises;
    }
  }
  return HandlerEnd::GoesOn;
}

static bool Suppresses(const SyntaxView &view, const Statement &with, ImportFailure failure) {
  for (ExprId item : view.Operands(with)) {
    const ExprId call = view.Is(item, ExprKind::Walrus) ? view.Child(item, 1) : item;
    const auto callee = view.Callee(call);
    const llvm::StringRef name = callee ? llvm::StringRef(*callee) : "";
    if (!name.ends_with("suppress") && !name.ends_with("raises") && !name.ends_with("Raises") &&
        !name.ends_with("assertRaisesRegex")) {
      continue;
    }
    for (ExprId argument : view.Arguments(call)) {
      llvm::SmallVector<ExprId, 8> types{argument};
      if (view.Is(argument, ExprKind::Tuple)) {
        types = view.Children(argument);
      }
      for (ExprId type : types) {
        const auto dotted = view.Dotted(type);
        if (dotted && NameCatches(*dotted, failure)) {
          return true;
        }
      }
    }
  }
  return false;
}

Guard Resolver::GuardOf(ModuleId module, uint32_t statement, ImportFailure failure) const {
  Guard guard;
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  for (int32_t p = statements[statement].parent; p >= 0;
       p = statements[static_cast<size_t>(p)].parent) {
    const uint32_t header = static_cast<uint32_t>(p);
    const Statement &above = view_.Of(statements[header]);
    if (above.kind == StatementKind::Function || above.kind == StatementKind::Class) {
      if (above.kind == StatementKind::Function) {
        break; // who calls it, and in what try, is another question
      }
      continue;
    }
    if (above.kind == StatementKind::With && Suppresses(view_, above, failure)) {
      guard.guarded = true;
      return guard;
    }
    if (above.kind != StatementKind::Try) {
      continue;
    }
    for (uint32_t h = statements[header].end;
         h < statements.size() && IsHandler(view_.Of(statements[h]).kind); h = statements[h].end) {
      if (!HandlerCatches(view_.Of(statements[h]), failure)) {
        continue;
      }
      const HandlerEnd end = EndOfHandler(view_, statements, h);
      if (end == HandlerEnd::GoesOn) {
        guard.guarded = true;
        return guard;
      }
      guard.masked |= end == HandlerEnd::Skips;
      break;
    }
  }
  return guard;
}

// --- constants in conditions

uint32_t Resolver::EventLimit(ModuleId module, uint32_t statement) const {
  const std::vector<Event> &events = Log(module).events;
  auto it = std::partition_point(events.begin(), events.end(),
                                 [&](const Event &event) { return event.statement < statement; });
  return static_cast<uint32_t>(it - events.begin());
}

std::optional<ConstantAt> Resolver::FindConstantAt(FileId file, uint32_t statement, ExprId name) {
  const ModuleId module = project_.module_of_file[file];
  Found found = Evaluate(module, name, EventLimit(module, statement));
  if (!found.IsObject() || found.answer != Answer::Yes || found.unknown) {
    return std::nullopt;
  }
  const Event &event = Log(found.module).events[found.event];
  if (event.kind != EventKind::Value || !event.value.valid()) {
    return std::nullopt;
  }
  return ConstantAt{project_.modules[found.module].file, event.statement, event.value};
}

} // namespace pydefrag
