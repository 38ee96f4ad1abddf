// Names of modules whose source is not read: the standard library's, from tables; compiled modules.
#include "link/resolve/resolve.h"

#include "base/identifier.h"
#include "link/resolve/built_in.h"
#include "stdlib/stdlib.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

// 3.x: the tables of newer versions are from stubs.
static constexpr int kNewestAsked = 13;

std::optional<Found> Resolver::StandardName(ModuleId id, NameId name) const {
  const llvm::StringRef module = project_.Text(project_.modules[id].name);
  if ((FindStdlibNamePresence(module, project_.Text(name)) & MaskOfRange(versions_)) == 0) {
    return std::nullopt;
  }
  Found found;
  found.answer = Answer::Yes;
  found.kind = TargetKind::Opaque;
  found.module = project_.FindModule(module);
  found.outside = name;
  return found;
}

Found Resolver::OutsideAttribute(ModuleId id, NameId name) {
  const Module &module = project_.modules[id];
  const llvm::StringRef text = project_.Text(name);
  if (module.kind != ModuleKind::Stdlib) {
    if (IsSpelledNowhere(id, name)) {
      return Found();
    }
    return module.open_reason.empty() ? Unknown("not analysed") : UnknownOf(module.open_reason);
  }
  if (const std::optional<Found> listed = StandardName(id, name)) {
    return *listed;
  }
  // A name that no version surely has.
  const StdlibName info = FindStdlibName(project_.Text(module.name), text);
  const bool unlisted = (info.present & ~info.perhaps) == 0;
  const StdlibModule *stdlib = FindStdlibModule(project_.Text(module.name));
  if (stdlib && stdlib->open && unlisted) {
    return UnknownOf(module.open_reason);
  }
  // The tables list what is public, and of private modules what an interpreter said.
  const llvm::StringRef dotted = project_.Text(module.name);
  const bool asked = stdlib && (stdlib->present & MaskOf(kNewestAsked)) != 0;
  const bool is_private = !asked && (dotted.starts_with("_") || dotted.contains("._"));
  if (unlisted && (text.starts_with("_") || is_private)) {
    return Unknown("a private name of the standard library");
  }
  return Found();
}

// A compiled module, which no Python code adds the name to.
bool Resolver::IsSpelledNowhere(ModuleId id, NameId name) {
  const DirId folder = table_.FolderOfExtension(id);
  if (!folder.valid() || project_.modules[id].kind != ModuleKind::Extension ||
      opened_elsewhere_.contains(id)) {
    return false;
  }
  const llvm::StringRef module = LastPart(project_.Text(project_.modules[id].name));
  return extensions_.Lacks(table_.PathOf(folder), module, project_.Text(name)) &&
         !IsPutFromElsewhere(id, name);
}

// A compiled module without `__all__`: a star import takes what has no underscore in front.
bool Resolver::ListsNoNames(ModuleId compiled) {
  const DirId folder = table_.FolderOfExtension(compiled);
  const llvm::StringRef module = LastPart(project_.Text(project_.modules[compiled].name));
  return folder.valid() && !opened_elsewhere_.contains(compiled) &&
         !extensions_.MayListNames(table_.PathOf(folder), module);
}

std::optional<std::vector<std::string>> Resolver::KeyWordsOf(ModuleId compiled) const {
  const DirId folder = table_.FolderOfExtension(compiled);
  const llvm::StringRef module = LastPart(project_.Text(project_.modules[compiled].name));
  return folder.valid() ? extensions_.KeyWords(table_.PathOf(folder), module) : std::nullopt;
}

// It is found by its name: one that begins or ends with the class's.
const char *Resolver::MadeByDecorator(ModuleId id, llvm::StringRef text) {
  const auto &statements = project_.StatementsOf(id);
  for (uint32_t i = 0; i < statements.size(); i = statements[i].end) {
    const Statement &statement = view_.Of(statements[i]);
    if (statement.kind != StatementKind::Class || statement.first == statement.bases) {
      continue;
    }
    const llvm::StringRef name = view_.Text(statement.text);
    if (name.size() >= text.size() || !(text.starts_with(name) || text.ends_with(name))) {
      continue;
    }
    for (ExprId decorator = statement.first; decorator.valid() && decorator != statement.bases;
         decorator = view_.Next(decorator)) {
      const ExprId callee =
          view_.Is(decorator, ExprKind::Call) ? view_.Child(decorator) : decorator;
      const Found found = Evaluate(id, callee, EventLimit(id, i));
      const bool known = !found.unknown && found.module.valid() &&
                         (project_.modules[found.module].first_party ||
                          project_.modules[found.module].kind == ModuleKind::Stdlib);
      if (!known) {
        return project_.reasons.Keep("a decorator of `" + name + "` may add names beside it");
      }
    }
  }
  return nullptr;
}

// What may add the name to a module where no code that is read does; null: nothing.
const char *Resolver::AddedUnseen(ModuleId id, NameId name) {
  const llvm::StringRef text = project_.Text(name);
  // Of an installed package only some files are read: an import in another may load the submodule.
  if (!project_.modules[id].first_party && table_.IsPackage(id) &&
      table_.FindChild(id, name).valid()) {
    return "a submodule that its package may load";
  }
  if (!project_.modules[id].first_party && LoadsWriter(id)) {
    return "a private submodule may write into its package";
  }
  if (text == "__warningregistry__") {
    return "there once the module has warned";
  }
  // Compilers add names of their own to those of the source: `__test__`, `__pyx_capi__`.
  if (text.starts_with("__") && table_.HasExtensionBeside(id)) {
    return "a compiled module stands beside the source";
  }
  return project_.modules[id].file.valid() ? MadeByDecorator(id, text) : nullptr;
}

bool Resolver::IsImplicit(ModuleId module, llvm::StringRef name) const {
  if (!name.starts_with("__")) {
    return false;
  }
  if (name == "__path__") {
    return table_.IsPackage(module);
  }
  const bool ns = project_.modules[module].kind == ModuleKind::Namespace;
  return llvm::StringSwitch<bool>(name)
      .Cases("__name__", "__doc__", "__spec__", "__loader__", "__package__", true)
      .Cases("__file__", "__cached__", "__builtins__", !ns)
      .Cases("__dict__", "__class__", "__init__", "__repr__", "__dir__", true)
      .Cases("__getattribute__", "__setattr__", "__delattr__", "__hash__", "__str__", true)
      .Cases("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", true)
      .Cases("__new__", "__reduce__", "__reduce_ex__", "__sizeof__", "__format__", true)
      .Cases("__subclasshook__", "__init_subclass__", true)
      .Case("__getstate__", versions_.highest >= 11)
      .Case("__annotations__", versions_.highest >= 10)
      .Default(false);
}

bool Resolver::IsUnlisted(ModuleId id, llvm::StringRef name) const {
  const llvm::StringRef module = project_.Text(project_.modules[id].name);
  const StdlibModule *stdlib = FindStdlibModule(module);
  if (!stdlib || stdlib->open || module.starts_with("_") || module.contains("._")) {
    return false;
  }
  const StdlibName info = FindStdlibName(module, name);
  return (info.present & MaskOfRange(versions_)) == 0;
}

} // namespace pydefrag
