// ModuleTable: what stands below a package: its folders, with what the package does to its
// `__path__` (PEP 420, pkgutil, pkg_resources).
#include "link/modules/module_table.h"

#include "base/identifier.h"
#include "link/modules/changed_paths.h"
#include "link/modules/path_fold.h"
#include "link/names/hook_idioms.h"
#include "link/names/lazy_names.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

static constexpr const char *kPathChanged = "`__path__` changed at run time";

ModuleTable::Children &ModuleTable::ChildrenOf(ModuleId package) {
  if (children_[package].ready) {
    return children_[package];
  }
  Children children;
  children.ready = true;
  const Module &module = project_.modules[package];
  if (module.kind == ModuleKind::Namespace) {
    children.dirs.assign(portions_[package].begin(), portions_[package].end());
    // Its portions are looked for wherever the package above it looks (_NamespacePath).
    if (module.parent.valid()) {
      children.open = ChildrenOf(module.parent).open;
    }
  } else if (module.file.valid()) {
    const llvm::StringRef path = project_.PathOf(module.file);
    if (module.kind == ModuleKind::Package) {
      children.dirs.push_back(tree_.FindDirectory(FolderOf(path)));
    }
    ReadPathEdits(package, children);
  }
  if (module.first_party && !changed_paths_.empty() &&
      changed_paths_.contains(project_.scanned.names.Find(LastPart(project_.Text(module.name))))) {
    children.open = kPathChanged;
  }
  children_[package] = std::move(children);
  return children_[package];
}

static bool MentionsLegacyNamespace(const SyntaxView &view, ExprId value) {
  bool found = false;
  view.Walk(value, [&](ExprId id) {
    if (view.Is(id, ExprKind::Attribute) || view.Is(id, ExprKind::Name)) {
      const llvm::StringRef text = view.TextOf(id);
      found |= text == "extend_path" || text == "declare_namespace";
    }
  });
  return found;
}

// Whether the hook may have a `__path__`: importlib asks a module for it before it looks for what
// is below (_find_and_load_unlocked), and so a plain file can hand over the path of a package.
bool ModuleTable::MayServePath(FileId file, uint32_t hook) const {
  if (RefusesAtOnce(view_, project_.scanned.facts[file].statements, hook, "__path__")) {
    return false;
  }
  const LazyNames served = ReadLazyNames(project_.scanned, file, hook);
  return !served.exact || !served.delegates.empty() || !served.behind.empty() ||
         llvm::any_of(
             served.entries,
             [&](const LazyEntry &entry) { return project_.Text(entry.name) == "__path__"; }) ||
         llvm::any_of(served.prefixes, [&](NameId prefix) {
           return llvm::StringRef("__path__").starts_with(project_.Text(prefix));
         });
}

// A call that gets the package's `__name__` or `globals()`: of an installed one, nobody reads what
// it does; of the project's, a function that puts modules into `sys.modules` may put them below
// that name.
void ModuleTable::ReadHandedName(const Statement &statement, bool installed,
                                 Children &children) const {
  if (!installed && makers_.empty()) {
    return;
  }
  view_.Walk(statement, [&](ExprId id) {
    const bool given =
        view_.Is(id, ExprKind::Call) && llvm::any_of(view_.Arguments(id), [&](ExprId argument) {
          const auto callee = view_.Callee(argument); // at the top `locals()` is the same dict
          return view_.IsName(argument, "__name__") || callee == "globals" || callee == "locals";
        });
    children.hands_name |= given;
    const NameId called = given ? view_.CalledName(id) : NameId();
    if (!installed && called.valid() && makers_.contains(called)) {
      children.open = "a function puts modules into `sys.modules` that gets its name";
    }
  });
}

