// Platform choice: what an `if sys.platform == ...` or a `try: import msvcrt` does on Linux.
// Nothing is called missing because of it; it only decides between bindings of which every platform
// has another one, so that a name stands for one object:
//
//     if sys.platform == "win32": from ._windows import Pipe
//     else: from ._posix import Pipe           -> _posix.Pipe
//
// Entry point: Resolver::ReachOnLinux.
#include "link/resolve/resolve.h"
#include "stdlib/stdlib.h"

#include <algorithm>

namespace pydefrag {

Tri Resolver::ReachOnLinux(ModuleId module, uint32_t statement) {
  const Tri reach = Reach(module, statement);
  if (reach != Tri::Unknown) {
    return reach;
  }
  return ReachThrough(
      module, statement, [&](uint32_t header) { return ArmTakenOnLinux(module, header); },
      [&](uint32_t header) { return FirstFailureOnLinux(module, header); });
}

Tri Resolver::ArmTakenOnLinux(ModuleId module, uint32_t header) {
  if (const Tri taken = ArmTaken(module, header); taken != Tri::Unknown) {
    return taken;
  }
  const uint64_t key = AnswerKey(module, header);
  auto [it, inserted] = answers_.arms_on_linux.try_emplace(key, Tri::Unknown);
  if (!inserted) {
    return it->second;
  }
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  SupportedVersions versions = versions_;
  versions.platforms = Platforms::Linux;
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
    taken = HandlerTakenOnLinux(module, header);
    break;
  default:
    break;
  }
  return answers_.arms_on_linux[key] = taken;
}

bool Resolver::IsElseOfTry(ModuleId module, uint32_t header) const {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  const uint32_t at = Log(module).FirstArm(header);
  return view_.Of(statements[header]).kind == StatementKind::Else &&
         view_.Of(statements[at]).kind == StatementKind::Try;
}

// The first direct statement of a try body that imports what only other platforms have.
uint32_t Resolver::FirstFailureOnLinux(ModuleId module, uint32_t try_header) const {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  for (uint32_t i = try_header + 1; i < statements[try_header].end; i = statements[i].end) {
    const Statement &statement = view_.Of(statements[i]);
    const size_t count = statement.kind == StatementKind::Import ? view_.Operands(statement).size()
                         : statement.kind == StatementKind::FromImport ? 1
                                                                       : 0;
    for (uint32_t number = 0; number < count; ++number) {
      const ModuleId imported = TargetOf(module, i, number).module;
      const StdlibModule *info =
          imported.valid() && project_.modules[imported].kind == ModuleKind::Stdlib
              ? FindStdlibModule(project_.Text(project_.modules[imported].name))
              : nullptr;
      if (info && !info->on_linux) {
        return i;
      }
    }
  }
  return kNoEvent;
}

Tri Resolver::HandlerTakenOnLinux(ModuleId module, uint32_t header) const {
  const auto &statements = project_.scanned.facts[project_.modules[module].file].statements;
  const uint32_t at = Log(module).FirstArm(header);
  if (FirstFailureOnLinux(module, at) == kNoEvent) {
    return Tri::Unknown;
  }
  for (uint32_t handler = statements[at].end; handler < statements.size();
       handler = statements[handler].end) {
    const Statement &statement = view_.Of(statements[handler]);
    if (statement.kind != StatementKind::Except) {
      break;
    }
    if (HandlerCatches(statement, ImportFailure::NoModule)) {
      return handler == header ? Tri::Yes : Tri::No;
    }
  }
  return Tri::Unknown;
}

// `hasattr(selectors, "PollSelector")`, of a module of the project.
Tri Resolver::HasOwnAttribute(ModuleId owner, NameId name) {
  const Found found = Attribute(owner, name);
  if (found.unknown || found.lazy) {
    return Tri::Unknown;
  }
  if (found.answer == Answer::Maybe && found.via != kNoEvent) {
    return ReachOnLinux(owner, Log(owner).events[found.via].statement);
  }
  return found.answer == Answer::Maybe ? Tri::Unknown
         : found.answer == Answer::Yes ? Tri::Yes
                                       : Tri::No;
}

} // namespace pydefrag
