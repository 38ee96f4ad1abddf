#include "link/resolve/module_tables.h"

#include "link/flow/source_trees.h"

namespace pydefrag {

// The text of a plain string without escapes; empty for anything else.
static llvm::StringRef PlainText(const SourceTree &tree, uint32_t node) {
  const llvm::StringRef text = tree.Is(node, NodeKind::String) ? tree.Text(node) : "";
  const bool quoted = text.size() > 2 && (text.front() == '"' || text.front() == '\'') &&
                      text.front() == text.back();
  return quoted && !text.contains('\\') ? text.drop_front().drop_back() : "";
}

Found FindInModuleTables(const Project &project, Resolver &resolver, ModuleId module, NameId name) {
  const SourceTree *tree = resolver.sources() != nullptr ? resolver.sources()->Of(module) : nullptr;
  ModuleId home;
  for (uint32_t i = 1; tree != nullptr && i < tree->size(); ++i) {
    if (tree->ScopeOf(i) != 0 || PlainText(*tree, i) != project.Text(name)) {
      continue;
    }
    const uint32_t list = tree->Parent(i);
    const uint32_t pair = tree->Parent(list);
    if ((!tree->Is(list, NodeKind::List) && !tree->Is(list, NodeKind::Tuple)) ||
        !tree->Is(pair, NodeKind::Pair) || tree->Child(pair, 1) != list) {
      continue;
    }
    const llvm::StringRef dotted = PlainText(*tree, tree->Child(pair, 0));
    const ModuleId named = dotted.empty() ? ModuleId() : resolver.FindModule(module, dotted).module;
    if (!named.valid() || named == module || (home.valid() && home != named)) {
      return Found();
    }
    home = named;
  }
  return home.valid() ? resolver.ImportFrom(home, name) : Found();
}

} // namespace pydefrag
