#include "link/resolve/module_tables.h"

#include "link/flow/source_trees.h"

namespace pydefrag {

Found FindInModuleTables(const Project &project, Resolver &resolver, ModuleId module, NameId name) {
  SourceTrees *trees = resolver.sources();
  const SourceTree *tree = trees != nullptr ? trees->Of(module) : nullptr;
  ModuleId home;
  for (uint32_t node : tree != nullptr ? trees->ListedInTables(module, project.Text(name))
                                       : llvm::ArrayRef<uint32_t>()) {
    const uint32_t pair = tree->Parent(tree->Parent(node));
    const llvm::StringRef dotted = tree->PlainText(tree->Child(pair, 0));
    const ModuleId named = dotted.empty() ? ModuleId() : resolver.FindModule(module, dotted).module;
    if (!named.valid() || named == module || (home.valid() && home != named)) {
      return Found();
    }
    home = named;
  }
  return home.valid() ? resolver.ImportFrom(home, name) : Found();
}

} // namespace pydefrag
