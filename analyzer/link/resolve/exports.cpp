// Exports: what `from module import *` binds (CPython ceval.c import_all_from).
#include "link/resolve/resolve.h"
#include "link/resolve/star_submodules.h"

#include "llvm/ADT/DenseSet.h"

#include <algorithm>

namespace pydefrag {

Found Resolver::StarEvent(ModuleId module, uint32_t index, NameId name) {
  if (Log(module).events[index].kind == EventKind::Copy) {
    return ThroughCopy(module, index, name);
  }
  const uint32_t statement_index = Log(module).events[index].statement;
  const ImportTarget &search = TargetOf(module, statement_index);
  if (search.unknown || search.not_installed) {
    return Unknown(search.reason);
  }
  if (!search.module.valid()) {
    const bool guarded = GuardOf(module, statement_index, ImportFailure::NoModule).guarded;
    return guarded ? Found() : Unknown("star import of a module that does not exist");
  }
  const Found found = ThroughStar(search.module, name);
  const bool from_dict = found.answer == Answer::No && HasLog(search.module) &&
                         IsItself(search.module) && !All(search.module).present &&
                         !project_.Text(name).starts_with("_") && table_.IsPackage(search.module);
  const ModuleId child = from_dict ? table_.FindChild(search.module, name) : ModuleId();
  if (!child.valid() || child == module) {
    return found;
  }
  const NamespaceLog &source = Log(search.module);
  for (uint32_t event : llvm::reverse(source.Of(name))) { // `del sub` behind the import of it
    if (source.events[event].kind == EventKind::Unbind) {
      const bool gone = !source.events[event].maybe &&
                        Reach(search.module, source.events[event].statement) == Tri::Yes;
      return gone ? found : Unknown("a submodule that may be deleted by then");
    }
  }
  const Tri taken = StarTakesSubmodule(project_, *this, module, search.module, child);
  return taken == Tri::Yes       ? ModuleFound(child)
         : taken == Tri::Unknown ? Unknown("a submodule that may be loaded by then")
                                 : found;
}

Found Resolver::ThroughStar(ModuleId source, NameId name) {
  const ModuleId stand_in = HasLog(source) ? StandInOf(source) : source;
  if (stand_in.valid() && stand_in != source) {
    return ThroughStar(stand_in, name);
  }
  const Module &module = project_.modules[source];
  const llvm::StringRef text = project_.Text(name);
  if (module.kind == ModuleKind::Stdlib) {
    // Which names a standard module exports is not in the tables: the public ones.
    if (text.starts_with("_")) {
      return Found();
    }
    Found found = Attribute(source, name);
    if (found.answer == Answer::Yes) {
      found.answer = Answer::Maybe;
    }
    return found;
  }
  if (!HasLog(source)) {
    const bool hidden = text.starts_with("__") || (text.starts_with("_") && ListsNoNames(source));
    if (module.kind == ModuleKind::Namespace || hidden || IsSpelledNowhere(source, name)) {
      return Found();
    }
    return UnknownOf("star import of external module `" + project_.Text(module.name) + "`");
  }
  const AllNames &all = All(source);
  if (all.present && (all.known || all.Lists(name))) {
    return all.Lists(name) ? ImportFrom(source, name) : Found();
  }
  if (all.present) {
    Found found = ImportFrom(source, name);
    if (found.answer != Answer::No && !all.filtered) {
      return Unknown("`__all__` that cannot be told");
    }
    found.answer = found.answer == Answer::Yes ? Answer::Maybe : found.answer;
    return found;
  }
  if (text.starts_with("_")) {
    return Found();
  }
  // A star takes what the dict holds: `__getattr__` is asked for `__all__` only.
  const Found found = Attribute(source, name);
  const bool served = found.lazy && found.via == kNoEvent; // by this module
  return served ? Found() : found;
}

std::vector<NameId> Resolver::OwnNames(ModuleId module) const {
  std::vector<NameId> names;
  llvm::DenseSet<NameId> seen;
  for (const Event &event : Log(module).events) {
    const bool own = event.kind != EventKind::Star && event.kind != EventKind::Copy;
    if (own && seen.insert(event.name).second) {
      names.push_back(event.name);
    }
  }
  for (NameId name : answers_.override_names.lookup(module)) {
    if (seen.insert(name).second) {
      names.push_back(name);
    }
  }
  return names;
}

std::vector<NameId> Resolver::BoundNames(ModuleId module) {
  std::vector<NameId> names = FindBoundNames(module);
  std::sort(names.begin(), names.end(),
            [&](NameId a, NameId b) { return project_.Text(a) < project_.Text(b); });
  return names;
}

std::vector<NameId> Resolver::FindBoundNames(ModuleId module) {
  if (!HasLog(module)) {
    return {};
  }
  const ModuleId stand_in = StandInOf(module);
  if (stand_in.valid() && stand_in != module) {
    return IsItself(stand_in) ? FindBoundNames(stand_in) : std::vector<NameId>();
  }
  std::vector<NameId> names = Log(module).names;
  llvm::append_range(names, answers_.override_names.lookup(module));
  for (uint32_t index : Log(module).stars) {
    const Event &event = Log(module).events[index];
    if (event.kind == EventKind::Copy) {
      llvm::append_range(names, CopiedNames(module, index).names);
    } else if (const ModuleId source = TargetOf(module, event.statement).module; source.valid()) {
      llvm::append_range(names, Exports(source).names);
    }
  }
  llvm::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  llvm::erase_if(names, [&](NameId name) {
    if (Simple(module, name)) {
      return false; // most are
    }
    const Found found = Attribute(module, name);
    return found.answer == Answer::No || (found.unknown && !found.broken);
  });
  return names;
}

NearNames &Resolver::NamesToMistake(ModuleId module) {
  std::unique_ptr<NearNames> &slot = answers_.near[module];
  if (!slot) {
    std::vector<llvm::StringRef> texts;
    for (NameId name : BoundNames(module)) {
      texts.push_back(project_.Text(name));
    }
    slot = std::make_unique<NearNames>(std::move(texts));
  }
  return *slot;
}

const StarNames &Resolver::Exports(ModuleId module) {
  const ModuleId stand_in = HasLog(module) ? StandInOf(module) : module;
  if (stand_in.valid() && stand_in != module && IsItself(stand_in)) {
    return Exports(stand_in);
  }
  std::unique_ptr<StarNames> &slot = answers_.exports[module];
  if (slot) {
    return *slot;
  }
  if (auto it = cut_exports_.find(module); it != cut_exports_.end()) {
    lowest_export_hit_ = 0; // as provisional as what it was made from
    return *it->second;
  }
  static const StarNames kNone;
  const uint32_t depth = exports_in_progress_.size();
  const auto [at, fresh] = exports_in_progress_.try_emplace(module, depth);
  if (!fresh) { // a cycle of stars: what it adds is found on the way round
    lowest_export_hit_ = std::min(lowest_export_hit_, at->second);
    return kNone;
  }
  const uint32_t outer_hit = std::exchange(lowest_export_hit_, UINT32_MAX);
  auto names = std::make_unique<StarNames>();
  const AllNames all = All(module);
  if (all.present && all.known) {
    names->names = all.names;
  } else {
    names->names = BoundNames(module);
    llvm::erase_if(names->names, [&](NameId name) { return project_.Text(name).starts_with("_"); });
    names->open = all.present || (HasLog(module) && !Log(module).open_reason.empty());
  }
  exports_in_progress_.erase(module);
  const bool is_final = lowest_export_hit_ >= depth;
  lowest_export_hit_ = std::min(outer_hit, is_final ? UINT32_MAX : lowest_export_hit_);
  if (depth == 0) {
    cut_exports_.clear();
  }
  return *((is_final ? answers_.exports : cut_exports_)[module] = std::move(names));
}

} // namespace pydefrag
