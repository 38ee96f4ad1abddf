#include "link/identity/outside_twins.h"

#include <tuple>

namespace pydefrag {

OutsideTwins::Outside OutsideTwins::OutsideOf(Found found) {
  for (int hop = 0; hop < 8 && found.IsObject() && !found.unknown; ++hop) {
    const Event &event = resolver_.Log(found.module).events[found.event];
    if (!IsOfProject(found.module)) {
      return {found.module, event.name};
    }
    if (event.kind != EventKind::Value || !event.value.valid() || !view_.Dotted(event.value)) {
      return {};
    }
    found = resolver_.Evaluate(found.module, event.value, found.event);
  }
  const bool known = found.kind == TargetKind::Opaque && found.outside.valid() &&
                     found.answer != Answer::No && !found.unknown;
  return known ? Outside(found.module, found.outside) : Outside();
}

// What is found by way of a module that stands in for another has an event of that one's log.
OutsideTwins::Outside OutsideTwins::AskedOf(ModuleId module, uint32_t event, NameId name) const {
  const std::vector<Event> &events = resolver_.Log(module).events;
  if (event >= events.size() || events[event].name != name) {
    return Outside();
  }
  const Event &from = events[event];
  return from.kind == EventKind::From
             ? Outside(resolver_.TargetOf(module, from.statement).module, view_.At(from.value).text)
             : Outside();
}

bool OutsideTwins::IsOfProject(ModuleId module) const {
  return resolver_.project().modules[module].first_party && !IsCompiled(module);
}

bool OutsideTwins::IsCompiled(ModuleId module) const {
  return resolver_.project().modules[module].kind == ModuleKind::Extension;
}

void OutsideTwins::NoteIn(ModuleId module) {
  for (const Event &event : resolver_.Log(module).events) {
    if (event.kind != EventKind::Define) {
      continue;
    }
    const Found found = resolver_.Attribute(module, event.name);
    const bool defined = found.IsObject() && IsOfProject(found.module) &&
                         resolver_.Log(found.module).events[found.event].kind == EventKind::Define;
    const std::vector<Event> &events = resolver_.Log(module).events;
    if (defined || found.via >= events.size() || !events[found.via].name.valid()) {
      continue;
    }
    const ModuleId asked = AskedOf(module, found.via, event.name).first;
    const bool compiled = asked.valid() && IsCompiled(asked);
    if (compiled || (!found.unknown && found.answer != Answer::No)) {
      places_.try_emplace({module, event.name}, module, found.via);
    }
    for (const Outside &outside : {OutsideOf(found), AskedOf(module, found.via, event.name)}) {
      if (outside.first.valid() && !IsOfProject(outside.first)) {
        twins_.try_emplace(outside, module, found.via);
      }
    }
  }
}

const OutsideTwins::Place *OutsideTwins::Find(const Found &found) {
  const auto twin = twins_.empty() ? twins_.end() : twins_.find(OutsideOf(found));
  return twin == twins_.end() ? nullptr : &twin->second;
}

const OutsideTwins::Place *OutsideTwins::FindBehind(ModuleId module, NameId name, Found found) {
  if (found.kind != TargetKind::Opaque && !(found.IsObject() && !IsOfProject(found.module))) {
    return nullptr; // the project's own
  }
  if (const Place *twin = Find(found)) {
    return twin;
  }
  // What a compiled module has is unknown, and one object all the same.
  for (int hop = 0; hop < 8 && found.via != kNoEvent; ++hop) {
    if (const auto place = places_.find({module, name}); place != places_.end()) {
      return &place->second;
    }
    const Outside asked = AskedOf(module, found.via, name);
    if (!asked.first.valid() || !IsOfProject(asked.first) || !resolver_.HasLog(asked.first)) {
      const auto twin = twins_.find(asked);
      return twin == twins_.end() ? nullptr : &twin->second;
    }
    std::tie(module, name) = asked;
    found = resolver_.Attribute(module, name);
  }
  return nullptr;
}

} // namespace pydefrag
