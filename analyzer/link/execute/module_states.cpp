#include "link/execute/module_states.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

LoadState &ModuleStates::ToChange(ModuleId module) {
  MakeRoom(module);
  undo_.push_back({module, NameId(), {}, states_[module]});
  return states_[module];
}

void ModuleStates::SetLoaded(ModuleId module, Loaded loaded) {
  ToChange(module).loaded = loaded;
}

void ModuleStates::SetOpen(ModuleId module) {
  ToChange(module).open = true;
}

void ModuleStates::SetOutside(ModuleId module) {
  ToChange(module).outside = run_;
}

void ModuleStates::SetFailed(ModuleId module) {
  ToChange(module).failed = run_;
}

uint32_t ModuleStates::BeginRun() {
  const uint32_t interrupted = run_;
  run_ = ++runs_;
  return interrupted;
}

void ModuleStates::Put(ModuleId module, NameId name, Held held) {
  if (!name.valid()) {
    return;
  }
  MakeRoom(module);
  Held &slot = dicts_[module][name];
  undo_.push_back({module, name, slot, {}});
  slot = held;
}

void ModuleStates::Clear(ModuleId module) {
  MakeRoom(module);
  for (auto &[name, held] : dicts_[module]) {
    if (held.bound()) {
      undo_.push_back({module, name, held, {}});
      held = Held();
    }
  }
  ToChange(module).open = false;
}

std::vector<ModuleId> ModuleStates::LoadedSince(size_t mark) const {
  std::vector<ModuleId> loaded;
  for (const Change &change : llvm::ArrayRef(undo_).drop_front(mark)) {
    const bool is = states_[change.module].loaded == Loaded::Yes || IsOutside(change.module);
    if (!change.name.valid() && is && !llvm::is_contained(loaded, change.module)) {
      loaded.push_back(change.module);
    }
  }
  return loaded;
}

void ModuleStates::RollBack(size_t mark) {
  while (undo_.size() > mark) {
    const Change &change = undo_.back();
    if (change.name.valid()) {
      dicts_[change.module][change.name] = change.held;
    } else {
      states_[change.module] = change.state;
    }
    undo_.pop_back();
  }
}

} // namespace pydefrag
