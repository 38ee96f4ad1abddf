// Resolver: the `__getattr__` of a module (PEP 562): which functions may be it, and what each of
// them serves. What a name is that is served: served_names.cpp.
#include "link/flow/instance_hooks.h"
#include "link/flow/made_hooks.h"
#include "link/names/hook_idioms.h"
#include "link/names/lazy_submodules.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// In arms of a condition there may be several hooks: together they serve what each of them does.
const LazyNames &Resolver::Lazy(ModuleId module) {
  std::unique_ptr<LazyNames> &slot = answers_.lazy[module];
  if (slot) {
    return *slot;
  }
  slot = std::make_unique<LazyNames>(); // while the hooks are looked for
  slot->present = Log(module).lazy;
  LazyNames all;
  all.present = slot->present;
  all.exact = true;
  const NameId name = project_.scanned.names.Find("__getattr__");
  const llvm::ArrayRef<uint32_t> events =
      name.valid() ? Log(module).Of(name) : llvm::ArrayRef<uint32_t>();
  bool any = false;
  bool dead = !events.empty() && !Log(module).replaced(); // none of them ever runs
  for (uint32_t index : llvm::reverse(events)) {
    const Event &event = Log(module).events[index];
    const Tri reach = Reach(module, event.statement);
    dead &= reach == Tri::No;
    if (reach == Tri::No || event.kind == EventKind::Unbind) {
      continue;
    }
    any = true;
    const std::optional<LazyNames> hook = ReadHook(module, index);
    all.exact &= hook && hook->exact;
    all.all_public = hook && hook->all_public && reach == Tri::Yes && !event.maybe;
    if (hook) {
      llvm::append_range(all.entries, hook->entries);
      llvm::append_range(all.refused, hook->refused);
      llvm::append_range(all.prefixes, hook->prefixes);
      llvm::append_range(all.modules, hook->modules);
      llvm::append_range(all.asked_first, hook->asked_first);
      llvm::append_range(all.folders, hook->folders);
      llvm::append_range(all.behind, hook->behind);
    }
    if (reach == Tri::Yes && !event.maybe) {
      break;
    }
  }
  all.present &= !dead;
  all.exact &= (any || dead) && !(name.valid() && IsPutFromElsewhere(module, name));
  return *(answers_.lazy[module] = std::make_unique<LazyNames>(std::move(all)));
}

// The call that makes what a statement binds to one of several names: `__getattr__, __all__ =
// attach(__name__)`; invalid: another statement.
static ExprId CallOfSeveral(const SyntaxView &view, const Statement &statement) {
  const ExprId value =
      statement.kind == StatementKind::Assign ? view.LastOperand(statement) : ExprId();
  return view.Is(value, ExprKind::Call) && view.Is(statement.first, ExprKind::Tuple) ? value
                                                                                     : ExprId();
}

// The hook is a function or class of the module, one that it imports, or what a call makes:
// `__getattr__ = make_getattr(__name__)`.
std::optional<LazyNames> Resolver::ReadHook(ModuleId module, uint32_t event) {
  Found found = ValueOf(module, event);
  HookCall made{};
  if (found.IsObject() && Log(found.module).events[found.event].kind == EventKind::Value) {
    const Event &bound = Log(found.module).events[found.event];
    const auto &statements = project_.StatementsOf(found.module);
    const Statement &statement = view_.Of(statements[bound.statement]);
    made = {.caller = found.module,
            .statement = bound.statement,
            .call = bound.value.valid() ? bound.value : CallOfSeveral(view_, statement),
            .home = {},
            .maker = 0};
    found = view_.Is(made.call, ExprKind::Call)
                ? Evaluate(found.module, view_.Child(made.call), found.event)
                : Found();
  }
  if (!found.IsObject() || found.unknown ||
      Log(found.module).events[found.event].kind != EventKind::Define) {
    return std::nullopt;
  }
  const Event &defined = Log(found.module).events[found.event];
  if (project_.Text(defined.name) != "__getattr__" &&
      Log(found.module).Of(defined.name).size() > 1) {
    return std::nullopt; // the one or the other
  }
  const uint32_t hook = defined.statement;
  const FileId file = project_.modules[found.module].file;
  const auto &statements = project_.scanned.facts[file].statements;
  LazyNames names = ReadLazyNames(project_.scanned, file, hook,
                                  made.call.valid() ? HookIs::Made : HookIs::Defined);
  made.home = found.module;
  made.maker = hook;
  if (made.call.valid() && view_.Of(statements[hook]).kind == StatementKind::Function &&
      !(trees_ && MakesItsHook(project_, *trees_, made))) {
    return std::nullopt;
  }
  if (!names.exact && names.makers.empty() && trees_) {
    PossibleStrings keys;
    LazyNames more = made.call.valid()
                         ? ReadMadeHook(project_, *this, *trees_, made, keys)
                         : ReadHookAndTables(project_, *this, *trees_, found.module, hook, keys);
    if (more.exact && keys.known()) {
      names = std::move(more);
      answers_.served[module].push_back(std::move(keys));
      if (made.call.valid() && TakesLastWord(project_, *trees_, made)) {
        answers_.takes_last_words.insert(module);
      }
    }
  }
  for (ExprId maker : names.makers) {
    names.exact &= MakesTableHook(found.module, maker);
  }
  for (LazyEntry &entry : names.entries) {
    entry.home = found.module;
  }
  const auto add = [&](std::vector<ModuleId> &modules, ModuleId asked) {
    names.exact &= asked.valid();
    if (asked.valid()) {
      modules.push_back(asked);
    }
  };
  for (const LazyDelegate &delegate : names.delegates) {
    const ModuleId asked = DelegateOf(found.module, delegate, made.call.valid() ? kNoHook : hook);
    if (asked.valid() || !AsksInstance(module, found.module, delegate, names.asked_first)) {
      add(names.modules, asked);
    }
  }
  for (NameId words : names.packages) {
    add(names.folders, PackageOf(found.module, words));
  }
  if (found.module != module) { // `globals()` is that one's dict
    names.exact &= names.behind.empty();
    if (AsksOwnDict(view_, statements, hook)) {
      names.modules.push_back(found.module);
    }
  }
  return names;
}

