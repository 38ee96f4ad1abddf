// What names and attributes hold at a moment of the session, and what uses of them raise
// (session_executor.h).
#include "link/execute/session_executor.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {

// --- what a module under way has bound so far
// Under way, or loaded while something that it star-imports was.
bool SessionExecutor::IsPartial(ModuleId module) const {
  if (!resolver_.HasLog(module) || !IsInWork(module)) {
    return false;
  }
  return state_[module].loaded == SessionLoad::UnderWay ||
         (!partial_stars_.empty() && HasPartialStar(module));
}

bool SessionExecutor::HasPartialStar(ModuleId module) const {
  const NamespaceLog &log = resolver_.Log(module);
  return llvm::any_of(log.stars, [&](uint32_t event) {
    return partial_stars_.contains({module, log.events[event].statement});
  });
}

uint32_t SessionExecutor::LimitOf(ModuleId module) const {
  return resolver_.HasLog(module) && state_[module].loaded == SessionLoad::UnderWay
             ? resolver_.EventLimit(module, state_[module].statement)
             : kNoEvent;
}

bool SessionExecutor::Has(ModuleId module, NameId name, uint32_t limit, int depth) {
  const llvm::StringRef text = project_.Text(name);
  const NamespaceLog &log = resolver_.Log(module);
  if (text.starts_with("__") && text.ends_with("__") && log.Of(name).empty()) {
    return resolver_.Attribute(module, name).answer != Answer::No;
  }
  if (partial_stars_.empty() || log.stars.empty()) {
    const Found found = resolver_.At(module, name, limit);
    return found.answer != Answer::No || ServesLazily(module, name, limit) ||
           MayBeWritten(module, name);
  }
  // Stars taken from a module under way brought only what was there then.
  const llvm::ArrayRef<uint32_t> named = log.Of(name);
  for (size_t n = named.size(); n-- > 0;) {
    const Event &event = log.events[named[n]];
    if (named[n] < limit && event.kind != EventKind::Unbind &&
        resolver_.Reach(module, event.statement) != Tri::No) {
      return true;
    }
  }
  for (size_t s = log.stars.size(); s-- > 0 && depth < 64;) {
    const Event &event = log.events[log.stars[s]];
    const bool brought =
        event.kind == EventKind::Copy
            ? resolver_.ThroughCopy(module, log.stars[s], name).answer != Answer::No
            : StarBrought(module, event, name, depth);
    if (log.stars[s] < limit && brought) {
      return true;
    }
  }
  return ServesLazily(module, name, limit) || MayBeWritten(module, name);
}

// What a module binds by itself is not taken to be there before it does, though other modules write
// into it: they write what it has already.
bool SessionExecutor::MayBeWritten(ModuleId module, NameId name) const {
  const NamespaceLog &log = resolver_.Log(module);
  return !log.open_reason.empty() && (log.Of(name).empty() || !resolver_.IsOpenedElsewhere(module));
}

bool SessionExecutor::StarBrought(ModuleId module, const Event &event, NameId name, int depth) {
  const ImportTarget &search = resolver_.TargetOf(module, event.statement);
  if (!search.module.valid()) {
    return false;
  }
  auto it = partial_stars_.find({module, event.statement});
  if (it == partial_stars_.end() && !IsPartial(search.module)) {
    return resolver_.ThroughStar(search.module, name).answer != Answer::No;
  }
  const uint32_t limit = it == partial_stars_.end() ? kNoEvent : it->second;
  const AllNames &all = resolver_.All(search.module);
  const bool exported =
      all.present && all.known ? all.Lists(name) : !project_.Text(name).starts_with("_");
  return exported && Has(search.module, name, limit, depth + 1);
}

// A `__getattr__` that is already defined serves names while the module is under way.
bool SessionExecutor::ServesLazily(ModuleId module, NameId name, uint32_t limit) {
  const NamespaceLog &log = resolver_.Log(module);
  const NameId hook = project_.scanned.names.Find("__getattr__");
  if (!log.lazy || !hook.valid()) {
    return false;
  }
  return resolver_.At(module, hook, limit).answer != Answer::No &&
         resolver_.Attribute(module, name).answer != Answer::No;
}

