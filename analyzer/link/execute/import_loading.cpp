// Simulator: one module and the packages above it are loaded (simulator.h).
#include "link/execute/simulator.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

// Loads a module after the packages above it.
std::optional<Failure> Simulator::Load(ModuleId module) {
  if (names_.InSysModules(module)) {
    return std::nullopt; // whatever became of the packages above it
  }
  const int32_t component = graph_.ComponentOf(module);
  const ModuleId *first = component != names_.component() ? FirstOf(component) : nullptr;
  if (first && IsLoadedAfter(*first, module)) {
    states_.SetOutside(module);
    names_.BindInParent(module);
    return std::nullopt; // a member of a fragile cycle, and the first one led to it
  }
  return LoadBelow(module);
}

// The packages above it are loaded first, up from the innermost one that is in `sys.modules`: the
// packages above that one may have failed and left it there (CPython importlib/_bootstrap.py,
// _find_and_load_unlocked).
std::optional<Failure> Simulator::LoadBelow(ModuleId module) {
  llvm::SmallVector<ModuleId, 8> to_load{module};
  ModuleId above = project_.modules[module].parent;
  for (; above.valid() && !names_.InSysModules(above); above = project_.modules[above].parent) {
    to_load.push_back(above);
  }
  for (ModuleId next : llvm::reverse(to_load)) {
    bool another = false; // may be loaded by its name
    auto failure = above.valid() ? FindBelow(above, next, another) : std::nullopt;
    failure = failure ? std::move(failure) : LoadOne(next);
    if (failure && !another) {
      return failure;
    }
    above = next;
  }
  return std::nullopt;
}

// Whether a submodule can be found below its package, when that may have put another module into
// its place.
std::optional<Failure> Simulator::FindBelow(ModuleId package, ModuleId module, bool &another) {
  const ModuleId stand_in = names_.InPlaceOf(package);
  if (stand_in == package || names_.InSysModules(module)) {
    return std::nullopt;
  }
  const bool may_be_loaded = !names_.Executes(package) && names_.Reaches(package, module);
  if (may_be_loaded && LoadsWith(package, module)) {
    return std::nullopt;
  }
  const llvm::StringRef name = project_.Text(project_.modules[module].name);
  const NameId last = project_.scanned.names.Find(name.rsplit('.').second);
  const bool is_package = stand_in.valid() && resolver_.table().IsPackage(stand_in);
  const ModuleId instead = is_package ? names_.Child(stand_in, last) : ModuleId();
  if (instead.valid() && resolver_.HasLog(instead) && !names_.Reaches(package, module)) {
    loaded_instead_[module] = instead;
  }
  if (may_be_loaded || !stand_in.valid() || !project_.modules[stand_in].first_party ||
      instead.valid() || (is_package && resolver_.table().HasOpenChildren(stand_in))) {
    executor_.Doubt("its package is replaced in `sys.modules`");
    another = true;
    return std::nullopt;
  }
  Failure failure;
  failure.kind = ExceptionKind::NoModule;
  failure.reason = "ModuleNotFoundError: No module named '" + name.str() + "'";
  if (!is_package) {
    failure.reason +=
        "; '" + project_.Text(project_.modules[package].name).str() + "' is not a package";
  }
  return failure;
}

// Below a package that put another one into its place, imports find what lies below that one, and
// execute it again by the name of what lies here: so all that it has.
void Simulator::OverrideLoadedInstead() {
  for (const auto &[module, instead] : loaded_instead_) {
    std::vector<NameId> names = resolver_.FindBoundNames(module);
    llvm::append_range(names, resolver_.FindBoundNames(instead));
    llvm::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (NameId name : names) {
      overrides_.push_back({module, name, resolver_.Attribute(instead, name)});
    }
  }
}

// The same of a member of a fragile cycle, when the first one is imported.
bool Simulator::IsLoadedAfter(ModuleId first, ModuleId module) {
  const auto key = std::make_pair(first, module);
  if (auto it = loaded_after_.find(key); it != loaded_after_.end()) {
    return it->second;
  }
  const bool loads = LoadsWith(first, module);
  return loaded_after_[key] = loads;
}

