// The star imports of Executor (executor.h).
#include "link/execute/executor.h"

namespace pydefrag {

// Stars that hand on what other stars brought bind the square of what a cycle defines.
static constexpr size_t kNamesInAStep = 8;

Executor::Outcome Executor::ImportStar(const Block &block, const ImportRow &row) {
  const ModuleId source = names_.InPlaceOf(row.source);
  if (!source.valid() || !resolver_.HasLog(source)) {
    const bool empty = source.valid() && project_.modules[source].kind == ModuleKind::Namespace;
    if (names_.Tracked(block.module) && !empty) {
      states_.SetOpen(block.module);
    }
    return std::nullopt;
  }
  const AllNames &all = resolver_.All(source);
  const NameId all_name = project_.scanned.names.Find("__all__");
  const bool tracked = names_.Tracked(source);
  const bool listed = all.present && (!tracked || names_.Attribute(source, all_name).bound());
  if (listed && all.known) {
    return ImportListed(block, source);
  }
  if (listed || states_.Of(source).open || !resolver_.Log(source).open_reason.empty()) {
    if (names_.Tracked(block.module)) {
      states_.SetOpen(block.module);
    }
  }
  names_.surprised |= names_.UnderWay(source) || names_.HasEnds(source);
  if (!names_.Tracked(block.module)) {
    return std::nullopt;
  }
  if (!tracked) {
    for (NameId name : resolver_.Exports(source).names) {
      const Held held = names_.HasEnd(source, name)
                            ? names_.Attribute(source, name)
                            : NamesNow::Of(resolver_.ThroughStar(source, name));
      if (held.bound() && !held.served) {
        Bind(block, name, held);
      }
    }
    return std::nullopt;
  }
  llvm::SmallVector<std::pair<NameId, Held>, 32> taken;
  for (const auto &[name, held] : states_.DictOf(source)) {
    if (held.bound() && !project_.Text(name).starts_with("_")) {
      taken.push_back({name, held});
    }
  }
  steps += taken.size() / kNamesInAStep;
  for (const auto &[name, held] : taken) {
    const bool by_others = held.doubtful && held.event != kNoEvent &&
                           resolver_.Log(held.module).events[held.event].weak;
    if (!by_others || !states_.Get(block.module, name).bound()) { // as in BindEvents
      Bind(block, name, held);
    }
  }
  return std::nullopt;
}

// Every name of `__all__`; those that are no attributes are imported as submodules.
Executor::Outcome Executor::ImportListed(const Block &block, ModuleId source) {
  if (names_.UnderWay(source) && names_.Tracked(source) &&
      resolver_.Log(source).all_ops.back() >= states_.Of(source).statement) {
    Doubt("`__all__` is not finished");
  }
  for (NameId name : resolver_.All(source).names) {
    Held held;
    if (Outcome failure = AskFor(block, source, name, held)) {
      return failure;
    }
    const ModuleId child = names_.Child(source, name);
    if (!held.bound() && child.valid()) {
      if (Outcome failure = Submodule(child, held)) {
        return failure;
      }
      held = names_.UnderWay(child) ? Held() : held; // no attribute before it is finished
    }
    if (held.doubtful) {
      Doubt("a name of `__all__` that may not be bound");
    }
    if (!held.bound()) {
      Failure failure;
      failure.kind = ExceptionKind::Attribute;
      failure.of_run = names_.Tracked(source);
      failure.circular = names_.UnderWay(source) || (child.valid() && names_.UnderWay(child));
      failure.reason = "AttributeError: module '" + NameOf(source) + "' has no attribute '" +
                       project_.Text(name).str() + "'";
      return failure;
    }
    Bind(block, name, held);
  }
  return std::nullopt;
}

} // namespace pydefrag
