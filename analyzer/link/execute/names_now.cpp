#include "link/execute/names_now.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

void NamesNow::SetComponent(int32_t component, bool track) {
  scope_.component = component;
  scope_.executes_all = false;
  const std::vector<ModuleId> &members = graph_.components[static_cast<size_t>(component)];
  // A hook that it asks may import from it.
  scope_.tracks =
      track || members.size() > 1 || llvm::is_contained(graph_.edges[members[0]], members[0]);
  const FileId file = members.size() == 1 ? project_.modules[members[0]].file : FileId();
  if (file.valid() && !scope_.tracks) {
    scope_.tracks = llvm::any_of(graph_.RowsOf(project_, file), [&](const ImportRow &row) {
      return row.source == members[0] ||
             (row.target.kind == TargetKind::Module && row.target.module == members[0]);
    });
  }
}

Held NamesNow::Of(const Found &found) {
  Held held;
  if (found.answer == Answer::No) {
    return held;
  }
  held = found.IsModule() ? ModuleHeld(found.module) : ObjectHeld();
  if (found.IsObject()) {
    held.module = found.module;
    held.event = found.event;
  }
  held.maybe = found.answer == Answer::Maybe;
  held.doubtful = found.unknown || found.fallback;
  held.several = found.bound;
  return held;
}

// A module that a look-up made after the graph was built takes no part in the run.
bool NamesNow::IsInGraph(ModuleId module) const {
  return static_cast<size_t>(module.index) < graph_.component_of.size();
}

Held NamesNow::OfKnown(const Found &found) const {
  Held held = Of(found);
  if (held.kind == Held::Module && !IsInGraph(held.module)) {
    held = ObjectHeld();
    held.doubtful = true;
  }
  return held;
}

ModuleId NamesNow::Child(ModuleId package, NameId name) {
  const ModuleId child = resolver_.table().IsPackage(package)
                             ? resolver_.table().FindChild(package, name)
                             : ModuleId();
  return child.valid() && IsInGraph(child) ? child : ModuleId();
}

Held NamesNow::Attribute(ModuleId module, NameId name) {
  if (!Tracked(module)) {
    return Finished(module, name);
  }
  const Held held = states_.Get(module, name);
  if (held.bound()) {
    return held;
  }
  if (resolver_.IsImplicit(module, project_.Text(name))) {
    return ObjectHeld();
  }
  const Held served = Served(module, name);
  if (served.bound()) {
    return served;
  }
  const Module &m = project_.modules[module];
  const bool written = !resolver_.Log(module).open_reason.empty() &&
                       !resolver_.CannotHave(module, project_.Text(name));
  const bool open = states_.Of(module).open || written ||
                    project_.scanned.facts[m.file].state != FileState::Parsed ||
                    resolver_.MadeByDecorator(module, project_.Text(name));
  Held unknown = ObjectHeld();
  unknown.doubtful = unknown.unseen = true;
  return open ? unknown : Held();
}

// A module of another component is as it is in the end, but for submodules that this run imports
// after it: they become attributes when they are loaded.
Held NamesNow::Finished(ModuleId module, NameId name) {
  const Held held = End(module, name);
  const ModuleId child = Child(module, name);
  if (!child.valid()) {
    return held;
  }
  if (resolver_.HasLog(child) && graph_.ComponentOf(child) == graph_.ComponentOf(module)) {
    if (held.bound()) {
      return held;
    }
    if (auto it = with_parent_.find(child); it != with_parent_.end()) {
      return it->second ? ModuleHeld(child) : held;
    }
    if (states_.IsOutside(child)) {
      return ModuleHeld(child);
    }
    Held unknown = ObjectHeld();
    unknown.doubtful = !Unbinds(module, name);
    return unknown.doubtful ? unknown : held;
  }
  if (held.bound() && !resolver_.HasLog(child) && LoadsItself(module, name)) {
    return held; // a folder without code that the package has loaded, and bound anew
  }
  if (states_.Of(child).loaded == Loaded::Yes || states_.IsOutside(child)) {
    return ModuleHeld(child);
  }
  if (Executes(child) && resolver_.HasLog(child)) { // nobody has imported it
    return held.kind == Held::Module && held.module == child ? Held() : held;
  }
  if (states_.Of(child).loaded == Loaded::UnderWay || held.doubtful ||
      (held.kind == Held::Module && held.module == child) || !Reaches(entry, child)) {
    return held;
  }
  Held either = held.bound() ? ObjectHeld() : ModuleHeld(child);
  either.doubtful = true;
  return either;
}

