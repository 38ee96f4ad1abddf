// Resolver: names that a module does not hold, and serves when it is asked (PEP 562).
#include "base/identifier.h"
#include "link/flow/made_hooks.h"
#include "link/names/hook_idioms.h"
#include "link/resolve/module_tables.h"
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
  for (uint32_t index : llvm::reverse(events)) {
    const Event &event = Log(module).events[index];
    const Tri reach = Reach(module, event.statement);
    if (reach == Tri::No || event.kind == EventKind::Unbind) {
      continue;
    }
    any = true;
    const std::optional<LazyNames> hook = ReadHook(module, index);
    all.exact &= hook && hook->exact;
    all.all_public = hook && hook->all_public && reach == Tri::Yes && !event.maybe;
    if (hook) {
      all.entries.insert(all.entries.end(), hook->entries.begin(), hook->entries.end());
      all.prefixes.insert(all.prefixes.end(), hook->prefixes.begin(), hook->prefixes.end());
      llvm::append_range(all.modules, hook->modules);
      llvm::append_range(all.folders, hook->folders);
      llvm::append_range(all.behind, hook->behind);
    }
    if (reach == Tri::Yes && !event.maybe) {
      break;
    }
  }
  all.exact &= any && !(name.valid() && IsPutFromElsewhere(module, name));
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
    const auto &statements = project_.scanned.facts[project_.modules[found.module].file].statements;
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
  const uint32_t hook = Log(found.module).events[found.event].statement;
  LazyNames names = ReadLazyNames(project_.scanned, project_.modules[found.module].file, hook,
                                  made.call.valid() ? HookIs::Made : HookIs::Defined);
  made.home = found.module;
  made.maker = hook;
  const Statement &maker =
      view_.Of(project_.scanned.facts[project_.modules[found.module].file].statements[hook]);
  if (made.call.valid() && maker.kind == StatementKind::Function &&
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
    }
  }
  for (ExprId maker : names.makers) {
    names.exact &= MakesTableHook(found.module, maker);
  }
  const auto &lines = project_.scanned.facts[project_.modules[found.module].file].statements;
  llvm::erase_if(names.entries, [&](const LazyEntry &entry) {
    const uint32_t raise = FirstRefusal(view_, lines, entry.statement, [&](uint32_t test) {
      return FoldAt(found.module, test, versions_);
    });
    return raise != kNoHook;
  });
  for (LazyEntry &entry : names.entries) {
    entry.home = found.module;
  }
  for (const LazyDelegate &delegate : names.delegates) {
    const ModuleId asked = DelegateOf(found.module, delegate);
    names.exact &= asked.valid();
    if (asked.valid()) {
      names.modules.push_back(asked);
    }
  }
  for (NameId words : names.packages) {
    const ModuleId package = PackageOf(found.module, words);
    names.exact &= package.valid();
    if (package.valid()) {
      names.folders.push_back(package);
    }
  }
  if (found.module != module) { // `globals()` is that one's dict
    names.exact &= names.behind.empty();
    if (AsksOwnDict(view_, lines, hook)) {
      names.modules.push_back(found.module);
    }
  }
  return names;
}

// The package whose submodules a hook imports; invalid: none that is read.
ModuleId Resolver::PackageOf(ModuleId home, NameId words) {
  llvm::StringRef dotted = project_.Text(words);
  if (dotted == "." || dotted == "__name__") {
    return table_.IsPackage(home) ? home : ModuleId();
  }
  const NameId name = project_.scanned.names.Find(dotted.drop_back());
  const auto it = project_.module_by_name.find(name);
  const bool known = dotted.ends_with(".") && !dotted.starts_with(".") && name.valid() &&
                     it != project_.module_by_name.end() && HasLog(it->second) &&
                     table_.IsPackage(it->second);
  return known ? it->second : ModuleId();
}

