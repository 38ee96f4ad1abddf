// Simulator: cycles whose end hangs on which member came first (simulator.h).
#include "link/execute/simulator.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// Some cycles fail when one member comes first and work when another does. Who imports such a
// cycle therefore matters to everything above it: the *context* is which member came first, for
// each fragile cycle that was touched so far. Modules above are remembered per context.

void Simulator::NoteFragile(const std::vector<ModuleId> &members) {
  size_t failing = 0;
  size_t working = 0;
  for (ModuleId member : members) {
    failing += project_.outcomes[member].status == ImportOutcome::Fails;
    working += project_.outcomes[member].status == ImportOutcome::Ok;
  }
  bool touches = members.size() > 1 && failing > 0 && working > 0;
  if (touches) {
    fragile_.insert(names_.component());
  }
  for (ModuleId member : members) {
    for (ModuleId target : graph_.edges[member]) {
      touches |= touches_fragile_[target] != 0;
    }
  }
  for (ModuleId member : members) {
    touches_fragile_[member] = touches;
  }
}

const ModuleId *Simulator::FirstOf(int32_t component) const {
  for (const auto &[touched, first] : context_) {
    if (touched == component) {
      return &first;
    }
  }
  return nullptr;
}

// A module of another component, in the context of this import.
std::optional<Failure> Simulator::LoadOther(ModuleId module) {
  if (!touches_fragile_[module]) {
    return Decided(module);
  }
  const int32_t component = graph_.ComponentOf(module);
  if (fragile_.contains(component)) {
    const ModuleId *first = FirstOf(component);
    if (first) {
      return LoadAfter(component, *first, module);
    }
    auto failure = Decided(module);
    if (!failure) {
      context_.push_back({component, module});
      llvm::sort(context_);
    }
    return failure;
  }
  return LoadInContext(component, module);
}

// A module that is no part of a fragile cycle: its statements are executed once for each context.
std::optional<Failure> Simulator::LoadInContext(int32_t component, ModuleId module) {
  const auto key = std::make_pair(module, ContextId());
  if (auto it = in_context_.find(key); it != in_context_.end()) {
    context_ = it->second.after;
    return Again(it->second);
  }
  const NamesNow::Scope outer = names_.scope();
  const size_t mark = states_.Mark();
  const uint32_t run = states_.BeginRun();
  names_.SetComponent(component);
  Remembered remembered;
  const std::string doubt = std::move(executor_.doubt);
  executor_.doubt.clear();
  const std::vector<ModuleId> stayed = std::exchange(names_.stayed, {});
  remembered.failure = Load(module);
  remembered.doubt = executor_.doubt;
  executor_.doubt = doubt;
  remembered.after = context_;
  NoteLeft(remembered.failure, mark);
  states_.RollBack(mark);
  states_.EndRun(run);
  names_.SetScope(outer);
  remembered.stayed = std::exchange(names_.stayed, stayed);
  return Again(in_context_[key] = std::move(remembered));
}

// Another member of a cycle that `first` led into.
std::optional<Failure> Simulator::LoadAfter(int32_t component, ModuleId first, ModuleId module) {
  const auto key = std::make_pair(first, module);
  if (auto it = after_.find(key); it != after_.end()) {
    return Again(it->second);
  }
  const NamesNow::Scope outer = names_.scope();
  const size_t mark = states_.Mark();
  const Context context = context_;
  const uint32_t run = states_.BeginRun();
  names_.SetComponent(component);
  const std::string doubt = std::move(executor_.doubt);
  executor_.doubt.clear();
  const std::vector<ModuleId> stayed = std::exchange(names_.stayed, {});
  std::optional<Failure> failure = Load(first);
  if (!failure) {
    failure = Load(module);
  }
  NoteLeft(failure, mark);
  states_.RollBack(mark);
  states_.EndRun(run);
  context_ = context;
  names_.SetScope(outer);
  Remembered remembered{failure, executor_.doubt, {}, std::exchange(names_.stayed, stayed)};
  executor_.doubt = doubt;
  return Again(after_[key] = std::move(remembered));
}

// What is remembered of a load happens in this run, too.
std::optional<Failure> Simulator::Again(const Remembered &remembered) {
  if (!remembered.doubt.empty()) {
    executor_.Doubt(remembered.doubt);
  }
  if (!remembered.failure) {
    names_.Stay(remembered.stayed);
  }
  return remembered.failure;
}

// What a failed import has loaded stays, though the run is undone.
void Simulator::NoteLeft(std::optional<Failure> &failure, size_t mark) const {
  if (failure) {
    const std::vector<ModuleId> loaded = states_.LoadedSince(mark);
    failure->left.insert(failure->left.end(), loaded.begin(), loaded.end());
  }
}

unsigned Simulator::ContextId() {
  auto [it, inserted] = context_ids_.try_emplace(std::vector(context_.begin(), context_.end()),
                                                 static_cast<unsigned>(context_ids_.size()));
  return it->second;
}

} // namespace pydefrag
