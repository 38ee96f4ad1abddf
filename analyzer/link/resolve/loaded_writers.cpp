// Resolver: private submodules that an installed package imports and says nothing more of, as in
// `from . import _build`. They are there for what they do, which may be to write into the package.
#include "link/flow/source_trees.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

// What code needs that writes into modules, other than by `module.name = value`.
static bool ReachesModules(llvm::StringRef name) {
  return llvm::StringSwitch<bool>(name)
      .Cases("setattr", "delattr", "globals", "vars", "exec", "eval", "__import__", true)
      .Cases("__dict__", "modules", "import_module", "f_globals", "_getframe", "currentframe", true)
      .Default(false);
}

// Whether what `x` is in `x.a.b = value` may be a module.
static bool MayBeModule(const SourceTree &tree, uint32_t attribute) {
  uint32_t root = tree.Child(attribute, 0);
  while (tree.Is(root, NodeKind::Attribute)) {
    root = tree.Child(root, 0);
  }
  const auto scope =
      tree.Is(root, NodeKind::Identifier) ? tree.LookUp(root) : std::optional<uint32_t>();
  return !scope || tree.IsImported(*scope, tree.Text(root));
}

// Whether the file's own code cannot write into other modules.
static bool WritesNowhere(const SourceTree &tree) {
  for (uint32_t i = 1; i < tree.size(); ++i) {
    const bool attribute = tree.Is(i, NodeKind::Attribute);
    const uint32_t name = attribute ? tree.LastChild(i) : i;
    const bool own = attribute && tree.Text(tree.Child(i, 0)) == "self";
    if (!own && tree.Is(name, NodeKind::Identifier) && ReachesModules(tree.Text(name))) {
      return false;
    }
    if (attribute && tree.IsTarget(i) && MayBeModule(tree, i)) {
      return false;
    }
  }
  return true;
}

bool Resolver::LoadsWriter(ModuleId package) {
  // What asks again on the way is told no.
  if (const auto [known, inserted] = answers_.loads_writer.try_emplace(package, false); !inserted) {
    return known->second;
  }
  const bool loads = LoadsWriterUncached(package);
  answers_.loads_writer[package] = loads;
  return loads;
}

bool Resolver::LoadsWriterUncached(ModuleId package) {
  if (!HasLog(package) || !table_.IsPackage(package)) {
    return false;
  }
  const FileId file = project_.modules[package].file;
  const auto &statements = project_.scanned.facts[file].statements;
  const auto is_mentioned = [&](llvm::StringRef name) {
    return llvm::any_of(statements, [&](const PlacedStatement &placed) {
      bool mentioned = false;
      view_.Walk(view_.Of(placed), [&](ExprId id) { mentioned |= view_.IsName(id, name); });
      return mentioned;
    });
  };
  const auto writes = [&](NameId submodule) {
    const ModuleId module = table_.FindChild(package, submodule);
    const SourceTree *tree = trees_ && module.valid() ? trees_->Of(module) : nullptr;
    return tree == nullptr || !WritesNowhere(*tree);
  };
  return llvm::any_of(statements, [&](const PlacedStatement &placed) {
    const Statement &statement = view_.Of(placed);
    const bool own = statement.kind == StatementKind::FromImport && statement.level == 1 &&
                     view_.Text(statement.text).empty() && placed.parent < 0;
    return own && llvm::any_of(view_.Operands(statement), [&](ExprId alias) {
             return view_.TextOf(alias).starts_with("_") && !view_.Child(alias).valid() &&
                    !is_mentioned(view_.TextOf(alias)) && writes(view_.At(alias).text);
           });
  });
}

} // namespace pydefrag