// Attributes of modules under way, and functions called: only what has to do with this cycle.
SessionOutcome SessionExecutor::ExecuteUses(ModuleId module, uint32_t i,
                                            const Statement &statement) {
  SessionOutcome failure;
  if (statement.kind == StatementKind::AnnAssign && !view_.Next(statement.first).valid() &&
      view_.Is(statement.first, ExprKind::Name)) {
    return failure; // `shop: Shop` asks for nothing
  }
  view_.Walk(statement, [&](ExprId id) {
    if (failure) {
      return;
    }
    if (view_.Is(id, ExprKind::Attribute)) {
      failure = UseAttribute(module, i, id);
    } else if (view_.Is(id, ExprKind::Call)) {
      failure = CallNow(module, i, id);
    } else if (view_.Is(id, ExprKind::Name)) {
      failure = UseName(module, i, statement, id);
    }
  });
  if (failure && EvaluatesAll(statement)) {
    failure->chain.push_back(At(module, i));
    return failure;
  }
  return std::nullopt;
}

// Whether each operand of the statement is evaluated: not that of `unicode if PY2 else str`.
bool SessionExecutor::EvaluatesAll(const Statement &statement) const {
  bool all = true;
  view_.Walk(statement, [&](ExprId id) {
    const ExprKind kind = view_.At(id).kind;
    all &= kind != ExprKind::And && kind != ExprKind::Or && kind != ExprKind::Conditional &&
           kind != ExprKind::Comprehension;
  });
  return all;
}

SessionOutcome SessionExecutor::UseAttribute(ModuleId module, uint32_t i, ExprId attribute) {
  const Found base =
      resolver_.Evaluate(module, view_.Child(attribute), resolver_.EventLimit(module, i));
  if (!base.IsModule() || base.unknown || !resolver_.HasLog(base.module)) {
    return std::nullopt;
  }
  const NameId name = view_.At(attribute).text;
  if (!IsInWork(base.module)) {
    return LacksAttribute(base.module, name);
  }
  const ModuleId child = resolver_.table().IsPackage(base.module)
                             ? resolver_.table().FindChild(base.module, name)
                             : ModuleId();
  if (child.valid() && resolver_.HasLog(child)) {
    const bool bound = resolver_.At(base.module, name, LimitOf(base.module)).IsObject();
    const bool under_way =
        IsInWork(child) && resolver_.HasLog(child) && state_[child].loaded == SessionLoad::UnderWay;
    if (bound || !under_way) {
      return std::nullopt;
    }
    return PartialAttribute("AttributeError: cannot access submodule '" +
                            project_.Text(name).str() + "' of module '" +
                            project_.Text(project_.modules[base.module].name).str() +
                            "' (most likely due to a circular import)");
  }
  if (!IsPartial(base.module)) {
    return LacksAttribute(base.module, name);
  }
  if (HasNow(base.module, name) || resolver_.Attribute(base.module, name).answer == Answer::No ||
      WasAnother(module, i, view_.Child(attribute), base.module)) {
    return std::nullopt;
  }
  return PartialAttribute("AttributeError: partially initialized module '" +
                          project_.Text(project_.modules[base.module].name).str() +
                          "' has no attribute '" + project_.Text(name).str() +
                          "' (most likely due to a circular import)");
}

// `from .. import decoders` in `shop.decoders`, where the package had bound that name to something
// else before it came to the submodule: what it held then is not what it holds in the end.
bool SessionExecutor::WasAnother(ModuleId module, uint32_t i, ExprId name, ModuleId now) {
  if (!view_.Is(name, ExprKind::Name)) {
    return false;
  }
  const NamespaceLog &log = resolver_.Log(module);
  const uint32_t limit = resolver_.EventLimit(module, i);
  const Event *from = nullptr;
  for (uint32_t event : log.Of(view_.At(name).text)) {
    from = event < limit ? &log.events[event] : from;
  }
  if (from == nullptr || from->kind != EventKind::From) {
    return false;
  }
  const ModuleId source = resolver_.TargetOf(module, from->statement).module;
  if (!source.valid() || !resolver_.HasLog(source)) {
    return false;
  }
  const Found then = resolver_.At(source, view_.At(from->value).text, LimitOf(source));
  return then.answer != Answer::No && !(then.IsModule() && then.module == now);
}

// An attribute that the whole module never has. A submodule that nobody imported is not counted:
// code that is not seen here may have.
SessionOutcome SessionExecutor::LacksAttribute(ModuleId module, NameId name) {
  const llvm::StringRef text = project_.Text(name);
  if (!project_.modules[module].first_party || text.starts_with("__") ||
      !resolver_.Log(module).open_reason.empty()) {
    return std::nullopt;
  }
  const Found found = resolver_.Attribute(module, name);
  const bool child =
      resolver_.table().IsPackage(module) && (resolver_.table().FindChild(module, name).valid() ||
                                              resolver_.table().HasOpenChildren(module));
  if (found.answer != Answer::No || found.unknown || child) {
    return std::nullopt;
  }
  SessionFailure failure;
  failure.kind = SessionException::Attribute;
  failure.reason = "AttributeError: module '" + project_.Text(project_.modules[module].name).str() +
                   "' has no attribute '" + text.str() + "'";
  return failure;
}

