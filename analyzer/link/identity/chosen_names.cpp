#include "link/identity/chosen_names.h"

#include "link/resolve/aliases.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

// From-imports and stars are followed so far.
static constexpr int kMostHops = 16;

static bool IsOneOfSeveral(const Found &found) {
  return found.kind == TargetKind::Opaque && found.answer != Answer::No && !found.unknown &&
         !found.lazy && !found.fallback && !found.outside.valid() && found.via == kNoEvent;
}

std::optional<ChosenNames::Place> ChosenNames::Find(ModuleId module, NameId name,
                                                    const Found &found) {
  if (!IsOneOfSeveral(found)) {
    return std::nullopt;
  }
  llvm::SmallVector<ModuleId, 8> takers;
  for (int hop = 0; hop < kMostHops; ++hop) {
    if (const auto place = PlaceIn(module, name)) {
      const bool early = llvm::any_of(
          takers, [&](ModuleId taker) { return MayRunBetween(taker, place->module, name); });
      return early ? std::nullopt : place;
    }
    // What a star does not find yet it leaves out.
    const bool by_star = resolver_.Log(module).Of(name).empty();
    const ModuleId taker = module;
    takers.push_back(taker);
    std::tie(module, name) = SourceOf(module, name);
    if (!module.valid() || !resolver_.HasLog(module) || llvm::is_contained(takers, module) ||
        (by_star && graph_.ComponentOf(module) == graph_.ComponentOf(taker)) ||
        !IsOneOfSeveral(resolver_.Attribute(module, name))) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

std::pair<ModuleId, NameId> ChosenNames::SourceOf(ModuleId module, NameId name) {
  const NamespaceLog &log = resolver_.Log(module);
  const llvm::ArrayRef<uint32_t> events = log.Of(name);
  if (events.size() == 1) {
    const Event &event = log.events[events.front()];
    const bool sure = event.kind == EventKind::From && !event.maybe &&
                      project_.StatementsOf(module)[event.statement].parent < 0;
    return sure ? std::pair(resolver_.TargetOf(module, event.statement).module,
                            view_.At(event.value).text)
                : std::pair(ModuleId(), NameId());
  }
  std::pair<ModuleId, NameId> only;
  for (uint32_t index : events.empty() ? log.stars : std::vector<uint32_t>()) {
    const Event &event = log.events[index];
    const ModuleId source = event.kind == EventKind::Star
                                ? resolver_.TargetOf(module, event.statement).module
                                : ModuleId();
    const Answer has = source.valid() ? resolver_.ThroughStar(source, name).answer : Answer::Maybe;
    if (has == Answer::No) {
      continue;
    }
    if (!source.valid() || only.first.valid()) {
      return {}; // it may come from either
    }
    only = {source, name};
  }
  return only;
}

// Where a module binds a name in several places: what stands before the last one that surely
// happens is none of them.
std::optional<ChosenNames::Place> ChosenNames::PlaceIn(ModuleId module, NameId name) {
  if (resolver_.IsPutFromElsewhere(module, name)) {
    return std::nullopt;
  }
  const auto &statements = project_.StatementsOf(module);
  size_t alternatives = 0;
  std::optional<Place> place;
  for (uint32_t index : resolver_.Log(module).Of(name)) {
    const Event event = resolver_.Log(module).events[index];
    if (!event.maybe && statements[event.statement].parent < 0) {
      alternatives = 0;
      place.reset();
    }
    ++alternatives;
    if (const auto kind = KindOf(module, index)) {
      place = {module, index, *kind};
    }
  }
  return alternatives > 1 ? place : std::nullopt;
}

// A class or function that the event may bind the name to, under another name of the module too.
std::optional<DefinitionKind> ChosenNames::KindOf(ModuleId module, uint32_t index) {
  const Event event = resolver_.Log(module).events[index];
  DefinitionKind kind = kinds_.Of(module, index);
  if (event.kind == EventKind::Value && kind == DefinitionKind::Constant &&
      MayBeAlias(view_, event.value)) {
    const Found found = resolver_.ValueOf(module, index);
    kind = found.IsObject() && project_.modules[found.module].first_party
               ? kinds_.Of(found.module, found.event)
               : DefinitionKind::Constant;
  } else if (event.kind != EventKind::Define && event.kind != EventKind::Value) {
    return std::nullopt;
  }
  return kind == DefinitionKind::Constant ? std::nullopt : std::optional(kind);
}

bool ChosenNames::MayRunBetween(ModuleId taker, ModuleId module, NameId name) const {
  if (graph_.ComponentOf(taker) != graph_.ComponentOf(module)) {
    return false;
  }
  const NamespaceLog &log = resolver_.Log(module);
  const auto [first, last] = std::minmax_element(log.Of(name).begin(), log.Of(name).end());
  const uint32_t begin = log.events[*first].statement;
  const uint32_t end = log.events[*last].statement;
  llvm::DenseSet<ModuleId> loaded; // or under way: the packages above it, what it imports before
  for (ModuleId above = module; above.valid(); above = project_.modules[above].parent) {
    loaded.insert(above);
  }
  std::vector<ModuleId> next;
  const auto &statements = project_.StatementsOf(module);
  for (const ImportRow &row : graph_.RowsOf(project_, project_.modules[module].file)) {
    for (ModuleId imported : {row.source, row.target.module}) { // `from . import sub` loads both
      if (imported.valid() && row.statement < begin && statements[row.statement].parent < 0) {
        loaded.insert(imported);
      } else if (imported.valid() && row.statement < end) {
        next.push_back(imported);
      }
    }
  }
  while (!next.empty()) {
    const ModuleId current = next.back();
    next.pop_back();
    if (!loaded.insert(current).second) {
      continue;
    }
    if (current == taker) {
      return true;
    }
    if (graph_.ComponentOf(current) >= 0) {
      llvm::append_range(next, graph_.edges[current]);
    }
  }
  return false;
}

} // namespace pydefrag
