// OtherEnds: what a cycle leaves behind in other orders of its members, and in other worlds of its
// conditions. A part of Simulator (import_ends.cpp), executed when somebody asks.
#pragma once

#include "link/execute/simulator.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace pydefrag {

// What each member leaves behind when it comes first, in cycles of a size that is seen; and what
// they leave where every condition is true, and where none is. Executed when somebody asks.
class Simulator::OtherEnds {
public:
  static constexpr size_t kMost = 16;
  static constexpr size_t kMostWorlds = 32;
  // `ends`: of the members in this order; `turned`: in the opposite one. `left_out`: members that
  // are not among these, as nobody knows whether they can be imported.
  OtherEnds(Simulator &simulator, std::vector<ModuleId> members, std::vector<ModuleId> left_out,
            const std::vector<ModuleId> &all, NamesOfMembers &names, const Ends &ends,
            const Ends &turned)
      : simulator_(simulator), members_(std::move(members)), left_out_(std::move(left_out)),
        all_(all), names_(names), ends_(ends), turned_(turned) {}

  // One for each member as the first; none in a cycle that is too large.
  const std::vector<Ends> &Rotations();

  // Whether the name holds something else when some member comes first.
  bool Differ(ModuleId module, NameId name, const Held &held);

  // Whether there is a world in which it surely holds something else.
  bool DifferInAWorld(ModuleId module, NameId name, const Held &held);

  // Whether there is a world in which it holds what the resolver says.
  bool HoldInAWorld(ModuleId module, NameId name);

  // Whether all worlds are seen, and tell that it holds something else, or nothing.
  bool NeverHolds(ModuleId module, NameId name);

  // Whether all worlds are seen, and tell that it holds what the resolver says.
  bool AlwaysHolds(ModuleId module, NameId name);

  // Whether it may be bound where one that was left out comes first.
  bool MayHoldBehindLeftOut(ModuleId module, NameId name);

private:
  bool InEveryWorld(llvm::function_ref<bool(const Ends &)> holds);
  const std::vector<Ends> &BehindLeftOut();
  const std::vector<Ends> &Worlds();
  const std::vector<Ends> &Reversed();
  const std::vector<Ends> &InWorlds(const std::vector<ModuleId> &order, std::vector<Ends> &worlds);

  // All worlds, in both orders, where several conditions make them; none where they are too many.
  const std::vector<Ends> &Chosen();
  bool Choose(const std::vector<ModuleId> &order);

  Simulator &simulator_;
  std::vector<ModuleId> members_;
  std::vector<ModuleId> left_out_;
  const std::vector<ModuleId> &all_;
  NamesOfMembers &names_;
  const Ends &ends_;
  const Ends &turned_;
  std::vector<Ends> rotations_;
  std::vector<Ends> behind_left_out_;
  std::vector<Ends> worlds_;
  std::vector<Ends> reversed_;
  bool saw_all_ = true; // these are all the worlds there are
  std::vector<Ends> chosen_;
  bool chose_ = false;
};

} // namespace pydefrag
