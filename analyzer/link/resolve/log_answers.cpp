// Resolver: what logs and tables alone tell; may be asked from several threads (resolve.h).
#include "link/resolve/aliases.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

bool Resolver::IsSubmoduleOnly(ModuleId package, NameId name) const {
  if (!HasLog(package)) {
    return project_.modules[package].kind == ModuleKind::Namespace &&
           !table_.SecondLoadOf(package).valid() && !put_from_elsewhere_.contains(name) &&
           !opened_elsewhere_.contains(package);
  }
  const NamespaceLog &log = Log(package);
  return IsPlainLog(package) && !log.lazy && log.open_reason.empty() &&
         project_.scanned.facts[project_.modules[package].file].state == FileState::Parsed &&
         !put_from_elsewhere_.contains(name) && llvm::all_of(log.Of(name), [&](uint32_t event) {
           return log.events[event].kind == EventKind::Submodule;
         });
}

std::optional<Found> Resolver::Simple(ModuleId module, NameId name) const {
  constexpr int kLongestChain = 8;
  uint32_t via = kNoEvent; // of the module asked
  for (int hop = 0; hop < kLongestChain; ++hop) {
    const FileId file = project_.modules[module].file;
    if (!file.valid() || project_.scanned.facts[file].state != FileState::Parsed) {
      return std::nullopt;
    }
    const NamespaceLog &log = Log(module);
    const llvm::ArrayRef<uint32_t> events = log.Of(name);
    if (events.empty() || !HasPlainEvents(module) || IsOverridden(module, name)) {
      return std::nullopt;
    }
    size_t end = events.size();
    while (end > 0 && NeverRuns(module, log.events[events[end - 1]].statement)) {
      --end;
    }
    if (end == 0) {
      return std::nullopt;
    }
    const uint32_t last = events[end - 1];
    const Event &event = log.events[last];
    if (event.maybe || project_.scanned.facts[file].statements[event.statement].parent >= 0) {
      return std::nullopt;
    }
    via = hop == 0 ? last : via;
    const bool alias = MayBeAlias(view_, event.value);
    if (event.kind == EventKind::Define || (event.kind == EventKind::Value && !alias)) {
      Found found = ObjectFound(module, last);
      found.via = via;
      return found;
    }
    const ModuleId next =
        event.kind == EventKind::From ? TargetOf(module, event.statement).module : ModuleId();
    if (!next.valid() || next == module) { // what it has by then, ImportFromAt knows
      return std::nullopt;
    }
    name = view_.At(event.value).text;
    module = next;
  }
  return std::nullopt;
}

bool Resolver::ImportsOutside(ModuleId module, const Event &event) const {
  const auto outside = [&](ModuleId target) {
    return target.valid() && (project_.modules[target].kind == ModuleKind::Stdlib ||
                              project_.modules[target].kind == ModuleKind::External);
  };
  if (event.kind == EventKind::From) {
    return outside(TargetOf(module, event.statement).module);
  }
  if (event.kind != EventKind::Import) {
    return false;
  }
  const auto &statements = project_.StatementsOf(module);
  const Statement &statement = view_.Of(statements[event.statement]);
  const ImportTarget &target = TargetOf(module, event.statement, NumberOf(statement, event.value));
  return outside(target.module) && outside(target.top);
}

} // namespace pydefrag