// Whether a package surely loads its submodule of that name.
bool NamesNow::LoadsItself(ModuleId package, NameId name) {
  const NamespaceLog &log = resolver_.Log(package);
  return llvm::any_of(log.Of(name), [&](uint32_t index) {
    const Event &event = log.events[index];
    return event.kind == EventKind::Submodule && !event.maybe &&
           resolver_.Reach(package, event.statement) == Tri::Yes;
  });
}

Held NamesNow::End(ModuleId module, NameId name) {
  const auto told = ends_.find({module, name});
  if (told == ends_.end()) {
    Held held = OfKnown(resolver_.Attribute(module, name));
    const NamespaceLog &log = resolver_.Log(module);
    held.unseen = held.doubtful && !log.open_reason.empty() && !log.lazy && log.Of(name).empty();
    return held.doubtful && resolver_.ServesAll(module, name) ? ObjectHeld() : held;
  }
  surprised = true; // this component may end otherwise than the resolver thinks, too
  if (!told->second.doubtful) {
    return told->second;
  }
  leans_on_order = true;
  const ModuleId first = FirstOf(graph_.ComponentOf(module));
  const auto after = first.valid() ? ends_after_.find(first) : ends_after_.end();
  if (after == ends_after_.end()) {
    return told->second;
  }
  const auto held = after->second.find({module, name});
  return held == after->second.end() ? told->second : held->second;
}

// The member of a cycle that this run imported first, if that can be told.
ModuleId NamesNow::FirstOf(int32_t component) const {
  for (ModuleId module : states_.LoadedSince(0)) {
    if (graph_.ComponentOf(module) == component) {
      return module;
    }
    if (states_.IsOutside(module) &&
        Reaches(module, graph_.components[static_cast<size_t>(component)].front())) {
      return ModuleId(); // one that it imported
    }
  }
  return ModuleId();
}

void NamesNow::Stay(llvm::ArrayRef<ModuleId> modules) {
  surprised |= !modules.empty();
  for (ModuleId module : modules) {
    if (!InSysModules(module)) {
      states_.SetOutside(module);
      BindInParent(module);
      stayed.push_back(module);
    }
  }
}

// Components stand in dependency order, so nothing leads from a component to a later one.
bool NamesNow::Reaches(ModuleId from, ModuleId to) const {
  if (from == to || !resolver_.HasLog(to)) {
    return true;
  }
  if (!resolver_.HasLog(from)) {
    return false; // a namespace imports nothing
  }
  const int32_t wanted = graph_.ComponentOf(to);
  if (wanted < 0 || graph_.ComponentOf(from) <= wanted) {
    return graph_.ComponentOf(from) == wanted && wanted >= 0;
  }
  llvm::DenseSet<ModuleId> seen;
  llvm::SmallVector<ModuleId, 32> todo{from};
  while (!todo.empty()) {
    const ModuleId at = todo.pop_back_val();
    for (ModuleId next : graph_.edges[at]) {
      if (graph_.ComponentOf(next) == wanted) {
        return true; // whoever reaches one member reaches all
      }
      if (graph_.ComponentOf(next) > wanted && seen.insert(next).second) {
        todo.push_back(next);
      }
    }
  }
  return false;
}

bool NamesNow::HasHook(ModuleId module) {
  const NameId hook = project_.scanned.names.Find("__getattr__");
  return resolver_.Log(module).lazy && hook.valid() && states_.Get(module, hook).bound();
}

const LazyEntry *NamesNow::ImporterOf(ModuleId module, NameId name) {
  if (!resolver_.Log(module).lazy) {
    return nullptr; // most have no hook, and every import asks
  }
  const ModuleId child = Child(module, name);
  const bool open = Tracked(module) && !HasHook(module);
  if (open || (child.valid() && InSysModules(child))) {
    return nullptr;
  }
  const bool told = Tracked(module) || HasEnd(module, name);
  const Held held = told ? Attribute(module, name) : Held();
  return told && !held.served ? nullptr : resolver_.ImporterOf(module, name);
}