// The package whose submodules a hook imports; invalid: none that is read.
ModuleId Resolver::PackageOf(ModuleId home, NameId words) {
  llvm::StringRef dotted = project_.Text(words);
  if (StandForOwnPackage(dotted)) {
    return table_.IsPackage(home) ? home : ModuleId();
  }
  const NameId name = project_.scanned.names.Find(dotted.drop_back());
  const auto it = project_.module_by_name.find(name);
  const bool known = dotted.ends_with(".") && !dotted.starts_with(".") && name.valid() &&
                     it != project_.module_by_name.end() && HasLog(it->second) &&
                     table_.IsPackage(it->second);
  return known ? it->second : ModuleId();
}

// Whether the function at the statement has this for its first parameter, which is not in the
// facts.
bool Resolver::IsFirstParameter(ModuleId home, uint32_t function, NameId name) {
  const SourceTree *tree = trees_ && function != kNoHook ? trees_->Of(home) : nullptr;
  const uint32_t node =
      tree != nullptr ? NodeIn(project_, *tree, function, 0, NodeKind::FunctionDefinition) : 0;
  const auto parameters =
      node != 0 ? tree->Parameters(node) : llvm::SmallVector<TreeParameter, 8>();
  return !parameters.empty() && tree->Text(parameters[0].name) == project_.Text(name);
}

// The module that the hook at this statement hands the name on to; invalid: something else, or
// unclear.
ModuleId Resolver::DelegateOf(ModuleId home, const LazyDelegate &delegate, uint32_t hook) {
  // The module may have another thing of the parameter's name: `for name in NAMES: ...`
  if (!Log(home).Of(delegate.asked).empty() && !IsFirstParameter(home, hook, delegate.asked)) {
    return ModuleId();
  }
  if (!delegate.alias.valid()) {
    const Found owner = Evaluate(home, delegate.owner, kNoEvent);
    return owner.IsModule() && !owner.unknown && owner.answer == Answer::Yes ? owner.module
                                                                             : ModuleId();
  }
  const FileId file = project_.modules[home].file;
  const Statement &import = view_.Of(project_.scanned.facts[file].statements[delegate.statement]);
  const ModuleId source =
      TargetOf(home, delegate.statement,
               import.kind == StatementKind::Import ? NumberOf(import, delegate.alias) : 0)
          .module;
  if (import.kind == StatementKind::Import || !source.valid()) {
    return source;
  }
  const Found found = ImportFrom(source, view_.At(delegate.alias).text);
  return found.IsModule() && !found.unknown ? found.module : ModuleId();
}

// Whether a hook hands the name on to an instance, of which it is known what it has; whom that one
// asks is added to `modules`.
bool Resolver::AsksInstance(ModuleId module, ModuleId home, const LazyDelegate &delegate,
                            std::vector<ModuleId> &modules) {
  if (!trees_ || delegate.alias.valid() || !Log(home).Of(delegate.asked).empty()) {
    return false;
  }
  const Found owner = Evaluate(home, delegate.owner, kNoEvent);
  if (!owner.IsObject() || owner.unknown || owner.answer != Answer::Yes || owner.bound ||
      !HasLog(owner.module)) {
    return false;
  }
  const Event event = Log(owner.module).events[owner.event];
  auto hook =
      event.kind == EventKind::Value && view_.Is(event.value, ExprKind::Call)
          ? ReadInstanceHook(project_, *this, *trees_, owner.module, event.statement, event.value)
          : std::nullopt;
  llvm::SmallVector<ModuleId, 2> asked;
  for (const auto &[at, other] : hook ? hook->delegates : decltype(hook->delegates)()) {
    asked.push_back(DelegateOf(at, other, kNoHook));
  }
  if (!hook || llvm::is_contained(asked, ModuleId())) {
    return false;
  }
  llvm::append_range(modules, asked);
  answers_.served[module].push_back(std::move(hook->keys));
  return true;
}

// Whether the decorator of a `class __getattr__` makes a hook that serves what the class binds.
bool Resolver::MakesTableHook(ModuleId module, ExprId decorator) {
  const Found maker = Evaluate(module, decorator, kNoEvent);
  if (!maker.IsObject() || maker.unknown || !HasLog(maker.module)) {
    return false;
  }
  const uint32_t statement = Log(maker.module).events[maker.event].statement;
  return MakesHookOfTable(project_.scanned, project_.modules[maker.module].file, statement);
}

} // namespace pydefrag
