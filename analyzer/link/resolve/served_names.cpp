// Resolver: names that a module does not hold, and serves when it is asked (PEP 562): what each of
// them is. Which hooks serve them: module_hooks.cpp.
#include "base/identifier.h"
#include "link/flow/source_trees.h"
#include "link/names/lazy_submodules.h"
#include "link/names/name_tables.h"
#include "link/resolve/module_tables.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

// The function that a statement of the hook stands in.
static uint32_t HookAround(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                           uint32_t statement) {
  while (statements[statement].parent >= 0 &&
         view.Of(statements[statement]).kind != StatementKind::Function) {
    statement = static_cast<uint32_t>(statements[statement].parent);
  }
  return statement;
}

namespace {

struct TableModules {
  // That a table's text stands for, in each way in which the hook spells it; invalid ones where
  // there is none.
  llvm::SmallVector<ModuleId, 2> modules;
  bool imported = false; // by `import_module`, so that the hook raises where there is none
};

} // namespace

static TableModules ModulesOfTable(Resolver &resolver, const LazyEntry &entry,
                                   llvm::StringRef text) {
  const Project &project = resolver.project();
  const SyntaxView &view = resolver.view();
  const auto &statements = project.StatementsOf(entry.home);
  // In the branch that serves it, or behind a test for what it does not serve.
  const uint32_t behind = statements[entry.statement].end;
  const uint32_t end = statements[HookAround(view, statements, entry.statement)].end;
  llvm::SmallVector<NameId, 2> words = WordsOfImports(view, statements, entry.statement, behind);
  words = words.empty() ? WordsOfImports(view, statements, behind, end) : words;
  TableModules found;
  found.imported = !words.empty();
  if (words.empty()) {
    words.push_back(NameId());
  }
  for (NameId each : words) {
    const llvm::StringRef before = each.valid() ? view.Text(each) : "";
    found.modules.push_back(
        FindSpelled(project, resolver, entry.home,
                    (StandForOwnPackage(before) ? "." + text : before + text).str()));
  }
  return found;
}

// Whether a text of a table may be the name of a module, behind other words or not.
static bool MayBeModule(llvm::StringRef text) {
  return !text.empty() &&
         llvm::all_of(text, [](char c) { return c == '.' || c == '_' || llvm::isAlnum(c); });
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
  if (!wanted.valid() || dotted.contains(':') || LastPart(dotted) == name) {
    return false;
  }
  const TableModules spelled = ModulesOfTable(resolver, entry, dotted);
  const bool lacks = llvm::any_of(spelled.modules, [&](ModuleId module) {
    return module.valid()
               ? resolver.HasLog(module) && resolver.ImportFrom(module, wanted).answer == Answer::No
               : spelled.imported && MayBeModule(dotted);
  });
  if (!lacks) {
    return false;
  }
  const auto &statements = project.StatementsOf(entry.home);
  const uint32_t hook = HookAround(view, statements, entry.statement);
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

// What the module asked gets from its hook.
static Found Served(Found found) {
  found.lazy = true;
  found.via = kNoEvent;
  return found;
}

// A name with these words in front; invalid: there is none in the project.
static NameId LongerName(const Project &project, NameId before, NameId name) {
  return project.scanned.names.Find((project.Text(before) + project.Text(name)).str());
}

// Whether the name may be a key of a table that a hook of the module asks.
static bool MayHoldKey(const llvm::DenseMap<ModuleId, std::vector<PossibleStrings>> &served,
                       ModuleId module, llvm::StringRef name) {
  const auto keys = served.find(module);
  return keys != served.end() && llvm::any_of(keys->second, [&](const PossibleStrings &each) {
           return each.MayHold(name);
         });
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
    return Served(found);
  }
  if (llvm::is_contained(lazy.refused, name)) {
    return Refused(module, name);
  }
  for (ModuleId asked : lazy.modules) {
    const Found found = asked != module ? Attribute(asked, name) : Found();
    if (found.answer != Answer::No && !found.unknown) {
      return Served(found);
    }
  }
  if (const auto other = ServedElsewhere(module, name)) {
    return *other;
  }
  // A key of a table that the hook's maker got: `attach(__name__, submod_attrs={"cart":
  // ["Cart"]})`.
  if (MayHoldKey(answers_.served, module, project_.Text(name))) {
    Found listed = FindInModuleTables(project_, *this, module, name);
    if (listed.answer == Answer::No && answers_.takes_last_words.contains(module)) {
      listed = FindInDottedLists(project_, *this, module, name);
    }
    if (listed.answer == Answer::Yes && !listed.unknown) {
      return Served(listed);
    }
  }
  if (ServesNothingElse(module, name)) {
    return Found();
  }
  // What `__all__` leaves out is there for annotations alone, as far as anybody can tell.
  const bool offered = !All(module).present || !All(module).known || All(module).Lists(name);
  const Found typed = offered ? TypeCheckingBinding(module, name) : Found();
  if (typed.answer != Answer::No && !typed.unknown) {
    return Served(typed);
  }
  if (ServesAll(module, name) && !table_.FindChild(module, name).valid()) {
    return Served(OpaqueFound(module));
  }
  return lazy.present ? Unknown("dynamic `__getattr__`") : Found();
}