// `__path__ = extend_path(...)`, `declare_namespace(__name__)`, `__path__.append(...)`,
// `__path__ = [...]`, `__path__ += [...]` at module level.
void ModuleTable::ReadPathEdits(ModuleId package, Children &children) {
  const FileId file = project_.modules[package].file;
  const std::vector<PlacedStatement> &statements = project_.scanned.facts[file].statements;
  auto add = [&](uint32_t at, ExprId expr) {
    const auto path = FoldPath(view_, project_.scanned, file, at, expr);
    const DirId dir = path ? tree_.FindDirectory(*path) : DirId();
    if (dir.valid()) {
      children.dirs.push_back(dir);
    } else {
      children.open = kPathChanged;
    }
  };
  auto add_list = [&](uint32_t at, ExprId list) {
    if (!view_.Is(list, ExprKind::List)) {
      children.open = kPathChanged;
      return;
    }
    for (ExprId item : view_.Children(list)) {
      add(at, item);
    }
  };
  // `make(__name__ + ".part")`, `make("shop.part")`, of a function that puts into `sys.modules`.
  const std::string below = (project_.Text(project_.modules[package].name) + ".").str();
  const auto makes_below = [&](ExprId call) {
    const NameId called = view_.CalledName(call);
    if (!called.valid() || !makers_.contains(called)) {
      return;
    }
    for (ExprId argument : view_.Arguments(call)) {
      if (view_.IsName(argument, "__name__")) {
        continue; // ReadHandedName
      }
      view_.Walk(argument, [&](ExprId part) {
        const auto text = view_.String(part);
        if (view_.IsName(part, "__name__") || (text && llvm::StringRef(*text).starts_with(below))) {
          children.open = "a function puts modules into `sys.modules` that gets its name";
        }
      });
    }
  };
  for (uint32_t i = 0; i < statements.size(); ++i) {
    const Statement &statement = view_.Of(statements[i]);
    if (statement.kind == StatementKind::Function && statements[i].parent < 0 &&
        project_.modules[package].kind != ModuleKind::Package &&
        view_.Text(statement.text) == "__getattr__") {
      children.open = MayServePath(file, i) ? kPathChanged : children.open;
    }
    if (statements[i].parent < 0) {
      ReadHandedName(statement, !project_.modules[package].first_party, children);
      if (HandsPathOver(view_, statement)) {
        children.open = kPathChanged;
      }
      if (!makers_.empty() && project_.modules[package].first_party) {
        view_.Walk(statement, makes_below);
      }
    }
    if (statement.kind == StatementKind::Expression) {
      ReadRedirect(statement.first, package, children);
      const auto callee = view_.Callee(statement.first);
      if (callee && llvm::StringRef(*callee).ends_with("declare_namespace")) {
        MergeLegacyPortions(package, children);
      } else if (MentionsLegacyNamespace(view_, statement.first)) {
        MergeLegacyPortions(package, children);
      } else if (callee && (*callee == "__path__.append" || *callee == "__path__.insert") &&
                 !view_.Arguments(statement.first).empty()) {
        add(i, view_.Arguments(statement.first).back());
      } else if (callee && *callee == "__path__.extend") {
        add_list(i, view_.Arguments(statement.first).empty()
                        ? ExprId()
                        : view_.Arguments(statement.first).front());
      }
      continue;
    }
    const bool assigns =
        statement.kind == StatementKind::Assign || statement.kind == StatementKind::AugAssign;
    if (statement.kind == StatementKind::Assign && PutsBelowItself(view_, statement)) {
      children.open = "it puts modules below itself into `sys.modules`";
    }
    if (!assigns || !view_.IsName(statement.first, "__path__")) {
      continue;
    }
    const ExprId value = view_.LastOperand(statement);
    if (MentionsLegacyNamespace(view_, value)) {
      MergeLegacyPortions(package, children);
      continue;
    }
    if (statement.kind == StatementKind::Assign) {
      children.dirs.clear();
    }
    add_list(i, value);
  }
}

