// Answers: what the resolver remembers.
#pragma once

#include "base/near_names.h"
#include "link/flow/possible_names.h"
#include "link/names/conditions.h"
#include "link/names/lazy_names.h"
#include "link/resolve/found.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace pydefrag {

// Of a name, an event or a statement of a module, by its number.
inline uint64_t AnswerKey(ModuleId module, uint32_t index) {
  return (static_cast<uint64_t>(static_cast<uint32_t>(module.index)) << 32) | index;
}

struct Memo {
  Found found;
  uint32_t stamp = 0; // of the outermost question; 0: final
  bool in_progress = false;
  uint32_t depth = 0;
};
// What was answered, by module and name. The hash table has nothing but places: a look-up that
// finds nothing, as most do, touches little memory. An answer stays where it is until `clear`.
class AttributeMemo {
public:
  Memo *Find(uint64_t key) {
    const auto place = places_.find(key);
    return place == places_.end() ? nullptr : &memos_[place->second];
  }
  Memo &Add(uint64_t key) {
    const auto [place, added] = places_.try_emplace(key, static_cast<uint32_t>(memos_.size()));
    return added ? memos_.emplace_back() : memos_[place->second];
  }
  void clear() {
    places_.clear();
    memos_.clear();
  }

private:
  llvm::DenseMap<uint64_t, uint32_t> places_; // in `memos_`
  std::deque<Memo> memos_;
};
// Everything that was answered, and what the simulation told.
struct Answers {
  AttributeMemo attributes;
  llvm::DenseMap<uint64_t, Tri> reach, arms, arms_here;
  llvm::DenseMap<uint64_t, ImportFailure> failures;
  llvm::DenseMap<uint64_t, uint32_t> first_failures;
  llvm::DenseMap<ModuleId, uint32_t> exits;
  llvm::DenseMap<ModuleId, ModuleId> stand_ins;
  llvm::DenseMap<ModuleId, std::unique_ptr<AllNames>> all;
  llvm::DenseMap<ModuleId, std::unique_ptr<LazyNames>> lazy;
  llvm::DenseMap<ModuleId, std::unique_ptr<StarNames>> exports;
  llvm::DenseMap<ModuleId, std::unique_ptr<NearNames>> near;
  llvm::DenseMap<uint64_t, Found> overrides;
  llvm::DenseMap<ModuleId, std::vector<NameId>> override_names;
  llvm::DenseMap<ModuleId, std::unique_ptr<PossibleStrings>> possible;
  // Keys of tables that the module's hooks ask, beside the entries of `lazy`.
  llvm::DenseMap<ModuleId, std::vector<PossibleStrings>> served;
  // Modules whose made hook takes the last word of a dotted text from the module before it.
  llvm::DenseSet<ModuleId> takes_last_words;
  llvm::DenseMap<ModuleId, bool> loads_writer;

  bool Overrides(ModuleId module, NameId name) const {
    return overrides.contains(AnswerKey(module, static_cast<uint32_t>(name.index)));
  }
  // What was answered before the simulation told something; what it told stays.
  void Forget() {
    attributes.clear();
    reach.clear();
    arms.clear();
    arms_here.clear();
    failures.clear();
    first_failures.clear();
    exits.clear();
    stand_ins.clear();
    all.clear();
    exports.clear();
    near.clear();
  }
};

} // namespace pydefrag
