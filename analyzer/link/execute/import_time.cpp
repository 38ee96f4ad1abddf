#include "link/execute/import_time.h"

#include "link/execute/simulator.h"

#include "llvm/ADT/STLExtras.h"

#include <utility>

namespace pydefrag {

// Statements executed for one component before what is left of it is answered "unknown": so many,
// and so many for each that it has. Trying every member of a cycle takes up to the square of its
// size; real cycles take less than 200,000 steps.
static constexpr size_t kSteps = 2'000'000;
static constexpr size_t kStepsForEach = 20;

void Simulator::Run(const IdVector<ModuleId, PlainModule> &plain) {
  project_.outcomes.resize(project_.modules.size());
  for (size_t c = 0; c < graph_.components.size(); ++c) {
    const ModuleId first = graph_.components[c].front();
    if (plain[first].plain && Foretell(first, plain[first].loads)) {
      continue;
    }
    names_.SetComponent(static_cast<int32_t>(c));
    decided_ = static_cast<int32_t>(c);
    const std::vector<ModuleId> &members = graph_.components[c];
    executor_.steps = 0;
    executor_.step_limit = BudgetOf(members);
    names_.surprised = false;
    names_.caught_elsewhere = false;
    names_.leans_on_order = false;
    for (const auto &[package, below] : GroupByPackage(members)) {
      TryGroup(package, below);
    }
    NoteCaught(members);
    MarkCertain(members);
    NoteFragile(members);
    if (names_.surprised || touches_caught_[first]) {
      CompareEnds(members);
    }
  }
  OverrideLoadedInstead();
  OverrideServed();
  for (const auto &[module, name, found] : overrides_) {
    resolver_.Override(module, name, found);
  }
  NoteLateFailures();
}

size_t Simulator::BudgetOf(const std::vector<ModuleId> &members) const {
  size_t statements = 0;
  for (ModuleId member : members) {
    statements += project_.StatementsOf(member).size();
  }
  return kSteps + kStepsForEach * statements;
}

// The outcome of a plain module, when what it imports tells: it works, or nobody knows for the
// first reason that stands in its way.
bool Simulator::Foretell(ModuleId module, llvm::ArrayRef<PlainLoad> loads) {
  bool doubtful = false;
  for (ModuleId at = project_.modules[module].parent; at.valid();
       at = project_.modules[at].parent) {
    if (resolver_.Log(at).replaced()) {
      return false; // it may not be found
    }
  }
  for (ModuleId target : graph_.edges[module]) {
    const ImportOutcome::Status status = project_.outcomes[target].status;
    if (status == ImportOutcome::Fails || touches_fragile_[target] || touches_caught_[target] ||
        names_.HasEnds(target) || stayed_.contains(target)) {
      return false;
    }
    doubtful |= status == ImportOutcome::Unknown;
  }
  if (!doubtful) {
    return true;
  }
  ModuleId first = FirstUnknown(project_.modules[module].parent);
  for (const PlainLoad &load : loads) {
    if (first.valid()) {
      break;
    }
    first = FirstUnknown(load.module);
    if (first == load.module && load.only_if_unbound) {
      return false;
    }
  }
  if (first.valid()) {
    project_.outcomes[module].status = ImportOutcome::Unknown;
    project_.outcomes[module].reason = project_.outcomes[first].reason;
    if (may_only_end_.contains(first)) {
      may_only_end_.insert(module);
    }
  }
  return true;
}

// The outermost one of a module and the packages above it of which nobody knows whether it works.
ModuleId Simulator::FirstUnknown(ModuleId module) const {
  ModuleId first;
  for (ModuleId at = module; at.valid(); at = project_.modules[at].parent) {
    first = project_.outcomes[at].status == ImportOutcome::Unknown ? at : first;
  }
  return first;
}

// Members below the same outermost package of the cycle: importing any of them runs that package
// first, so it is executed once for all.
std::vector<std::pair<ModuleId, std::vector<ModuleId>>>
Simulator::GroupByPackage(const std::vector<ModuleId> &members) const {
  std::vector<std::pair<ModuleId, std::vector<ModuleId>>> groups;
  llvm::DenseMap<ModuleId, size_t> group_of;
  for (ModuleId member : members) {
    ModuleId top = member;
    for (ModuleId at = member; at.valid(); at = project_.modules[at].parent) {
      top = graph_.ComponentOf(at) == names_.component() ? at : top;
    }
    auto [it, inserted] = group_of.try_emplace(top, groups.size());
    if (inserted) {
      groups.push_back({top, {}});
    }
    groups[it->second].second.push_back(member);
  }
  return groups;
}

void Simulator::TryGroup(ModuleId package, const std::vector<ModuleId> &members) {
  names_.stayed.clear();
  const ImportOutcome first = TryEntry(package);
  const Doubt doubt{executor_.doubt, executor_.doubts_more};
  const size_t mark = states_.Mark();
  const size_t stayed = names_.stayed.size();
  names_.NoteLoadedWithParent(first.status == ImportOutcome::Fails ? std::vector<ModuleId>()
                                                                   : members);
  for (ModuleId member : members) {
    if (member == package || first.status == ImportOutcome::Fails) {
      project_.outcomes[member] = first;
      if (first.status == ImportOutcome::Fails) {
        failures_[member] = failures_.lookup(package);
      }
      continue;
    }
    project_.outcomes[member] = TryEntry(member, doubt);
    states_.RollBack(mark);
    names_.stayed.resize(stayed);
  }
  states_.RollBack(0);
}

ImportOutcome Simulator::TryEntry(ModuleId entry, const Doubt &before) {
  ImportOutcome outcome;
  executor_.doubt = before.about;
  executor_.doubts_more = before.more;
  executor_.doubted_import = ModuleId();
  executor_.imported_softly = false;
  executor_.ForgetConditions();
  names_.entry = entry;
  context_.clear();
  const size_t mark = states_.Mark();
  const std::vector<ModuleId> stayed = names_.stayed;
  std::optional<Failure> failure;
  if (executor_.steps <= executor_.step_limit) {
    failure = LoadBelow(entry);
    NoteLeft(failure, 0);
  }
  if (executor_.steps > executor_.step_limit) {
    return {ImportOutcome::Unknown, true, "the cycle is too large to execute on paper", {}};
  }
  const bool of_run = failure && (failure->of_run || failure->circular || failure->needs.valid());
  if (of_run && !executor_.doubts_more && executor_.imported_softly) {
    const std::string told = executor_.doubt;
    states_.RollBack(mark);
    const bool either_way = TryInWorld(Executor::Conditions::AllTrue, entry).failure &&
                            TryInWorld(Executor::Conditions::AllFalse, entry).failure;
    executor_.doubt = either_way ? told : "under a condition: " + failure->reason;
    executor_.doubts_more = !either_way;
  }
  if ((!failure || of_run) && before.about.empty() && !executor_.doubt.empty() &&
      executor_.MetOneCondition()) {
    const std::string told = executor_.doubt;
    states_.RollBack(mark);
    const InWorld either = TryEitherWay(entry);
    if (either.failure) {
      failure = either.failure;
    } else { // as before
      names_.stayed = stayed;
      context_.clear();
      if (!failure) {
        LoadBelow(entry);
      }
      executor_.doubt = either.works && !failure ? "" : told;
    }
  }
  // Where an arm may have ended the import before, it fails in either case.
  const bool doubted = !executor_.doubt.empty();
  if (failure && !(doubted && of_run && executor_.doubts_more)) {
    outcome.status = ImportOutcome::Fails;
    outcome.reason = failure->reason;
    outcome.chain.assign(failure->chain.rbegin(), failure->chain.rend());
    failures_[entry] = std::move(*failure);
  } else if (doubted) {
    outcome.status = ImportOutcome::Unknown;
    outcome.reason = executor_.doubt;
    if (!executor_.doubts_more) {
      may_only_end_.insert(entry);
    }
  }
  if (!failure) {
    NoteStayed(entry);
  }
  return outcome;
}

// Behind a handler that caught what failed in another module, components do not end alike for
// everybody: what failed is executed again by the next one who imports it, and what it had loaded
// by then is still there.
void Simulator::NoteCaught(const std::vector<ModuleId> &members) {
  bool touches = names_.caught_elsewhere;
  for (ModuleId member : members) {
    for (ModuleId target : graph_.edges[member]) {
      touches |= touches_caught_[target] != 0;
    }
  }
  for (ModuleId member : members) {
    touches_caught_[member] = touches;
  }
  if (touches) {
    TryWhole(members);
  }
}

// Each member again, with all that it imports executed in one run.
void Simulator::TryWhole(const std::vector<ModuleId> &members) {
  const int32_t component = names_.component();
  for (ModuleId member : members) {
    if (project_.outcomes[member].status == ImportOutcome::Unknown ||
        steps_of_whole_ > kStepsOfWhole) {
      continue;
    }
    names_.ExecuteAll();
    names_.stayed.clear();
    const size_t steps = std::exchange(executor_.steps, 0);
    ImportOutcome outcome = TryEntry(member);
    states_.RollBack(0);
    names_.SetComponent(component);
    steps_of_whole_ += std::exchange(executor_.steps, steps);
    if (outcome.status != project_.outcomes[member].status) {
      project_.outcomes[member] = std::move(outcome);
    }
  }
}

// How the import surely ends in such a world, too: what soft statements imported may have decided
// it.
Simulator::InWorld Simulator::TryInWorld(Executor::Conditions conditions, ModuleId entry) {
  const size_t mark = states_.Mark();
  context_.clear();
  executor_.doubt.clear();
  executor_.conditions = conditions;
  InWorld end;
  end.failure = LoadBelow(entry);
  NoteLeft(end.failure, 0);
  const bool sure = executor_.doubt.empty();
  end.works = sure && !end.failure && executor_.steps <= executor_.step_limit;
  end.failure = sure ? std::move(end.failure) : std::nullopt;
  executor_.conditions = Executor::Conditions::Open;
  executor_.doubt.clear();
  states_.RollBack(mark);
  return end;
}

// What it comes to where the only condition is true, when it comes to that where that is false as
// well.
Simulator::InWorld Simulator::TryEitherWay(ModuleId entry) {
  InWorld end = TryInWorld(Executor::Conditions::AllTrue, entry);
  if (end.failure || end.works) {
    const InWorld other = TryInWorld(Executor::Conditions::AllFalse, entry);
    // Where that is false, there may be others.
    const bool all = executor_.MetOneCondition();
    end.works &= all && other.works;
    end.failure = all && other.failure ? std::move(end.failure) : std::nullopt;
  }
  return end;
}

// Modules that cannot be imported first, and stayed when this one led to them: a handler caught
// what failed. Whoever imports this one finds them.
void Simulator::NoteStayed(ModuleId entry) {
  for (ModuleId module : names_.stayed) {
    if (project_.outcomes[module].status != ImportOutcome::Ok || touches_fragile_[module]) {
      stayed_[entry].push_back(module);
    }
  }
}

// A failure that every member of the cycle meets, or that needs no cycle, is certain. Who enters a
// cycle from outside, where it fails, works after another one has entered it elsewhere.
void Simulator::MarkCertain(const std::vector<ModuleId> &members) {
  if (members.size() < 2) {
    const ModuleId module = members.front();
    ImportOutcome &outcome = project_.outcomes[module];
    outcome.certain = outcome.status != ImportOutcome::Fails ||
                      !llvm::StringRef(outcome.reason).contains("circular import") ||
                      llvm::none_of(graph_.edges[module], [&](ModuleId target) {
                        return project_.outcomes[target].status == ImportOutcome::Fails &&
                               !project_.outcomes[target].certain;
                      });
    return;
  }
  size_t failing = 0;
  for (ModuleId member : members) {
    failing += project_.outcomes[member].status == ImportOutcome::Fails;
  }
  for (ModuleId member : members) {
    project_.outcomes[member].certain = failing == members.size();
  }
}

// What a `__getattr__` imports from a module that cannot be imported it does not serve.
void Simulator::OverrideServed() {
  for (size_t i = 0; i < graph_.component_of.size(); ++i) {
    const ModuleId module(i);
    if (!resolver_.Log(module).lazy || !project_.modules[module].first_party) {
      continue;
    }
    for (const LazyEntry &served : resolver_.Lazy(module).entries) {
      const LazyEntry *entry = resolver_.ImporterOf(module, served.name);
      const ModuleId source =
          entry ? resolver_.TargetOf(entry->home, entry->source_statement).module : ModuleId();
      if (graph_.ComponentOf(source) < 0) {
        continue;
      }
      const ImportOutcome &outcome = project_.outcomes[source];
      if (outcome.status == ImportOutcome::Fails && outcome.certain) {
        Found found;
        found.answer = Answer::Maybe;
        found.kind = TargetKind::Opaque;
        found.unknown = found.broken = found.lazy = true;
        found.reason = "the `__getattr__` that serves it imports what cannot be imported";
        overrides_.push_back({module, served.name, found});
      }
    }
  }
}

void SimulateImports(Project &project, Resolver &resolver, const ImportGraph &graph,
                     unsigned jobs) {
  Simulator(project, resolver, graph).Run(FindPlainModules(project, resolver, graph, jobs));
}

} // namespace pydefrag