// A `__getattr__` that is already defined serves names while the module is under way.
Held NamesNow::Served(ModuleId module, NameId name) {
  if (!HasHook(module)) {
    return Held();
  }
  const LazyNames &lazy = resolver_.Lazy(module);
  Held held = ObjectHeld();
  held.served = true;
  for (const LazyEntry &entry : lazy.entries) {
    if (entry.name == name) {
      held.doubtful = entry.source_name.valid(); // its import may fail now
      return held;
    }
  }
  held.doubtful = !resolver_.ServesAll(module, name);
  return resolver_.ServesNothingElse(module, name) ? Held() : held;
}

ModuleId NamesNow::InPlaceOf(ModuleId module) {
  const NamespaceLog &log = resolver_.Log(module);
  if (!log.replaced() || (UnderWay(module) && states_.Of(module).statement <= log.replaced_at)) {
    return module;
  }
  return resolver_.StandInOf(module);
}

Held NamesNow::Imported(ModuleId module) {
  const ModuleId there = module.valid() ? InPlaceOf(module) : module;
  if (there.valid() && (there == module || IsInGraph(there))) {
    return ModuleHeld(there);
  }
  Held unknown = ObjectHeld();
  unknown.doubtful = true;
  return unknown;
}

Held NamesNow::Evaluate(ModuleId module, uint32_t statement, ExprId expr) {
  llvm::SmallVector<NameId, 6> attributes;
  while (view_.Is(expr, ExprKind::Attribute)) {
    attributes.push_back(view_.At(expr).text);
    expr = view_.Child(expr);
  }
  if (!view_.Is(expr, ExprKind::Name)) {
    return Held();
  }
  const NameId name = view_.At(expr).text;
  Held held = Tracked(module)
                  ? states_.Get(module, name)
                  : OfKnown(resolver_.At(module, name, resolver_.EventLimit(module, statement)));
  for (NameId attribute : llvm::reverse(attributes)) {
    if (held.kind != Held::Module || held.doubtful) {
      return Held();
    }
    held = Attribute(held.module, attribute);
  }
  return held;
}

void NamesNow::Bind(ModuleId module, NameId name, Held held, bool soft) {
  if (!Tracked(module) || !name.valid()) {
    return;
  }
  const Held before = states_.Get(module, name);
  // The logs take it that a submodule becomes an attribute where the package imports it.
  surprised |= before.kind == Held::Module && before.module.valid() && !Same(before, held) &&
               project_.modules[before.module].parent == module;
  if (soft || held.doubtful) {
    held.maybe |= soft;
    const bool sure = !before.maybe || (before.either && !held.doubtful);
    if (before.bound() && sure && !before.doubtful) {
      const bool changes = before.either || !Same(before, held);
      held = before.kind == held.kind && before.module == held.module ? before : ObjectHeld();
      held.maybe = held.either = changes;
    }
  }
  states_.Put(module, name, held);
}

void NamesNow::Unbind(ModuleId module, NameId name, bool soft) {
  if (!Tracked(module) || !name.valid()) {
    return;
  }
  Held held = states_.Get(module, name);
  if (!soft || !held.bound()) {
    held = Held();
  } else {
    held.maybe = true;
    held.either = false;
  }
  states_.Put(module, name, held);
}

bool NamesNow::Unbinds(ModuleId module, NameId name) const {
  const NamespaceLog &log = resolver_.Log(module);
  return llvm::any_of(log.Of(name),
                      [&](uint32_t event) { return log.events[event].kind == EventKind::Unbind; });
}

void NamesNow::NoteLoadedWithParent(const std::vector<ModuleId> &modules) {
  for (ModuleId module : modules) {
    const ModuleId parent = project_.modules[module].parent;
    const llvm::StringRef name = project_.Text(project_.modules[module].name);
    const NameId last = project_.scanned.names.Find(name.rsplit('.').second);
    if (parent.valid() && states_.Of(parent).loaded == Loaded::Yes &&
        states_.Of(module).loaded == Loaded::Yes) {
      with_parent_[module] = Same(states_.Get(parent, last), ModuleHeld(module));
    }
  }
}

void NamesNow::BindInParent(ModuleId module) {
  ModuleId parent = project_.modules[module].parent;
  parent = parent.valid() ? InPlaceOf(parent) : parent;
  if (!parent.valid() || !Tracked(parent)) {
    return;
  }
  const llvm::StringRef name = project_.Text(project_.modules[module].name);
  const NameId last = project_.scanned.names.Find(name.rsplit('.').second);
  const Held before = states_.Get(parent, last);
  surprised |= before.bound() && !Same(before, ModuleHeld(module));
  states_.Put(parent, last, ModuleHeld(module));
}

} // namespace pydefrag