// The module that a hook hands the name on to; invalid: something else, or unclear.
ModuleId Resolver::DelegateOf(ModuleId home, const LazyDelegate &delegate) {
  if (!Log(home).Of(delegate.asked).empty()) {
    return ModuleId(); // not the parameter, perhaps
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

// Whether the decorator of a `class __getattr__` makes a hook that serves what the class binds.
bool Resolver::MakesTableHook(ModuleId module, ExprId decorator) {
  const Found maker = Evaluate(module, decorator, kNoEvent);
  if (!maker.IsObject() || maker.unknown || !HasLog(maker.module)) {
    return false;
  }
  const uint32_t statement = Log(maker.module).events[maker.event].statement;
  return MakesHookOfTable(project_.scanned, project_.modules[maker.module].file, statement);
}

// Whether the module that a table of imports says of the name surely has no such name, and the hook
// asks it for one: `getattr(import_module(TABLE[name]), name)`. The table may mean another thing.
static bool LacksInTable(Resolver &resolver, const LazyEntry &entry) {
  const Project &project = resolver.project();
  const SyntaxView &view = resolver.view();
  ExprId where = entry.table_value;
  if (!where.valid() || !project.modules[entry.home].first_party) {
    return false;
  }
  llvm::StringRef name = project.Text(entry.name);
  if (view.Is(where, ExprKind::Tuple)) {
    name = view.String(view.Child(where, 1)).value_or("");
    where = view.Child(where);
  }
  const llvm::StringRef dotted = view.String(where).value_or("");
  const NameId wanted = project.scanned.names.Find(name);
  const ModuleId module = wanted.valid() && !dotted.contains(':')
                              ? FindSpelled(project, resolver, entry.home, dotted)
                              : ModuleId();
  if (!module.valid() || !resolver.HasLog(module) || LastPart(dotted) == name ||
      resolver.ImportFrom(module, wanted).answer != Answer::No) {
    return false;
  }
  const auto &statements = project.scanned.facts[project.modules[entry.home].file].statements;
  uint32_t hook = entry.statement;
  while (statements[hook].parent >= 0 &&
         view.Of(statements[hook]).kind != StatementKind::Function) {
    hook = static_cast<uint32_t>(statements[hook].parent);
  }
  bool asks = false;
  for (uint32_t i = hook; i < statements[hook].end; ++i) {
    view.Walk(view.Of(statements[i]), [&](ExprId id) {
      const auto arguments =
          view.Calls(id, "getattr") ? view.Arguments(id) : llvm::SmallVector<ExprId, 4>();
      asks |= arguments.size() == 2;
    });
  }
  return asks;
}

// What `__getattr__` serves: the names its branches ask for. What stands under TYPE_CHECKING tells
// where an object comes from that a table serves.
Found Resolver::LazyName(ModuleId module, NameId name) {
  const LazyNames &lazy = Lazy(module);
  for (const LazyEntry &entry : lazy.entries) {
    if (entry.name != name) {
      continue;
    }
    if (IsOwnSubmodule(entry)) {
      return SubmoduleOnDemand(entry.home, name);
    }
    if (entry.imports_first &&
        FailureOf(entry.home, entry.source_statement) != ImportFailure::None) {
      Found broken = UnknownOf("the `__getattr__` that serves it cannot import it");
      broken.broken = broken.lazy = true;
      return broken;
    }
    Found found = LazyValue(entry);
    if (found.answer == Answer::No || found.unknown) {
      found = TypeCheckingBinding(module, name);
    }
    if (found.answer == Answer::No && LacksInTable(*this, entry)) {
      return Unknown("its table says that it comes from a module that lacks it");
    }
    if (found.answer == Answer::No || found.unknown) {
      found = Found();
      found.kind = TargetKind::Opaque;
      found.module = module;
    }
    found.answer = Answer::Yes;
    found.lazy = true;
    found.via = kNoEvent;
    return found;
  }
  for (ModuleId asked : lazy.modules) {
    Found found = asked != module ? Attribute(asked, name) : Found();
    if (found.answer != Answer::No && !found.unknown) {
      found.lazy = true;
      found.via = kNoEvent;
      return found;
    }
  }
  if (const auto other = ServedElsewhere(module, name)) {
    return *other;
  }
  if (ServesNothingElse(module, name)) {
    return Found();
  }
  // What `__all__` leaves out is there for annotations alone, as far as anybody can tell.
  const bool offered = !All(module).present || !All(module).known || All(module).Lists(name);
  Found typed = offered ? TypeCheckingBinding(module, name) : Found();
  if (typed.answer != Answer::No && !typed.unknown) {
    typed.lazy = true;
    typed.via = kNoEvent;
    return typed;
  }
  if (ServesAll(module, name) && !table_.FindChild(module, name).valid()) {
    Found served = OpaqueFound(module);
    served.lazy = true;
    return served;
  }
  return lazy.present ? Unknown("dynamic `__getattr__`") : Found();
}

// A submodule that the hook imports, or what stands in the dict under a longer name; nothing: there
// is none, or it is unclear.
std::optional<Found> Resolver::ServedElsewhere(ModuleId module, NameId name) {
  std::optional<Found> served;
  for (ModuleId package : Lazy(module).folders) {
    if (const ModuleId child = table_.FindChild(package, name); child.valid() && !served) {
      served = ModuleFound(child);
    }
  }
  for (NameId before : Lazy(module).behind) {
    const NameId longer =
        project_.scanned.names.Find((project_.Text(before) + project_.Text(name)).str());
    const Found found = longer.valid() ? Attribute(module, longer) : Found();
    if (found.answer != Answer::No && !found.unknown && !served) {
      served = found;
    }
  }
  if (served) {
    served->lazy = true;
    served->via = kNoEvent;
  }
  return served;
}

const LazyEntry *Resolver::ImporterOf(ModuleId module, NameId name) {
  if (!Log(module).lazy || put_from_elsewhere_.contains(name)) {
    return nullptr; // or what another module has put there
  }
  const Found found = Attribute(module, name);
  const auto &entries = Lazy(module).entries;
  const auto entry =
      llvm::find_if(entries, [&](const LazyEntry &each) { return each.name == name; });
  return found.lazy && found.via == kNoEvent && entry != entries.end() && entry->imports_first
             ? &*entry
             : nullptr;
}

// Whether the hook raises for a name that is none of its entries.
bool Resolver::ServesNothingElse(ModuleId module, NameId name) {
  const LazyNames &lazy = Lazy(module);
  const llvm::StringRef text = project_.Text(name);
  const auto begins = [&](NameId prefix) { return text.starts_with(project_.Text(prefix)); };
  const auto holds = [&](const PossibleStrings &keys) { return keys.MayHold(text); };
  const auto has = [&](ModuleId asked) {
    return (table_.IsPackage(asked) && table_.FindChild(asked, name).valid()) ||
           (asked != module && Attribute(asked, name).answer != Answer::No);
  };
  const auto is_below = [&](ModuleId package) {
    return table_.FindChild(package, name).valid() || table_.WhyOpenBelow(package, name) != nullptr;
  };
  const auto is_behind = [&](NameId before) {
    const NameId longer = project_.scanned.names.Find((project_.Text(before) + text).str());
    return longer.valid() ? Attribute(module, longer).answer != Answer::No
                          : !Log(module).open_reason.empty();
  };
  const auto served = answers_.served.find(module);
  return lazy.exact && llvm::none_of(lazy.folders, is_below) &&
         llvm::none_of(lazy.behind, is_behind) && llvm::none_of(lazy.prefixes, begins) &&
         llvm::none_of(lazy.modules, has) &&
         (served == answers_.served.end() || llvm::none_of(served->second, holds));
}

// Whether the hook surely has a value for the name.
bool Resolver::ServesAll(ModuleId module, NameId name) {
  return !project_.Text(name).starts_with("_") && Log(module).lazy && Lazy(module).all_public;
}

// What a branch of the hook gives.
Found Resolver::LazyValue(const LazyEntry &entry) {
  if (entry.source_name.valid()) {
    const ImportTarget &search = TargetOf(entry.home, entry.source_statement);
    if (!search.module.valid()) {
      return Found();
    }
    const Found found = ImportFrom(search.module, entry.source_name);
    if (!entry.in_module) {
      return found;
    }
    return found.IsModule() ? ImportFrom(found.module, entry.name) : Found();
  }
  if (entry.value.valid()) {
    const Found found = Evaluate(entry.home, entry.value, kNoEvent);
    if (entry.in_module) {
      return found.IsModule() && !found.unknown ? ImportFrom(found.module, entry.name) : Found();
    }
    return found.IsObject() || found.IsModule() ? found : Found();
  }
  return entry.table_value.valid() ? ImportOfTable(entry) : Found();
}

// A table of imports: "pkg.mod", ".mod", "pkg.mod:Name", ("pkg.mod", "Name"). What does not name
// such an object says nothing.
Found Resolver::ImportOfTable(const LazyEntry &entry) {
  const ModuleId home = entry.home;
  ExprId where = entry.table_value;
  llvm::StringRef name = project_.Text(entry.name);
  if (view_.Is(where, ExprKind::Tuple)) {
    const ExprId attribute = view_.Child(where, 1);
    name = view_.String(attribute).value_or(name);
    where = view_.Child(where);
  }
  if (!view_.Is(where, ExprKind::String)) {
    return Found();
  }
  const auto [dotted, attribute] = view_.TextOf(where).split(':');
  name = attribute.empty() ? name : attribute;
  const NameId wanted = project_.scanned.names.Find(name);
  const ModuleId module = wanted.valid() ? FindSpelled(project_, *this, home, dotted) : ModuleId();
  return module.valid() && HasLog(module) ? ImportFrom(module, wanted) : Found();
}

// Whether a branch of `__getattr__` imports the submodule that is asked for.
bool Resolver::IsOwnSubmodule(const LazyEntry &entry) const {
  if (!entry.imported_from.valid() || !table_.IsPackage(entry.home)) {
    return false;
  }
  llvm::StringRef words = project_.Text(entry.imported_from);
  return words == "." || words == "__name__" ||
         (words.consume_back(".") && words == project_.Text(project_.modules[entry.home].name));
}

Found Resolver::SubmoduleOnDemand(ModuleId package, NameId name) {
  const ModuleId child = table_.FindChild(package, name);
  if (!child.valid()) {
    const char *open = table_.WhyOpenBelow(package, name);
    return open != nullptr ? Unknown(open) : Found();
  }
  Found found = ModuleFound(child);
  found.lazy = true;
  found.via = kNoEvent;
  return found;
}

} // namespace pydefrag
