#include "link/identity/standard_twins.h"

namespace pydefrag {

StandardTwins::Outside StandardTwins::OutsideOf(Found found) {
  for (int hop = 0; hop < 8 && found.IsObject() && !found.unknown; ++hop) {
    const Event &event = resolver_.Log(found.module).events[found.event];
    if (event.kind != EventKind::Value || !event.value.valid() || !view_.Dotted(event.value)) {
      return {};
    }
    found = resolver_.Evaluate(found.module, event.value, found.event);
  }
  const bool known = found.kind == TargetKind::Opaque && found.outside.valid() &&
                     found.answer != Answer::No && !found.unknown;
  return known ? Outside(found.module, found.outside) : Outside();
}

void StandardTwins::NoteIn(ModuleId module) {
  for (const Event &event : resolver_.Log(module).events) {
    if (event.kind != EventKind::Define) {
      continue;
    }
    const Found found = resolver_.Attribute(module, event.name);
    const bool defined = found.IsObject() &&
                         resolver_.Log(found.module).events[found.event].kind == EventKind::Define;
    if (defined || found.via == kNoEvent || !resolver_.Log(module).events[found.via].name.valid()) {
      continue;
    }
    if (const Outside outside = OutsideOf(found); outside.first.valid()) {
      twins_.try_emplace(outside, module, found.via);
    }
  }
}

const StandardTwins::Place *StandardTwins::Find(const Found &found) {
  const auto twin = twins_.empty() ? twins_.end() : twins_.find(OutsideOf(found));
  return twin == twins_.end() ? nullptr : &twin->second;
}

} // namespace pydefrag