// The hook raises for the name. Where another module puts it there, this is what annotations say.
Found Resolver::Refused(ModuleId module, NameId name) {
  if (IsPutFromElsewhere(module, name)) {
    const Found typed = TypeCheckingBinding(module, name);
    return typed.answer != Answer::No ? Served(typed) : Unknown("another module sets it");
  }
  const bool nowhere = ServesNothingElse(module, name) && !table_.FindChild(module, name).valid();
  return nowhere ? Found() : Unknown("dynamic `__getattr__`");
}

// A submodule that the hook imports, or what stands in the dict under a longer name; nothing: there
// is none, or it is unclear.
std::optional<Found> Resolver::ServedElsewhere(ModuleId module, NameId name) {
  std::optional<Found> served;
  for (ModuleId package : Lazy(module).folders) {
    if (const ModuleId child = table_.FindChild(package, name); child.valid() && !served) {
      served = Served(ModuleFound(child));
    }
  }
  for (NameId before : Lazy(module).behind) {
    const NameId longer = LongerName(project_, before, name);
    const Found found = longer.valid() ? Attribute(module, longer) : Found();
    if (found.answer != Answer::No && !found.unknown && !served) {
      served = Served(OpaqueFound(module)); // or what is made of it
    }
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
  const auto has = [&](ModuleId asked) {
    return (table_.IsPackage(asked) && table_.FindChild(asked, name).valid()) ||
           (asked != module && Attribute(asked, name).answer != Answer::No);
  };
  const auto is_below = [&](ModuleId package) {
    return table_.FindChild(package, name).valid() || table_.WhyOpenBelow(package, name) != nullptr;
  };
  const auto is_behind = [&](NameId before) {
    const NameId longer = LongerName(project_, before, name);
    return longer.valid() ? Attribute(module, longer).answer != Answer::No
                          : !Log(module).open_reason.empty();
  };
  return lazy.exact && llvm::none_of(lazy.folders, is_below) &&
         llvm::none_of(lazy.behind, is_behind) && llvm::none_of(lazy.prefixes, begins) &&
         llvm::none_of(lazy.modules, has) && llvm::none_of(lazy.asked_first, has) &&
         !MayHoldKey(answers_.served, module, text);
}

std::vector<NameId> Resolver::KeysServed(ModuleId module) {
  std::vector<NameId> keys;
  if (!trees_ || !answers_.served.contains(module)) {
    return keys;
  }
  for (llvm::StringRef text : trees_->TextsListed(module)) {
    text.consume_front(".");
    const NameId name = project_.scanned.names.Find(text);
    if (name.valid() && MayHoldKey(answers_.served, module, text)) {
      keys.push_back(name);
    }
  }
  llvm::sort(keys);
  return keys;
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

// A table of imports: "pkg.mod", ".mod", "pkg.mod:Name", ("pkg.mod", "Name"), "mod" behind the
// words that the hook puts before it. What does not name such an object says nothing.
Found Resolver::ImportOfTable(const LazyEntry &entry) {
  ExprId where = entry.table_value;
  llvm::StringRef name = project_.Text(entry.name);
  if (view_.Is(where, ExprKind::Tuple)) {
    const ExprId attribute = view_.Child(where, 1);
    name = view_.String(attribute).value_or(name);
    where = view_.Child(where);
  }
  const std::optional<std::string> text = TextOfVariable(view_, where, entry.table_variable, name);
  if (!text) {
    return Found();
  }
  const auto [dotted, attribute] = llvm::StringRef(*text).split(':');
  name = attribute.empty() ? name : attribute;
  const NameId wanted = project_.scanned.names.Find(name);
  const auto modules = wanted.valid() ? ModulesOfTable(*this, entry, dotted).modules
                                      : llvm::SmallVector<ModuleId, 2>();
  if (modules.size() != 1 || !modules.front().valid() || !HasLog(modules.front())) {
    return Found();
  }
  const Found found = ImportFrom(modules.front(), wanted);
  const bool submodule = found.answer == Answer::No && table_.IsPackage(entry.home) &&
                         table_.FindChild(entry.home, wanted) == modules.front();
  return submodule ? ModuleFound(modules.front()) : found;
}

// Whether a branch of `__getattr__` imports the submodule that is asked for.
bool Resolver::IsOwnSubmodule(const LazyEntry &entry) const {
  if (!entry.imported_from.valid() || !table_.IsPackage(entry.home)) {
    return false;
  }
  llvm::StringRef words = project_.Text(entry.imported_from);
  return StandForOwnPackage(words) ||
         (words.consume_back(".") && words == project_.Text(project_.modules[entry.home].name));
}

Found Resolver::SubmoduleOnDemand(ModuleId package, NameId name) {
  const ModuleId child = table_.FindChild(package, name);
  if (!child.valid()) {
    const char *open = table_.WhyOpenBelow(package, name);
    return open != nullptr ? Unknown(open) : Found();
  }
  return Served(ModuleFound(child));
}

} // namespace pydefrag
