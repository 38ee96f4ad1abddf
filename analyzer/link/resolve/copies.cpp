// Copies: what a statement binds that takes the names of a module, a class or an object over
// (namespace_copies.h).
#include "link/resolve/class_values.h"
#include "link/resolve/reexports.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

static bool IsUndecided(CopyOf what) {
  return what == CopyOf::Some || what == CopyOf::SomeCapitals;
}

static bool IsTaken(CopyOf what, llvm::StringRef name) {
  switch (what) {
  case CopyOf::NotPrivate:
  case CopyOf::Members:
    return !name.starts_with("_");
  case CopyOf::NotDunder:
    return !name.starts_with("__");
  case CopyOf::Capitals:
  case CopyOf::SomeCapitals: // letters that have no case, and such of other scripts, may be there
    return !llvm::isASCII(name) ||
           (llvm::any_of(name, llvm::isUpper) && llvm::none_of(name, llvm::isLower));
  case CopyOf::All:
  case CopyOf::Some:
  case CopyOf::Listed:
  case CopyOf::Reexport:
    return true;
  }
  return true;
}

// What has the names: of a Copy without a source, what its own statement defines.
// Whether nothing but an import of the submodule binds the name of a package, stars left out.
static bool IsBoundBySubmodule(const Resolver &resolver, ModuleId package, NameId name) {
  const NamespaceLog &log = resolver.Log(package);
  return llvm::all_of(
      log.Of(name), [&](uint32_t event) { return log.events[event].kind == EventKind::Submodule; });
}

// What the last import of the name before the event binds. Not what stars bring: to ask each copy
// before for the source of the next takes twice as long for each.
Found Resolver::ImportedBefore(ModuleId module, uint32_t index, NameId name) {
  const NamespaceLog &log = Log(module);
  for (uint32_t at : llvm::reverse(log.Of(name))) {
    const Event &event = log.events[at];
    if (at < index && Reach(module, event.statement) != Tri::No) {
      const bool imports = event.kind == EventKind::Import || event.kind == EventKind::From;
      return imports && !event.maybe ? ValueOf(module, at) : Unknown("bound in more than one way");
    }
  }
  return Unknown("bound by a star import");
}

Found Resolver::CopySource(ModuleId module, uint32_t index) {
  const NamespaceLog &log = Log(module);
  const Event &copy = log.events[index];
  if (copy.copy == CopyOf::Reexport) {
    // `shop.parts`: a submodule of what the name is that was imported.
    Found found = ImportedBefore(module, index, view_.At(view_.RootOf(copy.value)).text);
    const std::string dotted = view_.Dotted(copy.value).value_or("");
    llvm::StringRef rest = llvm::StringRef(dotted).split('.').second;
    for (; !rest.empty() && found.IsModule() && !found.unknown; rest = rest.split('.').second) {
      const NameId part = project_.scanned.names.Find(rest.split('.').first);
      const ModuleId child = IsBoundBySubmodule(*this, found.module, part)
                                 ? table_.FindChild(found.module, part)
                                 : ModuleId();
      found = child.valid() ? ModuleFound(child) : Unknown("an attribute that is no submodule");
    }
    return found;
  }
  if (copy.value.valid()) {
    return Evaluate(module, copy.value, index);
  }
  for (uint32_t k = index; k-- > 0 && log.events[k].statement >= copy.statement;) {
    if (log.events[k].kind == EventKind::Define) {
      return ObjectFound(module, k);
    }
  }
  return Found();
}

Resolver::CopiedNameList Resolver::CopiedNames(ModuleId module, uint32_t index) {
  const uint64_t key = AnswerKey(module, index);
  if (!copies_in_progress_.insert(key).second) {
    return {}; // modules that copy each other: what it adds is found on the way round
  }
  CopiedNameList list = CopiedNamesUncached(module, index);
  copies_in_progress_.erase(key);
  return list;
}

