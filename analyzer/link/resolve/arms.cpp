// Resolver: whether an arm of an `if`, a `try` or a loop runs: what conditions, failures in a `try`
// and the tables of the standard library tell, on all supported versions.
#include "base/identifier.h"
#include "facts/headers_around.h"
#include "link/resolve/built_in.h"
#include "link/resolve/failing_blocks.h"
#include "link/resolve/resolve.h"
#include "link/resolve/suppressed_blocks.h"
#include "stdlib/stdlib.h"

#include <algorithm>

namespace pydefrag {

// `range(2)`, of the builtin; others are not told.
static Tri RangeIsEmpty(const SyntaxView &view, const NamespaceLog &log, ExprId call) {
  const auto arguments = view.Arguments(call);
  int64_t count = 0;
  const bool told = arguments.size() == 1 && view.Is(arguments[0], ExprKind::Number) &&
                    !view.TextOf(arguments[0]).getAsInteger(0, count) &&
                    log.Of(view.At(view.Child(call)).text).empty();
  return !told ? Tri::Unknown : count > 0 ? Tri::No : Tri::Yes;
}

Tri Resolver::ArmTaken(ModuleId module, uint32_t header) {
  const uint64_t key = AnswerKey(module, header);
  auto [it, inserted] = answers_.arms.try_emplace(key, Tri::Unknown);
  if (!inserted) {
    return it->second;
  }
  const Provisional provisional(*this);
  const FileId file = project_.modules[module].file;
  const auto &statements = project_.scanned.facts[file].statements;
  const Statement &statement = view_.Of(statements[header]);
  Tri taken = Tri::Unknown;
  switch (statement.kind) {
  case StatementKind::If:
  case StatementKind::Elif:
  case StatementKind::Else:
  case StatementKind::While:
  case StatementKind::Case:
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
  case StatementKind::With:
    taken = Suppresses(view_, statement) ? Tri::Unknown : Tri::Yes;
    break;
  case StatementKind::For: {
    const ExprId iterable = view_.Next(statement.first);
    const bool display = view_.Is(iterable, ExprKind::Tuple) || view_.Is(iterable, ExprKind::List);
    if (display && !statement.reduced) {
      taken = view_.Child(iterable).valid() ? Tri::Yes : Tri::No;
    } else if (view_.Calls(iterable, "range") && !statement.reduced) {
      taken = Not(RangeIsEmpty(view_, Log(module), iterable));
    }
    break;
  }
  case StatementKind::Function:
    taken = Tri::No;
    break;
  case StatementKind::Match:
    taken = Tri::Yes;
    break;
  default:
    break;
  }
  return provisional.Keep(answers_.arms, key, taken);
}

// `__name__ == "other"` of a module whose last part, whatever root it is found from, is another
// one. Who loads the file by its path under such a name makes a module of its own.
static Tri NamesOther(const SyntaxView &view, ExprId condition, llvm::StringRef module) {
  const bool compares =
      view.Is(condition, ExprKind::Compare) &&
      (view.At(condition).op == Op::Equal || view.At(condition).op == Op::NotEqual);
  const ExprId left = compares ? view.Child(condition, 0) : ExprId();
  const ExprId right = compares ? view.Child(condition, 1) : ExprId();
  const bool first = left.valid() && view.IsName(left, "__name__");
  const auto text = first || (right.valid() && view.IsName(right, "__name__"))
                        ? view.String(first ? right : left)
                        : std::nullopt;
  if (!text || LastPart(*text) == LastPart(module) || LastPart(*text) == "__init__") {
    return Tri::Unknown;
  }
  return view.At(condition).op == Op::Equal ? Tri::No : Tri::Yes;
}

Tri Resolver::FoldAt(ModuleId module, uint32_t header, const SupportedVersions &versions) {
  const FileId file = project_.modules[module].file;
  const auto &statements = project_.scanned.facts[file].statements;
  const ExprId condition = view_.Of(statements[header]).first;
  const NameId own = project_.scanned.names.Find("__name__");
  if (own.valid() && Log(module).Of(own).empty()) {
    const Tri named = NamesOther(view_, condition, project_.Text(project_.modules[module].name));
    if (named != Tri::Unknown) {
      return named;
    }
  }
  if (const Tri has = HasAttribute(module, header, condition, versions); has != Tri::Unknown) {
    return has;
  }
  if (const Tri told = HoldsAsAbove(module, header); told != Tri::Unknown) {
    return told;
  }
  auto find = [&](FileId f, uint32_t s, ExprId name) {
    return FindConstantAt(f, s, name, versions.here);
  };
  const Tri folded = FoldCondition(view_, versions, file, header, condition, find);
  return folded == Tri::Unknown && versions.here ? NamesObject(module, header, condition) : folded;
}

// Whether no arm before an elif or else is taken.
Tri Resolver::NoneBefore(ModuleId module, uint32_t header, const SupportedVersions &versions) {
  const auto &statements = project_.StatementsOf(module);
  const NamespaceLog &log = Log(module);
  Tri none = Tri::Yes;
  uint32_t at = header;
  for (uint32_t before = log.PreviousArm(at); before != at;
       at = before, before = log.PreviousArm(at)) {
    const StatementKind kind = view_.Of(statements[before]).kind;
    const auto fails = [&] {
      return FirstFailureIn(module, before) != kNoEvent ||
             (versions.here // what fails on Linux fails here, too
                  ? FirstFailureHere(module, before) != kNoEvent
                  : versions.platforms == Platforms::Linux && FailsOnLinux(module, before));
    };
    if (kind == StatementKind::Try && fails()) {
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
  const auto &statements = project_.StatementsOf(module);
  const StatementKind kind = view_.Of(statements[header]).kind;
  if (kind == StatementKind::If || kind == StatementKind::While) {
    return FoldAt(module, header, versions);
  }
  if (kind == StatementKind::Case) {
    return CaseHolds(module, header, versions);
  }
  const Tri none = NoneBefore(module, header, versions);
  if (kind == StatementKind::Else || none == Tri::No) {
    return none;
  }
  return std::min(none, FoldAt(module, header, versions));
}

// The same on those versions and platforms alone that execute the arms around it, and for an `elif`
// on each of all: `if os.name == "posix"` leaves nothing for `elif sys.platform == "darwin"`.
Tri Resolver::HoldsUnderArms(ModuleId module, uint32_t header) {
  const auto &statements = project_.StatementsOf(module);
  llvm::SmallVector<uint32_t, 4> around;
  for (uint32_t header : HeadersAround(statements, header)) {
    if (IsConditional(view_.Of(statements[header]).kind)) {
      around.push_back(header);
    }
  }
  const bool splits = !around.empty() || view_.Of(statements[header]).kind == StatementKind::Elif;
  std::optional<Tri> all;
  for (int minor = versions_.lowest; minor <= versions_.highest && splits; ++minor) {
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
  const auto &statements = project_.StatementsOf(module);
  for (uint32_t header : HeadersAround(statements, statement)) {
    if (IsConditional(view_.Of(statements[header]).kind) &&
        ConditionHolds(module, header, {minor, minor}) == Tri::No) {
      return true;
    }
  }
  return false;
}

// A try whose body does nothing, or only names what every version has built in:
// `try: set`, `except NameError: ...`.
bool Resolver::CannotFail(ModuleId module, uint32_t try_header) const {
  const auto &statements = project_.StatementsOf(module);
  for (uint32_t header : HeadersAround(statements, try_header)) {
    if (view_.Of(statements[header]).kind == StatementKind::Function) {
      return false; // the facts do not hold all that a function does
    }
  }
  for (uint32_t i = try_header + 1; i < statements[try_header].end; i = statements[i].end) {
    const Statement &statement = view_.Of(statements[i]);
    if (statement.kind == StatementKind::Pass || statement.kind == StatementKind::Docstring) {
      continue;
    }
    const bool plain =
        statement.kind == StatementKind::Expression || statement.kind == StatementKind::Assign;
    const ExprId value = plain ? view_.LastOperand(statement) : ExprId();
    if (!view_.Is(value, ExprKind::Name) || !IsBuiltInThroughout(view_.TextOf(value), versions_)) {
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
  if (!view_.Calls(condition, "hasattr")) {
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
  if (module_known && versions.here && HasLog(owner.module)) {
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
  const VersionMask all = MaskOfRange(versions);
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
  const uint32_t at = Log(module).FirstArm(header);
  const uint32_t failing = FirstFailureIn(module, at);
  if (failing == kNoEvent) {
    return CannotFail(module, at) ? Tri::No : Tri::Unknown;
  }
  const uint32_t import = FailingImport(*this, module, failing);
  if (import == kNoEvent) {
    return Tri::Unknown; // a NameError
  }
  const ImportFailure failure = FailureOf(module, import);
  const uint32_t catcher = CatcherOf(module, at, failure);
  return catcher == kNoEvent ? Tri::Unknown : catcher == header ? Tri::Yes : Tri::No;
}

// --- constants in conditions

uint32_t Resolver::EventLimit(ModuleId module, uint32_t statement) const {
  const std::vector<Event> &events = Log(module).events;
  auto it = std::partition_point(events.begin(), events.end(),
                                 [&](const Event &event) { return event.statement < statement; });
  return static_cast<uint32_t>(it - events.begin());
}

bool Resolver::MayBeBoundAnew(ModuleId owner, uint32_t event, ModuleId module, uint32_t statement,
                              bool here) {
  const NamespaceLog &log = Log(owner);
  return llvm::any_of(log.Of(log.events[event].name), [&](uint32_t later) {
    const uint32_t at = log.events[later].statement;
    return later > event && ReachOf(owner, at, here) != Tri::No &&
           (owner != module || (at < statement && !ExcludeEachOther(module, at, statement)));
  });
}

std::optional<ConstantAt> Resolver::FindConstantAt(FileId file, uint32_t statement, ExprId name,
                                                   bool here) {
  const ModuleId module = project_.module_of_file[file];
  Found found = Evaluate(module, name, EventLimit(module, statement));
  if (found.kind == TargetKind::Opaque && found.outside.valid() && !found.unknown &&
      found.answer == Answer::Yes && project_.modules[found.module].kind == ModuleKind::Stdlib) {
    // By a name of this module, at its level: a function or class may have the name for itself.
    const ExprId root = view_.RootOf(name);
    const Found owner = view_.Is(name, ExprKind::Attribute)
                            ? Evaluate(module, view_.Child(name), EventLimit(module, statement))
                            : Found();
    const bool through = view_.Is(name, ExprKind::Attribute) &&
                         !(owner.IsModule() && !owner.unknown && owner.answer == Answer::Yes &&
                           project_.modules[owner.module].kind == ModuleKind::Stdlib);
    const bool anew = found.via != kNoEvent && view_.Is(name, ExprKind::Name) &&
                      MayBeBoundAnew(module, found.via, module, statement, here);
    const bool doubtful =
        through || anew || !view_.Is(root, ExprKind::Name) ||
        IsPutFromElsewhere(module, view_.At(root).text) ||
        view_.StandsInDefinition(project_.scanned.facts[file].statements, statement);
    return doubtful
               ? std::nullopt
               : std::optional(ConstantAt{.file = file,
                                          .statement = statement,
                                          .value = ExprId(),
                                          .standard_module = project_.modules[found.module].name,
                                          .standard_name = found.outside});
  }
  if (!found.IsObject() || found.answer != Answer::Yes || found.unknown || found.bound) {
    return std::nullopt;
  }
  const Event &event = Log(found.module).events[found.event];
  if (event.kind != EventKind::Value || !event.value.valid() ||
      IsPutFromElsewhere(found.module, event.name)) {
    return std::nullopt;
  }
  // `old = False`, `if sys.argv: old = True`: it may be the one or the other.
  const bool surely = ReachOf(found.module, event.statement, here) == Tri::Yes ||
                      (found.module == module && RunsWhenever(module, event.statement, statement));
  if (!surely || event.maybe ||
      MayBeBoundAnew(found.module, found.event, module, statement, here)) {
    return std::nullopt;
  }
  // `try: from m import FAST`, `except ImportError: FAST = None`: `m` may fail at something else.
  if (found.module != module && view_.Is(name, ExprKind::Name) && found.via != kNoEvent &&
      MayBeBoundAnew(module, found.via, module, statement, here)) {
    return std::nullopt;
  }
  return ConstantAt{.file = project_.modules[found.module].file,
                    .statement = event.statement,
                    .value = event.value,
                    .standard_module = {},
                    .standard_name = {}};
}

} // namespace pydefrag
