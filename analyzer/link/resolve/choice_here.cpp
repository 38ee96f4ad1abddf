// Choice here: what an `if sys.platform == ...` or a `try: import msvcrt` does on Linux, in the
// environment looked into. Nothing is called missing because of it; it only decides between
// bindings of which every platform has another one, so that a name stands for one object:
//
//     if sys.platform == "win32": from ._windows import Pipe
//     else: from ._posix import Pipe           -> _posix.Pipe
//
//     try: from ._fast import Reader           -> _fast imports what is not installed
//     except ImportError: from ._plain import Reader      -> _plain.Reader
//
// Entry point: Resolver::ReachHere.
#include "link/resolve/built_in.h"
#include "link/resolve/failing_blocks.h"
#include "link/resolve/lacking_modules.h"
#include "link/resolve/resolve.h"
#include "stdlib/stdlib.h"

#include <algorithm>

namespace pydefrag {

Tri Resolver::ReachHere(ModuleId module, uint32_t statement) {
  const Tri reach = Reach(module, statement);
  if (reach != Tri::Unknown) {
    return reach;
  }
  return ReachThrough(
      module, statement, [&](uint32_t header) { return ArmTakenHere(module, header); },
      [&](uint32_t header) { // what fails is not reached either: it binds nothing
        const uint32_t failing = FirstFailureHere(module, header);
        return failing == kNoEvent ? kNoEvent : failing - 1;
      });
}

Tri Resolver::ArmTakenHere(ModuleId module, uint32_t header) {
  if (const Tri taken = ArmTaken(module, header); taken != Tri::Unknown) {
    return taken;
  }
  const uint64_t key = AnswerKey(module, header);
  auto [it, inserted] = answers_.arms_here.try_emplace(key, Tri::Unknown);
  if (!inserted) {
    return it->second;
  }
  const Provisional provisional(*this);
  const auto &statements = project_.StatementsOf(module);
  SupportedVersions versions = versions_;
  versions.platforms = Platforms::Linux;
  versions.here = true;
  Tri taken = Tri::Unknown;
  switch (view_.Of(statements[header]).kind) {
  case StatementKind::If:
  case StatementKind::Elif:
  case StatementKind::Else:
  case StatementKind::While:
  case StatementKind::Case:
    taken = ConditionHolds(module, header, versions);
    if (taken == Tri::Unknown && IsElseOfTry(module, header)) {
      taken = Tri::Yes; // of the two, the handler is the exception
    }
    break;
  case StatementKind::Except:
    taken = HandlerTakenHere(module, header);
    break;
  case StatementKind::With: // that suppresses what fails in it
    taken = FirstFailureHere(module, header) == kNoEvent ? Tri::Yes : Tri::Unknown;
    break;
  default:
    break;
  }
  return provisional.Keep(answers_.arms_here, key, taken);
}

bool Resolver::IsElseOfTry(ModuleId module, uint32_t header) const {
  const auto &statements = project_.StatementsOf(module);
  const uint32_t at = Log(module).FirstArm(header);
  return view_.Of(statements[header]).kind == StatementKind::Else &&
         view_.Of(statements[at]).kind == StatementKind::Try;
}

bool Resolver::IsLackedOnLinux(ModuleId imported) const {
  const StdlibModule *info = project_.modules[imported].kind == ModuleKind::Stdlib
                                 ? FindStdlibModule(project_.Text(project_.modules[imported].name))
                                 : nullptr;
  return info && !info->on_linux;
}

// Whether a direct statement of a try body imports what only other platforms have.
bool Resolver::FailsOnLinux(ModuleId module, uint32_t try_header) const {
  const auto &statements = project_.StatementsOf(module);
  for (uint32_t i = try_header + 1; i < statements[try_header].end; i = statements[i].end) {
    if (ImportsAny(*this, module, i, [&](const ImportTarget &target) {
          return target.module.valid() && IsLackedOnLinux(target.module);
        })) {
      return true;
    }
  }
  return false;
}

// The first direct statement of a try body that fails: see FailureHere.
uint32_t Resolver::FirstFailureHere(ModuleId module, uint32_t try_header) {
  const auto &statements = project_.StatementsOf(module);
  for (uint32_t i = try_header + 1; i < statements[try_header].end; i = statements[i].end) {
    if (FailureHere(module, i) != ImportFailure::None) {
      return i;
    }
  }
  return kNoEvent;
}

// How a statement fails that imports what only other platforms have, or what is not installed, or
// a private name that the tables of the standard library do not list; or that asks `sys.modules`
// for a module that only others than the project import.
ImportFailure Resolver::FailureHere(ModuleId module, uint32_t index) {
  const Statement &statement = view_.Of(project_.StatementsOf(module)[index]);
  if (statement.kind == StatementKind::Assign) {
    return AsksForLoaded(statement) ? ImportFailure::NoModule : ImportFailure::None;
  }
  if (ImportsAny(*this, module, index,
                 [&](const ImportTarget &target) { return IsLackedHere(target); })) {
    return ImportFailure::NoModule;
  }
  const ModuleId source =
      statement.kind == StatementKind::FromImport ? TargetOf(module, index).module : ModuleId();
  for (ExprId alias : source.valid() ? view_.Operands(statement) : llvm::SmallVector<ExprId, 8>()) {
    const NameId name = view_.Is(alias, ExprKind::Alias) ? view_.At(alias).text : NameId();
    if (name.valid() && IsLackedHere(source, name)) {
      return ImportFailure::NoName;
    }
  }
  return ImportFailure::None;
}

bool Resolver::IsLackedHere(const ImportTarget &target) {
  if (target.not_installed || !target.module.valid()) {
    return target.not_installed && target.put == nullptr;
  }
  if (project_.modules[target.module].kind == ModuleKind::Stdlib) {
    return IsLackedOnLinux(target.module);
  }
  if (!lacking_) {
    lacking_ = FindLackingModules(*this);
  }
  return lacking_->contains(target.module);
}

bool Resolver::IsLackedHere(ModuleId module, NameId name) {
  const Module &imported = project_.modules[module];
  if (imported.kind == ModuleKind::Stdlib) {
    const StdlibModule *info = FindStdlibModule(project_.Text(imported.name));
    const std::string submodule = (project_.Text(imported.name) + "." + project_.Text(name)).str();
    return info && !info->open && project_.Text(name).starts_with("_") &&
           FindStdlibModule(submodule) == nullptr &&
           (FindStdlibNamePresence(project_.Text(imported.name), project_.Text(name)) &
            MaskOfRange(versions_)) == 0;
  }
  const auto child = IsSubmoduleOnly(module, name) ? table_.KnownChild(module, name) : std::nullopt;
  return child && child->valid() && lacking_ && lacking_->contains(*child);
}

// `shell = sys.modules["IPython"].get_ipython`: a KeyError, unless others have imported it.
bool Resolver::AsksForLoaded(const Statement &statement) const {
  bool asks = false;
  view_.Walk(statement, [&](ExprId id) {
    const auto dotted =
        view_.Is(id, ExprKind::Subscript) ? view_.Dotted(view_.Child(id)) : std::nullopt;
    const auto name =
        dotted && *dotted == "sys.modules" ? view_.String(view_.Child(id, 1)) : std::nullopt;
    const ModuleId loaded = name ? project_.FindModule(*name) : ModuleId();
    const bool known = loaded.valid() && (project_.modules[loaded].first_party ||
                                          project_.modules[loaded].kind == ModuleKind::Stdlib);
    asks |= name && !known && !view_.Is(statement.first, ExprKind::Subscript);
  });
  return asks;
}

Tri Resolver::HandlerTakenHere(ModuleId module, uint32_t header) {
  const uint32_t at = Log(module).FirstArm(header);
  const uint32_t failing = FirstFailureHere(module, at);
  const uint32_t catcher =
      failing == kNoEvent ? kNoEvent : CatcherOf(module, at, FailureHere(module, failing));
  return catcher == kNoEvent ? Tri::Unknown : catcher == header ? Tri::Yes : Tri::No;
}

// `if OpenSSLSigner:`, `if OpenSSLSigner is None:`, where that is a class: what a condition that
// names an object comes to.
Tri Resolver::NamesObject(ModuleId module, uint32_t header, ExprId condition) {
  if (view_.Is(condition, ExprKind::Not)) {
    return Not(NamesObject(module, header, view_.Child(condition)));
  }
  if (view_.Is(condition, ExprKind::Compare) &&
      view_.Is(view_.Child(condition, 1), ExprKind::None)) { // `is None`
    const Tri object = NamesObject(module, header, view_.Child(condition));
    const Op op = view_.At(condition).op;
    return object != Tri::Yes ? Tri::Unknown
           : op == Op::Is     ? Tri::No
           : op == Op::IsNot  ? Tri::Yes
                              : Tri::Unknown;
  }
  if (!view_.Is(condition, ExprKind::Name)) {
    return Tri::Unknown;
  }
  const Found found = Evaluate(module, condition, EventLimit(module, header));
  if (found.answer == Answer::No || found.unknown || found.fallback) {
    return Tri::Unknown;
  }
  const bool defined = found.IsObject() && HasLog(found.module) &&
                       Log(found.module).events[found.event].kind == EventKind::Define;
  return defined || found.IsModule() ? Tri::Yes : Tri::Unknown;
}

// `hasattr(selectors, "PollSelector")`, of a module of the project.
Tri Resolver::HasOwnAttribute(ModuleId owner, NameId name) {
  const Found found = Attribute(owner, name);
  if (found.unknown || found.lazy) {
    return Tri::Unknown;
  }
  if (found.answer == Answer::Maybe && found.via != kNoEvent) {
    return ReachHere(owner, Log(owner).events[found.via].statement);
  }
  return found.answer == Answer::Maybe ? Tri::Unknown
         : found.answer == Answer::Yes ? Tri::Yes
                                       : Tri::No;
}

} // namespace pydefrag
