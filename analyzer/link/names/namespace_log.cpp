// NamespaceLog: the log of a module, by name.
#include "base/sorted.h"
#include "link/names/namespaces.h"

#include <algorithm>
#include <utility>

namespace pydefrag {

void NamespaceLog::Open(const llvm::Twine &reason, OpenedBy by, uint32_t within) {
  const bool otherwise = by == OpenedBy::Others;
  if (open_reason.empty()) {
    open_reason = reason.str();
  }
  opened_otherwise |= otherwise;
  if (within != kAlways) {
    opened_within.push_back(within);
    return;
  }
  if (always_open_reason.empty()) {
    always_open_reason = reason.str();
  }
  always_opened_otherwise |= otherwise;
}

void NamespaceLog::CloseWithin() {
  opened_within.clear();
  open_reason = always_open_reason;
  opened_otherwise = always_opened_otherwise;
}

void NamespaceLog::IndexEvents() {
  by_name.clear();
  stars.clear();
  for (uint32_t k = 0; k < events.size(); ++k) {
    const Event &event = events[k];
    if (event.kind == EventKind::Star || event.kind == EventKind::Copy) {
      stars.push_back(k);
    }
    if (event.name.valid()) {
      by_name.push_back(k);
    }
  }
  std::sort(by_name.begin(), by_name.end(), [&](uint32_t a, uint32_t b) {
    return std::pair(events[a].name, a) < std::pair(events[b].name, b);
  });
  names.clear();
  names.reserve(by_name.size());
  for (uint32_t k : by_name) {
    names.push_back(events[k].name);
  }
}

void InsertEvents(NamespaceLog &log, llvm::ArrayRef<Event> added) {
  for (const Event &event : added) {
    const auto behind = std::find_if(log.events.begin(), log.events.end(), [&](const Event &other) {
      return other.statement > event.statement;
    });
    log.events.insert(behind, event);
  }
  log.IndexEvents();
}

llvm::ArrayRef<uint32_t> NamespaceLog::Of(NameId name) const {
  const size_t first =
      CountBefore(names.data(), names.size(), [&](NameId each) { return each < name; });
  size_t last = first; // hardly a name has more than a few
  while (last < names.size() && names[last] == name) {
    ++last;
  }
  return llvm::ArrayRef(by_name).slice(first, last - first);
}

uint32_t NamespaceLog::PreviousArm(uint32_t header) const {
  auto it = std::lower_bound(previous_arms.begin(), previous_arms.end(),
                             std::pair<uint32_t, uint32_t>(header, 0));
  return it != previous_arms.end() && it->first == header ? it->second : header;
}

uint32_t NamespaceLog::FirstArm(uint32_t header) const {
  uint32_t first = header;
  for (uint32_t before = PreviousArm(first); before != first; before = PreviousArm(first)) {
    first = before;
  }
  return first;
}

} // namespace pydefrag