// Whether importing a package of another component surely imports the submodule.
bool Simulator::LoadsWith(ModuleId package, ModuleId module) {
  const NamesNow::Scope outer = names_.scope();
  const size_t mark = states_.Mark();
  const Context context = context_;
  const uint32_t run = states_.BeginRun();
  names_.SetComponent(graph_.ComponentOf(package));
  const std::string doubt = std::exchange(executor_.doubt, "");
  const std::vector<ModuleId> stayed = names_.stayed;
  const bool loads = !Load(package) && executor_.doubt.empty() && names_.InSysModules(module);
  executor_.doubt = doubt;
  names_.stayed = stayed;
  states_.RollBack(mark);
  states_.EndRun(run);
  context_ = context;
  names_.SetScope(outer);
  return loads;
}

std::optional<Failure> Simulator::LoadOne(ModuleId module) {
  const Module &m = project_.modules[module];
  if (!m.file.valid()) { // a namespace has no code
    if (m.first_party && !states_.IsOutside(module)) {
      states_.SetOutside(module);
      names_.BindInParent(module);
    }
    return std::nullopt;
  }
  if (states_.Of(module).loaded != Loaded::No) {
    return std::nullopt;
  }
  if (!names_.Executes(module)) {
    if (states_.IsOutside(module)) {
      return std::nullopt;
    }
    // What a handler in it leads to hangs on what has failed before.
    const bool again =
        states_.HasFailed(module) || (!names_.stayed.empty() && stayed_.contains(module));
    auto failure = again ? LoadAgain(module) : LoadOther(module);
    if (failure) {
      states_.SetFailed(module);
    } else {
      states_.SetOutside(module);
      names_.BindInParent(module);
    }
    return failure;
  }
  const ModuleFacts &facts = project_.scanned.facts[m.file];
  if (facts.state == FileState::SyntaxError) {
    Failure failure;
    failure.kind = ExceptionKind::Syntax;
    failure.reason = "SyntaxError: " + facts.error_message;
    failure.chain.push_back({m.file, facts.error_span});
    return failure;
  }
  states_.SetLoaded(module, Loaded::UnderWay);
  auto failure = executor_.ExecuteModule(module);
  if (failure && resolver_.table().HasExtensionBeside(module)) {
    // That is what CPython loads; compilers may look imported names up in another order.
    executor_.Doubt("a compiled module stands beside the source");
    failure.reset();
  }
  states_.SetLoaded(module, failure ? Loaded::No : Loaded::Yes);
  if (failure) {
    states_.Clear(module);
  } else {
    names_.BindInParent(module);
  }
  return failure;
}

// A module of another component that is executed in this run: what failed before has loaded
// modules that are still there, so that it may get further now, or end otherwise.
std::optional<Failure> Simulator::LoadAgain(ModuleId module) {
  const NamesNow::Scope outer = names_.scope();
  names_.SetComponent(graph_.ComponentOf(module));
  auto failure = LoadOne(module);
  names_.SetScope(outer);
  return failure;
}

// Whether nobody can import the module, whatever came before.
bool Simulator::AlwaysFails(ModuleId module) const {
  const ImportOutcome &outcome = project_.outcomes[module];
  const auto failure = failures_.find(module);
  return graph_.ComponentOf(module) < decided_ && outcome.status == ImportOutcome::Fails &&
         outcome.certain && !touches_fragile_[module] && failure != failures_.end() &&
         !failure->second.needs.valid();
}

// Modules of earlier components do the same whoever imports them.
std::optional<Failure> Simulator::Decided(ModuleId module) {
  const ImportOutcome &outcome = project_.outcomes[module];
  if (graph_.ComponentOf(module) > decided_) {
    executor_.Doubt("a function that imports");
  }
  if (outcome.status == ImportOutcome::Unknown) {
    may_only_end_.contains(module) ? executor_.DoubtEnd(outcome.reason)
                                   : executor_.Doubt(outcome.reason);
  }
  if (outcome.status != ImportOutcome::Fails) {
    if (const auto stayed = stayed_.find(module); stayed != stayed_.end()) {
      names_.Stay(stayed->second);
    }
    return std::nullopt;
  }
  Failure again = failures_[module];
  again.chain.assign(outcome.chain.rbegin(), outcome.chain.rend());
  // A submodule that waits for this one is no attribute of its package yet.
  if (again.needs.valid() && names_.UnderWay(again.needs)) {
    again.needs = ModuleId();
    again.circular = true;
  }
  if (again.needs.valid() && !AlwaysFails(again.needs) &&
      names_.Reaches(names_.entry, again.needs)) {
    executor_.Doubt("a submodule that another module imports");
    return std::nullopt;
  }
  return again;
}

} // namespace pydefrag
