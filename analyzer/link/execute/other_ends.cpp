#include "link/execute/other_ends.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

const std::vector<Simulator::Ends> &Simulator::OtherEnds::Rotations() {
  if (rotations_.empty() && members_.size() <= kMost) {
    std::vector<ModuleId> order = members_;
    for (size_t i = 0; i < members_.size(); ++i) {
      const bool known = i == 0 || members_.size() == 2;
      rotations_.push_back(!known   ? simulator_.EndsOf(order, all_, names_)
                           : i == 0 ? ends_
                                    : turned_);
      std::rotate(order.begin(), order.begin() + 1, order.end());
    }
  }
  return rotations_;
}

bool Simulator::OtherEnds::Differ(ModuleId module, NameId name, const Held &held) {
  return llvm::any_of(Rotations(), [&](const Ends &ends) {
    const Held *other = ends.Find(module, name);
    return other != nullptr && !NamesNow::Same(*other, held);
  });
}

bool Simulator::OtherEnds::DifferInAWorld(ModuleId module, NameId name, const Held &held) {
  const auto other = [&](const Ends &ends) {
    const Held *there = ends.Find(module, name);
    return there && !there->doubtful && !NamesNow::Same(*there, held);
  };
  return llvm::any_of(Worlds(), other) || llvm::any_of(Reversed(), other);
}

bool Simulator::OtherEnds::HoldInAWorld(ModuleId module, NameId name) {
  const Held told = NamesNow::Of(simulator_.resolver_.Attribute(module, name));
  return llvm::any_of(Worlds(), [&](const Ends &ends) {
    const Held *held = ends.Find(module, name);
    return held && !held->doubtful && NamesNow::Same(*held, told);
  });
}

bool Simulator::OtherEnds::InEveryWorld(llvm::function_ref<bool(const Ends &)> holds) {
  if (Worlds().empty() || !llvm::all_of(Worlds(), holds) || !llvm::all_of(Reversed(), holds)) {
    return false;
  }
  return saw_all_ || (!Chosen().empty() && llvm::all_of(Chosen(), holds));
}

bool Simulator::OtherEnds::NeverHolds(ModuleId module, NameId name) {
  const Found found = simulator_.resolver_.Attribute(module, name);
  const Held told = NamesNow::Of(found);
  if (!told.bound() || told.doubtful || (!found.IsObject() && !found.IsModule())) {
    return false;
  }
  return InEveryWorld([&](const Ends &ends) {
    const Held *held = ends.Find(module, name);
    return held && !held->doubtful && !held->maybe && !NamesNow::Same(*held, told);
  });
}

bool Simulator::OtherEnds::AlwaysHolds(ModuleId module, NameId name) {
  const Held told = NamesNow::Of(simulator_.resolver_.Attribute(module, name));
  return told.bound() && !told.doubtful && InEveryWorld([&](const Ends &ends) {
           const Held *held = ends.Find(module, name);
           return held && !held->doubtful && !held->maybe && NamesNow::Same(*held, told);
         });
}

// In some world they work, and then others may follow.
const std::vector<Simulator::Ends> &Simulator::OtherEnds::BehindLeftOut() {
  if (!behind_left_out_.empty()) {
    return behind_left_out_;
  }
  for (auto conditions : {Executor::Conditions::AllTrue, Executor::Conditions::AllFalse}) {
    for (ModuleId first : left_out_) {
      simulator_.executor_.ForgetConditions();
      simulator_.executor_.conditions = conditions;
      std::vector<ModuleId> order = {first};
      order.insert(order.end(), members_.begin(), members_.end());
      behind_left_out_.push_back(simulator_.EndsOf(order, all_, names_));
    }
  }
  simulator_.executor_.conditions = Executor::Conditions::Open;
  return behind_left_out_;
}

bool Simulator::OtherEnds::MayHoldBehindLeftOut(ModuleId module, NameId name) {
  if (left_out_.size() > kMost) {
    return true; // nobody looks
  }
  return llvm::any_of(BehindLeftOut(), [&](const Ends &ends) {
    const Held *held = ends.Find(module, name);
    return held != nullptr && held->bound();
  });
}

const std::vector<Simulator::Ends> &Simulator::OtherEnds::Worlds() {
  return InWorlds(members_, worlds_);
}

const std::vector<Simulator::Ends> &Simulator::OtherEnds::Reversed() {
  const std::vector<ModuleId> order(members_.rbegin(), members_.rend());
  return InWorlds(order, reversed_);
}

const std::vector<Simulator::Ends> &
Simulator::OtherEnds::InWorlds(const std::vector<ModuleId> &order, std::vector<Ends> &worlds) {
  if (worlds.empty() && members_.size() <= kMost) {
    simulator_.executor_.ForgetConditions();
    for (auto conditions : {Executor::Conditions::AllTrue, Executor::Conditions::AllFalse}) {
      simulator_.executor_.conditions = conditions;
      worlds.push_back(simulator_.EndsOf(order, all_, names_));
    }
    simulator_.executor_.conditions = Executor::Conditions::Open;
    saw_all_ &= simulator_.executor_.MetOneCondition();
  }
  return worlds;
}

const std::vector<Simulator::Ends> &Simulator::OtherEnds::Chosen() {
  if (!chose_) {
    chose_ = true;
    const std::vector<ModuleId> reversed(members_.rbegin(), members_.rend());
    if (!Choose(members_) || !Choose(reversed)) {
      chosen_.clear();
    }
    simulator_.executor_.conditions = Executor::Conditions::Open;
  }
  return chosen_;
}

bool Simulator::OtherEnds::Choose(const std::vector<ModuleId> &order) {
  simulator_.executor_.ForgetConditions();
  simulator_.executor_.conditions = Executor::Conditions::Chosen;
  for (size_t i = 0; i < kMostWorlds; ++i) {
    chosen_.push_back(simulator_.EndsOf(order, all_, names_));
    if (!simulator_.executor_.ChooseNext()) {
      return simulator_.executor_.ChoseAll();
    }
  }
  return false;
}

} // namespace pydefrag
