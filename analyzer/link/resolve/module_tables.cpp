#include "link/resolve/module_tables.h"

#include "link/flow/source_trees.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {
namespace {

// What a table says of a name: in which module it is, and perhaps by which name.
struct TableEntry {
  llvm::StringRef module;
  llvm::StringRef name;
};

} // namespace

static TableEntry ReadEntry(const SourceTree &tree, uint32_t node) {
  const uint32_t parent = tree.Parent(node);
  if (!tree.Is(parent, NodeKind::Pair)) { // an item of a list that stands under the module
    return {tree.PlainText(tree.Child(tree.Parent(parent), 0)), tree.PlainText(node)};
  }
  const uint32_t value = tree.Child(parent, 1);
  if (tree.Is(value, NodeKind::String)) {
    return {tree.PlainText(value), tree.PlainText(node)};
  }
  return {tree.PlainText(tree.Child(value, 0)), tree.PlainText(tree.Child(value, 1))};
}

// Whether the module has something by the other name that the table gives.
static bool GoesByOther(const Project &project, Resolver &resolver, ModuleId module,
                        llvm::StringRef other, NameId name) {
  const NameId found = project.scanned.names.Find(other);
  return found.valid() && found != name && resolver.ImportFrom(module, found).answer != Answer::No;
}

// Whether two modules have the same by the name; an invalid one agrees with all.
static bool AgreeOn(Resolver &resolver, ModuleId one, ModuleId other, NameId name) {
  if (!one.valid() || one == other) {
    return true;
  }
  const Found first = resolver.ImportFrom(one, name);
  const Found second = resolver.ImportFrom(other, name);
  return first.IsObject() && second.IsObject() && !first.unknown && !second.unknown &&
         first.module == second.module && first.event == second.event;
}

ModuleId FindSpelled(const Project &project, Resolver &resolver, ModuleId home,
                     llvm::StringRef dotted) {
  std::string absolute = dotted.str();
  if (dotted.consume_front(".")) {
    const ModuleId package = resolver.table().PackageOf(home);
    absolute = package.valid() && !dotted.starts_with(".")
                   ? (project.Text(project.modules[package].name) + "." + dotted).str()
                   : "";
  }
  return absolute.empty() ? ModuleId() : resolver.FindModule(home, absolute).module;
}

// Whether the file takes something out of the table again.
static bool TakesOut(const SourceTree &tree, llvm::StringRef table) {
  return llvm::any_of(tree.NamesSaying(table), [&](uint32_t name) {
    const uint32_t above = tree.Parent(name);
    const llvm::StringRef method =
        tree.Is(above, NodeKind::Attribute) ? tree.Text(tree.LastChild(above)) : "";
    return method == "pop" || method == "popitem" || method == "clear" ||
           tree.Enclosing(name, NodeKind::DeleteStatement) != 0;
  });
}

// Null where no sources are read, and where the name is a submodule: once that is loaded nobody
// asks the tables.
static SourceTrees *TreesToAsk(Resolver &resolver, ModuleId module, NameId name) {
  const bool submodule =
      resolver.table().IsPackage(module) && resolver.table().FindChild(module, name).valid();
  return submodule ? nullptr : resolver.sources();
}

Found FindInModuleTables(const Project &project, Resolver &resolver, ModuleId module, NameId name) {
  SourceTrees *trees = TreesToAsk(resolver, module, name);
  if (trees == nullptr) {
    return Found();
  }
  ModuleId home;
  bool keys = false; // a module says where a key is made, not what it is there
  for (const auto &[tree, node] : trees->ListedInTables(module, project.Text(name))) {
    const TableEntry entry = ReadEntry(*tree, node);
    ModuleId named = FindSpelled(project, resolver, module, entry.module);
    if (!entry.module.empty()) {
      // What reads it may add the package.
      const ModuleId below = FindSpelled(project, resolver, module, ("." + entry.module).str());
      const bool there = named.valid() && resolver.HasLog(named);
      if (there && below.valid() && below != named && resolver.HasLog(below)) {
        return Found(); // it may be either
      }
      named = below.valid() && !there ? below : named;
    }
    const bool key = tree->Is(tree->Parent(node), NodeKind::Pair);
    if (key && !named.valid()) {
      continue; // a key of something else
    }
    if (!named.valid() || named == module || !AgreeOn(resolver, home, named, name) ||
        GoesByOther(project, resolver, named, entry.name, name)) {
      return Found();
    }
    home = named;
    keys |= key;
  }
  const Found found = home.valid() ? resolver.ImportFrom(home, name) : Found();
  return found.module == home || found.IsModule() || !keys ? found : Found();
}