Resolver::CopiedNameList Resolver::CopiedNamesUncached(ModuleId module, uint32_t index) {
  const Event &event = Log(module).events[index];
  CopiedNameList list;
  if (event.copy == CopyOf::Listed) {
    if (view_.IsName(event.target, "__all__")) {
      const AllNames &all = All(module);
      return {all.names, all.present && all.known};
    }
    AllNames names;
    list.known = EvaluateAll(module, event.target, event.statement, names);
    list.names = std::move(names.names);
    return list;
  }
  const Found source = CopySource(module, index);
  if (event.copy == CopyOf::Reexport) {
    const bool copies = source.IsModule() && !source.unknown && ReexportOf(module, index);
    const AllNames all = copies ? All(source.module) : AllNames();
    return {all.names, all.present && all.known};
  }
  if (source.IsModule()) {
    return NamesOf(module, {event.value, ExprId(), event.copy}, event.statement);
  }
  if (event.copy == CopyOf::Members) {
    const auto members = MembersOfEnum(project_, *this, source);
    return {members.names, members.known};
  }
  return list;
}

// The names that `dir(source)` lists.
Resolver::CopiedNameList Resolver::NamesOf(ModuleId module, const NamespaceCopy &copy,
                                           uint32_t statement) {
  CopiedNameList list;
  const Found source = Evaluate(module, copy.source, EventLimit(module, statement));
  if (source.IsModule() && HasLog(source.module)) {
    list.names = BoundNames(source.module);
    list.known = Log(source.module).open_reason.empty() && Log(source.module).stars.empty();
  } else if (source.IsObject()) {
    const ClassNames names = NamesOfObject(project_, *this, source);
    list.names = names.names;
    list.known = names.known;
  }
  list.known &= !IsUndecided(copy.what);
  llvm::erase_if(list.names, [&](NameId name) { return !IsTaken(copy.what, project_.Text(name)); });
  return list;
}

// What the function does that the statement of the event calls.
std::optional<Reexport> Resolver::ReexportOf(ModuleId module, uint32_t index) {
  const auto &statements = project_.StatementsOf(module);
  const Statement &call = view_.Of(statements[Log(module).events[index].statement]);
  const SourceTree *tree = trees_ ? trees_->Of(module) : nullptr;
  return tree != nullptr ? FindReexport(*tree, project_.Text(view_.CalledName(call.first)))
                         : std::nullopt;
}

// A function that copies what the other module lists: all of it, or the classes below a base.
Found Resolver::ThroughReexport(ModuleId module, uint32_t index, NameId name) {
  const Found source = CopySource(module, index);
  if (!source.IsModule() || source.unknown || !All(source.module).Lists(name)) {
    return Found(); // what else the function may bind, possible_names.h knows
  }
  const auto reexport = ReexportOf(module, index);
  if (!reexport) {
    return Found();
  }
  const Found value = Attribute(source.module, name);
  if (reexport->all || value.answer == Answer::No) {
    return value;
  }
  return IsTaken(*this, module, *reexport, source.module, name)
             ? value
             : Unknown("names bound through `globals()`");
}

Found Resolver::ThroughCopy(ModuleId module, uint32_t index, NameId name) {
  const Event event = Log(module).events[index];
  static const char *const kReason = "names bound through `globals()`";
  if (!IsTaken(event.copy, project_.Text(name)) || IsImplicit(module, project_.Text(name))) {
    return Found();
  }
  if (event.copy == CopyOf::Reexport) {
    return ThroughReexport(module, index, name);
  }
  bool part = IsUndecided(event.copy); // it may not be among those that are taken
  if (event.copy == CopyOf::Listed || event.copy == CopyOf::Members) {
    const CopiedNameList list = CopiedNames(module, index);
    const bool listed = llvm::is_contained(list.names, name);
    if (!listed && list.known) {
      return Found();
    }
    part |= !listed;
  }
  Found some = ObjectFound(module, index);
  some.kind = TargetKind::Opaque;
  some.event = kNoEvent;
  const auto perhaps = [&] { // what else the keys may be: possible_names.h
    const bool own = event.value.valid() || !Log(module).open_reason.empty();
    const bool told = own && CannotHave(module, project_.Text(name));
    return told ? Found() : Unknown(kReason);
  };
  const Found source = CopySource(module, index);
  Found value;
  if (event.copy == CopyOf::Members) {
    value = some;
  } else if (source.IsModule() && !source.unknown) {
    value = Attribute(source.module, name);
    if (value.answer == Answer::No) {
      return Found();
    }
  } else if (source.IsObject() && !source.unknown) {
    value = AttributeOfObject(project_, *this, source, name);
    value = value.answer == Answer::No ? some : value;
  } else if (!part && event.copy == CopyOf::Listed) {
    value = some;
  } else {
    return perhaps();
  }
  return part ? perhaps() : value;
}

} // namespace pydefrag