// All folders of the package's name that its parent's search path holds, with or without __init__.
// Who writes that shares the name with other distributions: without an environment to look into,
// nobody knows what they bring.
void ModuleTable::MergeLegacyPortions(ModuleId package, Children &children) {
  const Module &module = project_.modules[package];
  const llvm::StringRef dotted = project_.Text(module.name);
  const NameId last =
      project_.scanned.names.Intern(dotted.contains('.') ? dotted.rsplit('.').second : dotted);
  llvm::SmallVector<DirId, 8> search;
  if (module.parent.valid()) {
    search.assign(ChildrenOf(module.parent).dirs.begin(), ChildrenOf(module.parent).dirs.end());
  } else {
    search.assign(root_dirs_.begin(), root_dirs_.end());
    search.append(site_dirs_.begin(), site_dirs_.end());
  }
  children.open = site_dirs_.empty() ? kPathChanged : children.open;
  for (DirId dir : search) {
    const DirId sub = tree_.SubDirectory(dir, last);
    if (sub.valid() && !llvm::is_contained(children.dirs, sub)) {
      children.dirs.push_back(sub);
    }
  }
}

bool ModuleTable::HasOpenChildren(ModuleId package) {
  return ChildrenOf(package).open != nullptr || WhyServedBelow(package) != nullptr;
}

const char *ModuleTable::WhyOpenBelow(ModuleId package, NameId name) {
  const Module &module = project_.modules[package];
  if (module.kind == ModuleKind::Stub || module.kind == ModuleKind::Generated ||
      module.kind == ModuleKind::Extension) {
    return project_.reasons.Keep(module.open_reason);
  }
  const char *why = ChildrenOf(package).open;
  why = why != nullptr ? why : WhyServedBelow(package);
  const bool asks = why == nullptr && IsPackage(package) && !served_by_finders_.empty() &&
                    !ChildrenOf(package).served.valid();
  return asks
             ? WhyServed((project_.Text(project_.modules[package].name) + "." + project_.Text(name))
                             .str())
             : why;
}

ModuleId ModuleTable::FindChild(ModuleId package, NameId name) {
  const Module &module = project_.modules[package];
  if (module.kind == ModuleKind::Stdlib) {
    return StandardModule((project_.Text(module.name) + "." + project_.Text(name)).str(), package);
  }
  Children &children = ChildrenOf(package);
  if (auto it = children.found.find(name); it != children.found.end()) {
    return it->second;
  }
  ModuleId found;
  if (const ModuleId original = SecondLoadOf(package); original.valid()) {
    const ModuleId child = FindChild(original, name);
    found = child.valid() && project_.modules[child].first_party
                ? AddSecondLoad(child, name, package)
                : child;
  } else {
    const llvm::SmallVector<DirId, 4> dirs(children.dirs.begin(), children.dirs.end());
    found = SearchIn(dirs, name, package, true);
    if (!found.valid()) {
      found = FindMappedChild(package, name);
    }
    if (!found.valid() && ChildrenOf(package).served.valid()) {
      found = FindServed(package, name);
    }
  }
  ChildrenOf(package).found[name] = found;
  return found;
}

std::optional<ModuleId> ModuleTable::KnownChild(ModuleId package, NameId name) const {
  const Children &children = children_[package];
  if (auto it = children.found.find(name); it != children.found.end()) {
    return it->second;
  }
  if (!children.ready || children.served.valid() || SecondLoadOf(package).valid()) {
    return std::nullopt;
  }
  const bool none = llvm::none_of(children.dirs, [&](DirId dir) {
    return tree_.SubDirectory(dir, name).valid() || tree_.Find(dir, name) ||
           tree_.MayBeMadeIn(dir, name);
  });
  return none && !FindMappedChild(package, name).valid() ? std::optional(ModuleId()) : std::nullopt;
}

// `"shop": "shop/api", "shop.src": "shop/src"` (setuptools package_dir).
ModuleId ModuleTable::FindMappedChild(ModuleId package, NameId name) const {
  return roots_.mapped.empty() ? ModuleId()
                               : FindMapped((project_.Text(project_.modules[package].name) + "." +
                                             project_.Text(name))
                                                .str());
}

} // namespace pydefrag
