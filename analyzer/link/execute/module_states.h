// ModuleStates: sys.modules and the modules' dicts while imports are executed on paper: what is
// loaded, what each module under way has bound so far. Every change can be rolled back, so that
// many first imports are tried from one state.
#pragma once

#include "link/names/namespaces.h"

#include "llvm/ADT/DenseMap.h"

#include <vector>

namespace pydefrag {

enum class Loaded : uint8_t { No, UnderWay, Yes };

// What a name holds.
struct Held {
  enum Kind : uint8_t { Absent, Object, Module } kind = Absent;
  bool maybe = false;    // bound in some worlds only: under a condition that nobody can decide
  bool either = false;   // maybe this, maybe something else, but bound in all worlds
  bool doubtful = false; // nobody knows whether it is bound
  bool several = false;  // bound, but maybe to something else, as the module's log tells
  bool served = false;   // by the module's `__getattr__`: its dict does not hold it
  bool unseen = false;   // doubtful: nothing that is seen binds it, but the module is open
  ModuleId module;       // Module: which; Object: the module whose statement made it, if known
  uint32_t event = 0xffffffff; // Object: of `module`'s log; kNoEvent: not known

  bool bound() const { return kind != Absent; }
};

struct LoadState {
  Loaded loaded = Loaded::No;
  bool open = false;      // holds names that nobody knows
  uint32_t outside = 0;   // the run in which it was imported from another component
  uint32_t failed = 0;    // the run in which that failed
  uint32_t statement = 0; // being executed, while under way
};

class ModuleStates {
public:
  explicit ModuleStates(size_t modules) {
    states_.resize(modules);
    dicts_.resize(modules);
  }

  // Looking names up may add modules: of those nothing is known yet.
  const LoadState &Of(ModuleId module) const {
    static const LoadState kUnknown;
    return Knows(module) ? states_[module] : kUnknown;
  }
  void SetLoaded(ModuleId module, Loaded loaded);
  void SetOpen(ModuleId module);
  void SetOutside(ModuleId module);
  bool IsOutside(ModuleId module) const { return Of(module).outside == run_; }
  void SetFailed(ModuleId module);
  bool HasFailed(ModuleId module) const { return Of(module).failed == run_; }
  // A run knows nothing of what others imported from outside; returns the one it interrupts.
  uint32_t BeginRun();
  void EndRun(uint32_t interrupted) { run_ = interrupted; }
  // Not undone: it only means something while the module is under way.
  void SetStatement(ModuleId module, uint32_t statement) {
    MakeRoom(module);
    states_[module].statement = statement;
  }

  Held Get(ModuleId module, NameId name) const { return DictOf(module).lookup(name); }
  void Put(ModuleId module, NameId name, Held held);
  void Clear(ModuleId module); // a failed import leaves nothing
  const llvm::DenseMap<NameId, Held> &DictOf(ModuleId module) const {
    return Knows(module) ? dicts_[module] : no_names_;
  }

  // Modules that were loaded since `mark` and are, in the order in which that began.
  std::vector<ModuleId> LoadedSince(size_t mark) const;

  size_t Mark() const { return undo_.size(); }
  void RollBack(size_t mark);

private:
  struct Change {
    ModuleId module;
    NameId name; // invalid: the state changed, not the dict
    Held held;
    LoadState state;
  };
  bool Knows(ModuleId module) const { return static_cast<size_t>(module.index) < states_.size(); }
  void MakeRoom(ModuleId module) {
    if (!Knows(module)) {
      states_.resize(static_cast<size_t>(module.index) + 1);
      dicts_.resize(states_.size());
    }
  }
  LoadState &ToChange(ModuleId module); // remembers what it was

  IdVector<ModuleId, LoadState> states_;
  IdVector<ModuleId, llvm::DenseMap<NameId, Held>> dicts_;
  const llvm::DenseMap<NameId, Held> no_names_;
  std::vector<Change> undo_;
  uint32_t run_ = 1;
  uint32_t runs_ = 1;
};

} // namespace pydefrag
