// Resolver: what one event of a log binds, whatever comes after it.
#include "base/identifier.h"
#include "link/modules/named_imports.h"
#include "link/resolve/aliases.h"
#include "link/resolve/resolve.h"

namespace pydefrag {

// Whether one of these earlier events of the name surely loads the submodule.
bool Resolver::LoadedBefore(ModuleId module, llvm::ArrayRef<uint32_t> earlier) {
  return llvm::any_of(earlier, [&](uint32_t index) {
    const Event &event = Log(module).events[index];
    return event.kind == EventKind::Submodule && Reach(module, event.statement) == Tri::Yes;
  });
}

// --- events

Found Resolver::ValueOf(ModuleId module, uint32_t index) {
  const Event &event = Log(module).events[index];
  switch (event.kind) {
  case EventKind::Define:
    return ObjectFound(module, index);
  case EventKind::Value:
    return AliasValue(module, index);
  case EventKind::Import:
    return ImportEvent(module, index);
  case EventKind::From:
    return FromEvent(module, index);
  case EventKind::Submodule: {
    const ModuleId child = table_.FindChild(module, event.name);
    return child.valid() ? ModuleFound(child) : Found();
  }
  case EventKind::Star:
  case EventKind::Copy:
  case EventKind::Unbind:
    return Found();
  }
  return Found();
}

// What `getattr(m, "Y")` gives, where `m` is a module.
static Found AskedAttribute(Resolver &resolver, ModuleId module, ExprId call, uint32_t limit) {
  const SyntaxView &view = resolver.view();
  const NameId own = resolver.project().scanned.names.Find("getattr");
  if (own.valid() && !resolver.Log(module).Of(own).empty()) {
    return Found(); // not the builtin
  }
  const auto arguments = view.Arguments(call);
  const Found owner = resolver.Evaluate(module, arguments[0], limit);
  const bool sure = owner.IsModule() && owner.answer == Answer::Yes && !owner.unknown;
  const bool defaults = arguments.size() == 3; // then it has to be there for sure
  if (!sure || owner.module == module || (defaults && !resolver.HasLog(owner.module))) {
    return Found();
  }
  const Found found = resolver.Attribute(owner.module, view.At(arguments[1]).text);
  const bool there = found.answer == Answer::Yes && !found.unknown && !found.fallback;
  return defaults && !there ? Found() : found;
}

// The module of the project that `importlib.import_module("a.b")` gives, as the value of an event.
static ModuleId ImportedByName(Resolver &resolver, ModuleId module, const Event &event) {
  const SyntaxView &view = resolver.view();
  const auto callee = view.Callee(event.value);
  const auto imports = callee && IsImporter(*callee)
                           ? ReadNamedImports(resolver.project(), view, resolver.table(), module,
                                              event.statement, event.value)
                           : std::nullopt;
  if (!imports || imports->modules.size() != 1) {
    return {};
  }
  const bool top = *callee == "__import__" && imports->names.empty();
  const llvm::StringRef dotted = imports->modules[0];
  const ModuleId imported =
      resolver.FindModule(module, top ? dotted.split('.').first : dotted).module;
  const bool ours = imported.valid() && resolver.project().modules[imported].first_party;
  return ours ? imported : ModuleId();
}

ExprId Resolver::ChosenOperand(ModuleId module, uint32_t statement, ExprId value) {
  const auto find = [&](FileId file, uint32_t at, ExprId name) {
    return FindConstantAt(file, at, name, false);
  };
  while (view_.Is(value, ExprKind::Conditional)) {
    const Tri holds = FoldCondition(view_, versions_, project_.modules[module].file, statement,
                                    view_.Child(value, 1), find);
    if (holds == Tri::Unknown) {
      break;
    }
    value = view_.Child(value, holds == Tri::Yes ? 0 : 2);
  }
  return value;
}

// `X = Y` and `X = mod.Y` are the very object, as are imported modules; any other value is an
// object of its own.
Found Resolver::AliasValue(ModuleId module, uint32_t index) {
  const Event event = Log(module).events[index];
  const ExprId value = ChosenOperand(module, event.statement, event.value);
  const Found own = ObjectFound(module, index);
  if (!value.valid()) {
    return own;
  }
  if (ImportsByName(view_, value)) {
    const ModuleId imported = ImportedByName(*this, module, Log(module).events[index]);
    return imported.valid() ? ModuleFound(imported) : own;
  }
  if (!MayBeAlias(view_, value)) {
    return own;
  }
  const Found target = AsksAttribute(view_, value) ? AskedAttribute(*this, module, value, index)
                                                   : Evaluate(module, value, index);
  const bool same =
      target.answer != Answer::No && !target.unknown && (target.IsObject() || target.IsModule());
  if (!same) {
    return own;
  }
  Found alias = target;
  alias.answer = Answer::Yes;
  return alias;
}

Found Resolver::Evaluate(ModuleId module, ExprId expr, uint32_t limit) {
  llvm::SmallVector<NameId, 6> attributes;
  while (view_.Is(expr, ExprKind::Attribute)) {
    attributes.push_back(view_.At(expr).text);
    expr = view_.Child(expr);
  }
  if (!view_.Is(expr, ExprKind::Name)) {
    return Found();
  }
  Found found = At(module, view_.At(expr).text, limit);
  for (auto it = attributes.rbegin(); it != attributes.rend(); ++it) {
    if (!found.IsModule()) {
      return Found();
    }
    // A module that asks itself has bound no more than what stands before.
    const Found now = found.module == module ? At(module, *it, limit) : Found();
    found = now.answer == Answer::No ? ImportFrom(found.module, *it) : now;
  }
  return found;
}

// Whether an object surely has no attribute that an import could name: a plain function, a number.
bool Resolver::HasNoAttributes(const Found &object) const {
  const Event &event = Log(object.module).events[object.event];
  const FileId file = project_.modules[object.module].file;
  const Statement &statement = view_.Of(project_.scanned.facts[file].statements[event.statement]);
  if (event.kind == EventKind::Define) {
    return statement.kind == StatementKind::Function && !statement.first.valid();
  }
  return view_.IsConstant(event.value);
}

// `import a.b` binds the top module; `import a.b as c` takes attributes on the way (CPython
// IMPORT_FROM): an attribute that is no module hides the submodule.
Found Resolver::ImportEvent(ModuleId module, uint32_t index) {
  const Event &event = Log(module).events[index];
  const llvm::StringRef dotted = view_.TextOf(event.value);
  const bool has_as = view_.Child(event.value).valid();
  const Statement &statement = view_.Of(project_.StatementsOf(module)[event.statement]);
  const ImportTarget &search = TargetOf(module, event.statement, NumberOf(statement, event.value));
  if (search.unknown || search.not_installed) {
    Found outside = Unknown(search.reason);
    outside.absent = search.not_installed;
    return outside;
  }
  if (!search.module.valid()) {
    const Guard guard = GuardOf(module, event.statement, ImportFailure::NoModule);
    if (!project_.modules[module].first_party) {
      return OpaqueFound(module);
    }
    Found broken;
    if (!guard.guarded) {
      broken = UnknownOf("`" + dotted + "` cannot be imported");
      broken.broken = true;
    }
    return broken;
  }
  if (!has_as) {
    return ModuleFound(search.top);
  }
  ModuleId at = search.top;
  for (llvm::StringRef rest = dotted.split('.').second; !rest.empty();
       rest = rest.split('.').second) {
    const NameId part = project_.scanned.names.Intern(rest.split('.').first);
    const Found attribute = HasLog(at) ? Attribute(at, part) : Found();
    if (attribute.answer == Answer::Yes && attribute.IsObject()) {
      // Inside the package, this may run before the package's name hides its submodule.
      const llvm::StringRef package = project_.Text(project_.modules[at].name);
      const llvm::StringRef importer = project_.Text(project_.modules[module].name);
      if (IsWithin(importer, package)) {
        return UnknownOf("a name and a submodule of `" + package + "` take turns");
      }
      if (!rest.contains('.')) {
        return attribute;
      }
      return HasNoAttributes(attribute) ? Found()
                                        : UnknownOf("an attribute of what `" + package +
                                                    "` calls by the submodule's name");
    }
    at = attribute.IsModule() && !attribute.unknown ? attribute.module : table_.FindChild(at, part);
    if (!at.valid()) {
      return ModuleFound(search.module);
    }
  }
  return ModuleFound(at);
}

Found Resolver::FromEvent(ModuleId module, uint32_t index) {
  const Event &event = Log(module).events[index];
  const ImportTarget &search = TargetOf(module, event.statement);
  ImportFailure failure = ImportFailure::None;
  Found found;
  if (search.beyond_top) {
    failure = ImportFailure::BeyondTop;
  } else {
    if (search.unknown || search.not_installed) {
      const Found put =
          search.put ? FromPutModule(*search.put, view_.At(event.value).text) : Found();
      Found outside = put.answer != Answer::No ? put : Unknown(search.reason);
      outside.absent = put.answer == Answer::No && search.not_installed;
      return outside;
    }
    if (!search.module.valid()) {
      failure = ImportFailure::NoModule;
    } else {
      found = ImportFromAt(module, event.statement, search.module, view_.At(event.value).text);
      failure = found.answer == Answer::No ? ImportFailure::NoName : ImportFailure::None;
    }
  }
  if (!project_.modules[module].first_party && (failure != ImportFailure::None || found.unknown)) {
    // An installed package is taken to work: what it imports is bound, whatever it is.
    return OpaqueFound(module);
  }
  if (failure == ImportFailure::None) {
    return IsCutOff(module, event) ? Found() : found;
  }
  if (GuardOf(module, event.statement, failure).guarded) {
    return Found();
  }
  Found broken = UnknownOf("`" + project_.Text(search.dotted) + "` cannot be imported from here");
  broken.broken = true;
  return broken;
}

// `from m import missing, name` in a guard: the name comes behind one that fails.
bool Resolver::IsCutOff(ModuleId module, const Event &event) {
  const auto &statements = project_.StatementsOf(module);
  const Statement &statement = view_.Of(statements[event.statement]);
  if (event.value == statement.first ||
      !GuardOf(module, event.statement, ImportFailure::NoName).guarded) {
    return false;
  }
  const ModuleId source = TargetOf(module, event.statement).module;
  for (ExprId alias = statement.first; alias.valid() && alias != event.value;
       alias = view_.Next(alias)) {
    if (ImportFrom(source, view_.At(alias).text).answer == Answer::No) {
      return true;
    }
  }
  return false;
}

} // namespace pydefrag
