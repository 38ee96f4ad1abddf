// Resolver: the way from a path to what it reaches (resolve.h).
#include "base/check.h"
#include "link/resolve/resolve.h"

namespace pydefrag {

std::vector<std::pair<ModuleId, uint32_t>> Resolver::Hops(ModuleId module, NameId name) {
  std::vector<std::pair<ModuleId, uint32_t>> hops;
  ModuleId at = module;
  NameId wanted = name;
  Found found = Attribute(at, wanted);
  while (found.answer != Answer::No && found.via != kNoEvent && hops.size() < 64) {
    PD_CHECK(found.via < Log(at).events.size());
    hops.push_back({at, found.via});
    const Event &event = Log(at).events[found.via];
    if (found.IsObject() && found.module == at && found.event == found.via) {
      break;
    }
    if (event.kind == EventKind::From || event.kind == EventKind::Star) {
      const ImportTarget &search = TargetOf(at, event.statement);
      if (!search.module.valid() || !HasLog(search.module)) {
        break;
      }
      wanted = event.kind == EventKind::From ? view_.At(event.value).text : wanted;
      at = search.module;
      found = Attribute(at, wanted);
    } else if (event.kind == EventKind::Copy) {
      const Found source = CopySource(at, found.via);
      if (!source.IsModule() || !HasLog(source.module)) {
        break;
      }
      at = source.module;
      found = Attribute(at, wanted);
    } else if (event.kind == EventKind::Value && view_.Is(event.value, ExprKind::Name)) {
      wanted = view_.At(event.value).text;
      found = At(at, wanted, found.via);
    } else if (event.kind == EventKind::Value && view_.Is(event.value, ExprKind::Attribute)) {
      const Found base = Evaluate(at, view_.Child(event.value), found.via);
      if (!base.IsModule() || !HasLog(base.module)) {
        break;
      }
      wanted = view_.At(event.value).text;
      at = base.module;
      found = Attribute(at, wanted);
    } else {
      break;
    }
  }
  return hops;
}

} // namespace pydefrag