Found FindInDottedLists(const Project &project, Resolver &resolver, ModuleId module, NameId name) {
  SourceTrees *trees = TreesToAsk(resolver, module, name);
  if (trees == nullptr) {
    return Found();
  }
  ModuleId home;
  for (const auto &[tree, node] : trees->ListedInTables(module, "." + project.Text(name).str())) {
    const ModuleId named =
        FindSpelled(project, resolver, module, tree->PlainText(node).rsplit('.').first);
    if (!named.valid() || !resolver.HasLog(named) || !AgreeOn(resolver, home, named, name)) {
      return Found();
    }
    home = named;
  }
  return home.valid() && home != module ? resolver.Attribute(home, name) : Found();
}

std::vector<NameId> TakeKeys(Project &project, Resolver &resolver, ModuleId module,
                             const Found &table) {
  std::vector<NameId> keys;
  SourceTrees *trees = resolver.sources();
  const SourceTree *tree = trees != nullptr ? trees->Of(table.module) : nullptr;
  if (tree == nullptr) {
    return keys;
  }
  const NameId name = resolver.Log(table.module).events[table.event].name;
  const SourceTree *lister = trees->Of(module);
  const bool whole = !TakesOut(*tree, project.Text(name)) &&
                     !(lister != nullptr && TakesOut(*lister, project.Text(name)));
  const uint32_t display = whole ? tree->DisplayNamed(project.Text(name)) : 0;
  for (uint32_t pair : tree->Is(display, NodeKind::Dictionary) ? tree->Children(display)
                                                               : llvm::SmallVector<uint32_t, 8>()) {
    const llvm::StringRef key =
        tree->Is(pair, NodeKind::Pair) ? tree->PlainText(tree->Child(pair, 0)) : llvm::StringRef();
    if (!key.empty()) {
      keys.push_back(project.scanned.names.Intern(key));
    }
  }
  if (table.module != module) {
    trees->TakesTables(module, table.module);
  }
  return keys;
}

std::optional<llvm::SmallVector<NameId, 16>> LongListOf(Project &project, Resolver &resolver,
                                                        const Found &list) {
  const NamespaceLog &log = resolver.Log(list.module);
  const auto &statements = project.StatementsOf(list.module);
  const Event &event = log.events[list.event];
  const bool left_out = project.Syntax(statements[event.statement]).reduced;
  SourceTrees *trees = left_out ? resolver.sources() : nullptr;
  const SourceTree *tree = trees != nullptr ? trees->Of(list.module) : nullptr;
  const llvm::StringRef name = project.Text(event.name);
  const uint32_t display = tree != nullptr ? tree->DisplayNamed(name) : 0;
  const bool is_list =
      tree != nullptr && (tree->Is(display, NodeKind::List) || tree->Is(display, NodeKind::Tuple));
  const auto is_changed = [&](uint32_t mention) {
    return tree->Is(tree->Parent(mention), NodeKind::Attribute);
  };
  if (!is_list || llvm::any_of(tree->NamesSaying(name), is_changed)) {
    return std::nullopt;
  }
  llvm::SmallVector<NameId, 16> names;
  for (uint32_t item : tree->Children(display)) {
    const llvm::StringRef text = tree->PlainText(item);
    if (text.empty()) {
      return std::nullopt;
    }
    names.push_back(project.scanned.names.Intern(text));
  }
  return names;
}

} // namespace pydefrag