// A name that nothing binds, neither in its module nor as a builtin. In class bodies, and where a
// comprehension binds it, nothing is said.
SessionOutcome SessionExecutor::UseName(ModuleId module, uint32_t i, const Statement &statement,
                                        ExprId id) {
  const NameId name = view_.At(id).text;
  const NamespaceLog &log = resolver_.Log(module);
  const llvm::StringRef text = project_.Text(name);
  if (!log.Of(name).empty() || !log.open_reason.empty() || text.starts_with("__") ||
      view_.StandsInDefinition(StatementsOf(module), i) || BindsInside(statement, name)) {
    return std::nullopt;
  }
  const Found found = resolver_.At(module, name, kNoEvent);
  if (found.answer != Answer::No || found.unknown || IsBuiltin(module, name) ||
      StarMayBringSubmodule(module, name)) {
    return std::nullopt;
  }
  SessionFailure failure;
  failure.kind = SessionException::Name;
  failure.reason = "NameError: name '" + text.str() + "' is not defined";
  return failure;
}

// A star import takes the submodules that were loaded by then, too.
bool SessionExecutor::StarMayBringSubmodule(ModuleId module, NameId name) {
  const NamespaceLog &log = resolver_.Log(module);
  return llvm::any_of(log.stars, [&](uint32_t event) {
    if (log.events[event].kind == EventKind::Copy) {
      return false;
    }
    const ImportTarget &search = resolver_.TargetOf(module, log.events[event].statement);
    return search.module.valid() && resolver_.table().IsPackage(search.module) &&
           resolver_.table().FindChild(search.module, name).valid();
  });
}

bool SessionExecutor::BindsInside(const Statement &statement, NameId name) const {
  bool binds = false;
  view_.WalkAll(statement, [&](ExprId id) {
    const bool binder = view_.Is(id, ExprKind::ForIn) || view_.Is(id, ExprKind::Walrus);
    if (binder && !binds) {
      view_.Walk(view_.Child(id), [&](ExprId target) {
        binds |= view_.Is(target, ExprKind::Name) && view_.At(target).text == name;
      });
    }
  });
  return binds;
}

bool SessionExecutor::IsBuiltin(ModuleId module, NameId name) {
  const ModuleSearch builtins = resolver_.FindModule(module, "builtins");
  return !builtins.module.valid() ||
         resolver_.Attribute(builtins.module, name).answer != Answer::No;
}

SessionOutcome SessionExecutor::PartialAttribute(std::string reason) {
  SessionFailure failure;
  failure.kind = SessionException::Attribute;
  failure.circular = true;
  failure.reason = std::move(reason);
  return failure;
}

// A call of a function of the project runs the imports in its body.
SessionOutcome SessionExecutor::CallNow(ModuleId module, uint32_t i, ExprId call) {
  if (call_depth_ >= 4) {
    return std::nullopt;
  }
  const Found found =
      resolver_.Evaluate(module, view_.Child(call), resolver_.EventLimit(module, i));
  if (!found.IsObject() || found.unknown || !resolver_.HasLog(found.module) ||
      !IsInWork(found.module)) {
    return std::nullopt;
  }
  const Event &event = resolver_.Log(found.module).events[found.event];
  const auto &statements = StatementsOf(found.module);
  if (event.kind != EventKind::Define ||
      view_.Of(statements[event.statement]).kind != StatementKind::Function) {
    return std::nullopt;
  }
  ++call_depth_;
  SessionOutcome failure;
  for (uint32_t k = event.statement + 1; k < statements[event.statement].end && !failure;
       k = statements[k].end) {
    const StatementKind kind = view_.Of(statements[k]).kind;
    if (kind == StatementKind::Import || kind == StatementKind::FromImport) {
      failure = ExecuteImport(found.module, k);
    } else if (kind == StatementKind::Return || kind == StatementKind::Raise ||
               kind == StatementKind::If) {
      break; // what follows may not run
    }
  }
  --call_depth_;
  return failure;
}

} // namespace pydefrag
