#include "link/module_table.h"

#include "link/path_fold.h"
#include "stdlib/stdlib.h"

#include <algorithm>

namespace pydefrag {

ModuleTable::ModuleTable(Project &project, FileTree &tree, const Roots &roots,
                         const std::vector<std::string> &sites, const SyntaxView &view)
    : project_(project), tree_(tree), roots_(roots), view_(view),
      not_installed_(project.reasons.Keep("not installed in " + project.environment)) {
  for (const SourceRoot &root : roots.roots) {
    root_dirs_.push_back(tree.FindDirectory(root.path));
  }
  for (const std::string &site : sites) {
    site_dirs_.push_back(tree.FindDirectory(site));
  }
  // A tree that holds its own os.py, site.py and codecs.py is the standard library.
  is_stdlib_ = true;
  for (const char *name : {"os", "site", "codecs"}) {
    const ModuleCandidates *found = nullptr;
    for (DirId dir : root_dirs_) {
      found = found ? found : tree.Find(dir, project_.scanned.names.Intern(name));
    }
    is_stdlib_ &= found && found->source.valid();
  }
}

// Whether it may have submodules.
static bool IsPackageModule(const Project &project, const Module &module) {
  if (module.kind == ModuleKind::Stdlib) {
    const StdlibModule *info = FindStdlibModule(project.Text(module.name));
    return info && info->package;
  }
  return module.kind == ModuleKind::Package || module.kind == ModuleKind::Namespace;
}

ModuleId ModuleTable::Add(Module module) {
  is_package_.push_back(IsPackageModule(project_, module));
  const ModuleId id = project_.modules.push_back(std::move(module));
  children_.resize(project_.modules.size());
  portions_.resize(project_.modules.size());
  second_loads_.resize(project_.modules.size());
  return id;
}

static bool IsIdentifierPath(llvm::StringRef path) {
  return !path.contains('.');
}

// The first folder above that is no package.
std::string ModuleTable::BaseOf(llvm::StringRef path) const {
  DirId dir = path.contains('/') ? tree_.FindDirectory(path.rsplit('/').first) : DirId();
  while (dir.valid() && tree_.IsRegularPackage(dir)) {
    dir = tree_.Parent(dir);
  }
  return dir.valid() ? tree_.Path(dir).str() : std::string();
}

bool ModuleTable::IsTakenByRoot(llvm::StringRef top) const {
  const NameId name = project_.scanned.names.Find(top);
  return name.valid() && llvm::any_of(root_dirs_, [&](DirId dir) {
           const DirId sub = tree_.SubDirectory(dir, name);
           const ModuleCandidates *file = tree_.Find(dir, name);
           return (sub.valid() && tree_.IsRegularPackage(sub)) || (file && file->source.valid());
         });
}

// Whether the file is in a regular package of the folder that is imported by its name there, and
// the first name that it has now is never imported.
bool ModuleTable::IsImportedFrom(llvm::StringRef folder, llvm::StringRef stem,
                                 llvm::StringRef top_now) const {
  if (folder.empty() || !stem.consume_front(folder) || !stem.consume_front("/")) {
    return false;
  }
  const NameTable &names = project_.scanned.names;
  const NameId top = names.Find(stem.split('/').first);
  const DirId dir = tree_.FindDirectory(folder);
  const DirId package = dir.valid() && top.valid() ? tree_.SubDirectory(dir, top) : DirId();
  return package.valid() && tree_.IsRegularPackage(package) && !tree_.IsRegularPackage(dir) &&
         imported_tops_.contains(top) && !imported_tops_.contains(names.Find(top_now));
}

// The first components of all absolute imports.
void ModuleTable::CollectImportedTops() {
  NameTable &names = project_.scanned.names;
  llvm::DenseSet<NameId> seen;
  auto add = [&](NameId dotted) {
    if (dotted.valid() && seen.insert(dotted).second) {
      imported_tops_.insert(names.Intern(names.Text(dotted).split('.').first));
    }
  };
  for (const Statement &statement : project_.scanned.syntax.statements) {
    if (statement.kind == StatementKind::FromImport && statement.level == 0) {
      add(statement.text);
    } else if (statement.kind == StatementKind::Import) {
      for (ExprId alias : view_.Operands(statement)) {
        add(view_.At(alias).text);
      }
    }
  }
}

static bool IsWeak(const SourceRoot &root) {
  const llvm::StringRef because = root.because;
  return because.starts_with("pytest, ") || because.starts_with("sys.path edit") ||
         because.starts_with("named in");
}

// "pkg.mod" for src/pkg/mod.py under the longest root that is not hidden by another; a folder that
// stands for a package (setuptools package_dir) wins.
std::string ModuleTable::NameFromRoots(llvm::StringRef path) const {
  llvm::StringRef stem = path.drop_back(3);
  if (stem == "__init__") {
    stem = "";
  } else if (stem.ends_with("/__init__")) {
    stem = stem.drop_back(9);
  }
  size_t best_length = 0;
  std::string best;
  bool found = false;
  auto consider = [&](llvm::StringRef folder, llvm::StringRef package) {
    llvm::StringRef rest = stem;
    if (!folder.empty()) {
      if (!(rest.consume_front(folder) && (rest.empty() || rest.consume_front("/")))) {
        return;
      }
    }
    if ((found && folder.size() < best_length) || !IsIdentifierPath(rest) ||
        (rest.empty() && package.empty())) {
      return;
    }
    std::string name = rest.str();
    std::replace(name.begin(), name.end(), '/', '.');
    best = package.empty() ? name : name.empty() ? package.str() : package.str() + "." + name;
    best_length = folder.size();
    found = true;
  };
  // A folder that only pytest or a sys.path edit names does not rename what stands in it, unless
  // the imports say so: lib/matplotlib is `matplotlib` where nobody imports `lib`.
  for (const SourceRoot &root : roots_.roots) {
    if (!IsWeak(root)) {
      consider(root.path, "");
    }
  }
  const std::string top_now = llvm::StringRef(best).split('.').first.str();
  for (const SourceRoot &root : roots_.roots) {
    if (IsWeak(root) && IsImportedFrom(root.path, stem, top_now)) {
      consider(root.path, "");
    }
  }
  for (const PackageDir &dir : roots_.mapped) {
    consider(dir.folder, dir.package);
  }
  if (!found) { // my-dir/pkg/mod.py: by the folder that must be on the path
    const std::string base = BaseOf(path);
    llvm::StringRef below = stem;
    const bool package = below.consume_front(base) && below.consume_front("/") &&
                         below.contains('/') && IsIdentifierPath(below);
    if (package && !IsTakenByRoot(below.split('/').first)) {
      best = below.str();
      std::replace(best.begin(), best.end(), '/', '.');
      return best;
    }
  }
  if (!found) { // my-dir/run.py, x.y.py: no import statement reaches it by name
    best = stem.str();
    std::replace(best.begin(), best.end(), '/', '.');
  }
  return best.empty() ? "__init__" : best;
}

std::string ModuleTable::NameFromSites(llvm::StringRef path) const {
  for (DirId site : site_dirs_) {
    llvm::StringRef stem = path;
    if (stem.consume_front(tree_.Path(site)) && stem.consume_front("/") &&
        stem.consume_back(".py")) {
      stem.consume_back("/__init__");
      std::string name = stem.str();
      std::replace(name.begin(), name.end(), '/', '.');
      return name;
    }
  }
  return path.str();
}

// The package whose __init__ stands in the file's folder, or above it for an __init__.
ModuleId ModuleTable::PackageAround(FileId file) const {
  llvm::StringRef path = project_.scanned.paths[file];
  if (path.consume_back("/__init__.py") && !path.contains('/')) {
    return ModuleId();
  }
  const DirId dir = path.contains('/') ? tree_.FindDirectory(path.rsplit('/').first) : DirId();
  const ModuleCandidates *init = dir.valid() ? tree_.Init(dir) : nullptr;
  return init && init->source.valid() ? project_.module_of_file[init->source] : ModuleId();
}

void ModuleTable::AddFiles() {
  NameTable &names = project_.scanned.names;
  const size_t count = project_.scanned.paths.size();
  project_.module_of_file.resize(count);
  CollectImportedTops();
  for (size_t i = 0; i < count; ++i) {
    const FileId file(i);
    const llvm::StringRef path = project_.scanned.paths[file];
    Module module;
    const bool own = i < project_.file_count;
    module.name = names.Intern(own ? NameFromRoots(path) : NameFromSites(path));
    module.file = file;
    module.kind = path == "__init__.py" || path.ends_with("/__init__.py") ? ModuleKind::Package
                                                                          : ModuleKind::Module;
    module.first_party = own;
    const ModuleId id = Add(module);
    project_.module_of_file[file] = id;
    project_.module_by_name.try_emplace(module.name, id);
  }
  for (size_t i = 0; i < count; ++i) {
    Module &module = project_.modules[ModuleId(i)];
    const llvm::StringRef name = names.Text(module.name);
    if (const ModuleId package = PackageAround(FileId(i));
        package.valid() && name.contains('.') &&
        names.Text(project_.modules[package].name) == name.rsplit('.').first) {
      module.parent = package;
    } else if (name.contains('.')) {
      auto it = project_.module_by_name.find(names.Find(name.rsplit('.').first));
      module.parent = it == project_.module_by_name.end() ? ModuleId() : it->second;
    }
  }
  // Parents that are namespace packages come into being when they are first looked for.
  for (size_t i = 0; i < count; ++i) {
    const std::string name = names.Text(project_.modules[ModuleId(i)].name).str();
    if (!project_.modules[ModuleId(i)].parent.valid() && llvm::StringRef(name).contains('.')) {
      // Not from the file's own folder: foo/foo.py is no parent of itself.
      const ModuleId parent = Find(llvm::StringRef(name).rsplit('.').first, FileId()).module;
      project_.modules[ModuleId(i)].parent = parent;
    }
  }
}

ModuleKind ModuleTable::Evidence(const ModuleCandidates &candidates) const {
  return candidates.extension   ? ModuleKind::Extension
         : candidates.generated ? ModuleKind::Generated
                                : ModuleKind::Stub;
}

NameId ModuleTable::ChildName(ModuleId parent, NameId name) {
  if (!parent.valid()) {
    return name;
  }
  return project_.scanned.names.Intern(
      (project_.Text(project_.modules[parent].name) + "." + project_.Text(name)).str());
}

// PathFinder over a list of folders. With `with_portions`, folders without __init__ count.
ModuleId ModuleTable::SearchIn(llvm::ArrayRef<DirId> dirs, NameId name, ModuleId parent,
                               bool with_portions) {
  llvm::SmallVector<DirId, 1> portions;
  const ModuleCandidates *weak = nullptr;
  DirId weak_dir;
  bool decided = false; // by `weak`
  for (DirId dir : dirs) {
    const DirId sub = tree_.SubDirectory(dir, name);
    if (sub.valid() && tree_.IsRegularPackage(sub)) {
      const ModuleCandidates *init = tree_.Init(sub);
      if (init->source.valid()) {
        return project_.module_of_file[init->source];
      }
      if (init->outside) {
        return ExternalModule(ChildName(parent, name), parent);
      }
      Module package{.name = ChildName(parent, name),
                     .kind = ModuleKind::Extension,
                     .parent = parent,
                     .first_party = true};
      package.open_reason = "compiled package";
      return Add(package);
    }
    const ModuleCandidates *candidates = tree_.Find(dir, name);
    if (candidates && candidates->source.valid()) {
      return project_.module_of_file[candidates->source];
    }
    if (candidates && (candidates->outside || (tree_.IsOutside(dir) && candidates->extension))) {
      return ExternalModule(ChildName(parent, name), parent);
    }
    // What a build makes comes before a bare folder of its name that holds its sources; what a
    // folder of nothing but a stub describes is compiled elsewhere.
    const bool bare = sub.valid() && !tree_.HoldsPython(sub);
    const ModuleCandidates *init = bare ? tree_.Init(sub) : nullptr;
    const bool stub_only = init && init->has_stub;
    if ((candidates && (candidates->extension || (candidates->generated && bare))) || stub_only) {
      weak = stub_only ? init : candidates;
      weak_dir = dir;
      decided = true;
      break;
    }
    if (candidates && !weak) {
      weak = candidates;
      weak_dir = dir;
    }
    if (sub.valid()) {
      portions.push_back(sub);
    }
  }
  if (portions.empty() || !with_portions || decided) {
    if (!weak) {
      return ModuleId();
    }
    Module module{.name = ChildName(parent, name),
                  .kind = Evidence(*weak),
                  .parent = parent,
                  .first_party = true};
    module.open_reason = module.kind == ModuleKind::Extension ? "extension module"
                         : module.kind == ModuleKind::Stub    ? "only a stub is there"
                                                              : "generated module";
    const ModuleKind kind = module.kind;
    const ModuleId id = Add(std::move(module));
    if (kind == ModuleKind::Extension) {
      extension_folders_[id] = weak_dir;
    }
    return id;
  }
  const NameId dotted = ChildName(parent, name);
  for (ModuleId existing : namespaces_[dotted]) {
    if (portions_[existing] == portions) {
      return existing;
    }
  }
  Module module{
      .name = dotted, .kind = ModuleKind::Namespace, .parent = parent, .first_party = true};
  const ModuleId id = Add(module);
  portions_[id] = portions;
  namespaces_[dotted].push_back(id);
  project_.module_by_name.try_emplace(dotted, id);
  return id;
}

ModuleTable::Children &ModuleTable::ChildrenOf(ModuleId package) {
  if (children_[package].ready) {
    return children_[package];
  }
  Children children;
  children.ready = true;
  const Module &module = project_.modules[package];
  if (module.kind == ModuleKind::Namespace) {
    children.dirs.assign(portions_[package].begin(), portions_[package].end());
  } else if (module.file.valid()) {
    const llvm::StringRef path = project_.PathOf(module.file);
    if (module.kind == ModuleKind::Package) {
      children.dirs.push_back(
          tree_.FindDirectory(path.contains('/') ? path.rsplit('/').first : ""));
    }
    ReadPathEdits(package, children);
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
      children.open = true;
    }
  };
  auto add_list = [&](uint32_t at, ExprId list) {
    if (!view_.Is(list, ExprKind::List)) {
      children.open = true;
      return;
    }
    for (ExprId item : view_.Children(list)) {
      add(at, item);
    }
  };
  for (uint32_t i = 0; i < statements.size(); ++i) {
    const Statement &statement = view_.Of(statements[i]);
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
  }
  for (DirId dir : search) {
    const DirId sub = tree_.SubDirectory(dir, last);
    if (sub.valid() && !llvm::is_contained(children.dirs, sub)) {
      children.dirs.push_back(sub);
    }
  }
}

void ModuleTable::NoteStuffedModules() {
  for (size_t i = 0; i < project_.file_count; ++i) {
    for (const PlacedStatement &placed : project_.scanned.facts[FileId(i)].statements) {
      const Statement &statement = view_.Of(placed);
      if (statement.kind != StatementKind::Assign) {
        continue;
      }
      for (ExprId target : view_.Operands(statement)) {
        const ExprId key =
            view_.Is(target, ExprKind::Subscript) ? view_.Child(target, 1) : ExprId();
        const auto base = key.valid() ? view_.Dotted(view_.Child(target)) : std::nullopt;
        const ModuleId module = project_.module_of_file[FileId(i)];
        if (!base || *base != "sys.modules") {
          continue;
        }
        if (view_.Is(key, ExprKind::String)) {
          stuffed_.try_emplace(view_.At(key).text, module);
        } else if (view_.Is(key, ExprKind::Binary) && view_.IsName(view_.Child(key), "__name__") &&
                   view_.Is(view_.Child(key, 1), ExprKind::String)) { // __name__ + ".moves"
          const std::string name =
              (project_.Text(project_.modules[module].name) + view_.TextOf(view_.Child(key, 1)))
                  .str();
          stuffed_.try_emplace(project_.scanned.names.Intern(name), module);
        }
      }
    }
  }
}

// Whether the file defines a class of this name that is a finder on `sys.meta_path`.
bool ModuleTable::DefinesFinder(FileId file, llvm::StringRef class_name) const {
  const std::vector<PlacedStatement> &statements = project_.scanned.facts[file].statements;
  for (uint32_t i = 0; i < statements.size(); i = statements[i].end) {
    const Statement &statement = view_.Of(statements[i]);
    if (statement.kind != StatementKind::Class || view_.Text(statement.text) != class_name) {
      continue;
    }
    for (uint32_t k = i + 1; k < statements[i].end; k = statements[k].end) {
      const Statement &method = view_.Of(statements[k]);
      const llvm::StringRef name = view_.Text(method.text);
      if (method.kind == StatementKind::Function &&
          (name == "find_spec" || name == "find_module")) {
        return true;
      }
    }
  }
  return false;
}

// `Finder(__name__, names, "pkg._vendor").install()`: a finder that serves the submodules of this
// package from another one (the usual default replaces `extern` by `_vendor`).
void ModuleTable::ReadRedirect(ExprId call, ModuleId package, Children &children) {
  const ExprId maker =
      view_.Is(call, ExprKind::Call) && view_.Is(view_.Child(call), ExprKind::Attribute)
          ? view_.Child(view_.Child(call))
          : ExprId();
  const auto callee = maker.valid() ? view_.Callee(maker) : std::nullopt;
  const auto arguments = callee ? view_.Arguments(maker) : llvm::SmallVector<ExprId, 4>();
  if (arguments.empty() || !view_.IsName(arguments[0], "__name__") ||
      !DefinesFinder(project_.modules[package].file, *callee)) {
    return;
  }
  std::string target = project_.Text(project_.modules[package].name).str();
  if (arguments.size() > 2 && view_.Is(arguments[2], ExprKind::String)) {
    target = view_.TextOf(arguments[2]).str();
  } else if (const size_t at = target.find("extern"); at != std::string::npos) {
    target.replace(at, 6, "_vendor");
  }
  const ModuleId vendor = Find(target, project_.modules[package].file).module;
  if (vendor.valid() && vendor != package && IsPackage(vendor)) {
    children.served = vendor;
  } else {
    children.open = true;
  }
}

// A submodule that a finder serves from another package. It is that very module; but what stands
// below it is found by the usual finder, in its folder, under the second name: loaded again.
ModuleId ModuleTable::FindServed(ModuleId package, NameId name) {
  const ModuleId original = FindChild(ChildrenOf(package).served, name);
  if (!original.valid() || !IsPackage(original)) {
    return original;
  }
  const ModuleId served = AddSecondLoad(original, name, package);
  AddSecondLoadsBelow(served);
  return served;
}

// All at once: modules that come into being later are met by nobody who counts modules.
void ModuleTable::AddSecondLoadsBelow(ModuleId served) {
  llvm::SmallVector<ModuleId, 8> packages{served};
  while (!packages.empty()) {
    const ModuleId package = packages.pop_back_val();
    const ModuleId original = SecondLoadOf(package);
    for (size_t i = 0; i < project_.scanned.paths.size(); ++i) {
      const ModuleId module = project_.module_of_file[FileId(i)];
      if (project_.modules[module].parent != original) {
        continue;
      }
      const llvm::StringRef dotted = project_.Text(project_.modules[module].name);
      const ModuleId child =
          FindChild(package, project_.scanned.names.Intern(dotted.rsplit('.').second));
      if (child.valid() && SecondLoadOf(child).valid() && IsPackage(child)) {
        packages.push_back(child);
      }
    }
  }
}

ModuleId ModuleTable::AddSecondLoad(ModuleId original, NameId name, ModuleId parent) {
  Module module{.name = ChildName(parent, name),
                .kind = IsPackage(original) ? ModuleKind::Namespace : ModuleKind::Extension,
                .parent = parent,
                .first_party = true};
  const ModuleId id = Add(module);
  second_loads_[id] = {original, second_loads_[parent].original.valid()};
  return id;
}

bool ModuleTable::HasOpenChildren(ModuleId package) {
  return ChildrenOf(package).open;
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
    return tree_.SubDirectory(dir, name).valid() || tree_.Find(dir, name);
  });
  return none ? std::optional(ModuleId()) : std::nullopt;
}

ModuleId ModuleTable::StandardModule(llvm::StringRef dotted, ModuleId parent) {
  const NameId name = project_.scanned.names.Intern(dotted);
  if (auto it = outside_.find(name); it != outside_.end()) {
    return it->second;
  }
  const StdlibModule *info = FindStdlibModule(dotted);
  ModuleId id;
  if (info && (info->present & MaskOf(project_.target.minor))) {
    Module module{.name = name, .kind = ModuleKind::Stdlib, .parent = parent};
    if (info->open) {
      module.open_reason = "a standard module whose names depend on the platform";
    }
    id = Add(module);
    project_.module_by_name.try_emplace(name, id);
  }
  outside_[name] = id;
  return id;
}

ModuleId ModuleTable::ExternalModule(NameId dotted, ModuleId parent) {
  auto [it, inserted] = outside_.try_emplace(dotted);
  if (inserted || !it->second.valid()) {
    Module module{.name = dotted, .kind = ModuleKind::External, .parent = parent};
    module.open_reason = "third-party module";
    const ModuleId id = Add(module);
    outside_[dotted] = id;
    project_.module_by_name.try_emplace(dotted, id);
    return id;
  }
  return it->second;
}

// The roots of the project that the file stands in, nearest first: two projects below one folder
// may each have their `tests`. Empty when there is one project.
llvm::SmallVector<DirId, 8> ModuleTable::OwnRoots(FileId importer) const {
  llvm::SmallVector<DirId, 8> own;
  if (!importer.valid()) {
    return own;
  }
  const llvm::StringRef path = project_.PathOf(importer);
  auto holds = [](llvm::StringRef folder, llvm::StringRef path) {
    return !folder.empty() && path.consume_front(folder) && path.starts_with("/");
  };
  llvm::SmallVector<const SourceRoot *, 4> around;
  for (const SourceRoot &root : roots_.roots) {
    if (!IsWeak(root) && holds(root.path, path)) {
      around.push_back(&root);
    }
  }
  llvm::stable_sort(around, [](const SourceRoot *a, const SourceRoot *b) {
    return a->path.size() > b->path.size();
  });
  for (const SourceRoot *root : around) {
    own.push_back(tree_.FindDirectory(root->path));
  }
  for (const SourceRoot &root : roots_.roots) {
    if (!around.empty() && holds(around.back()->path, root.path)) {
      own.push_back(tree_.FindDirectory(root.path));
    }
  }
  return own;
}

bool ModuleTable::IsOfAnotherProject(ModuleId module, FileId importer) const {
  const llvm::SmallVector<DirId, 8> own = OwnRoots(importer);
  const FileId file = project_.modules[module].file;
  return !own.empty() && file.valid() && llvm::none_of(own, [&](DirId dir) {
    llvm::StringRef path = project_.PathOf(file);
    return path.consume_front(tree_.Path(dir)) && path.starts_with("/");
  });
}

ModuleId ModuleTable::FindTopInRoots(NameId name, FileId importer) {
  const llvm::SmallVector<DirId, 8> own = OwnRoots(importer);
  NameTable &names = project_.scanned.names;
  const std::string text = names.Text(name).str();
  const NameId key = own.empty() ? name : names.Intern((tree_.Path(own[0]) + ":" + text).str());
  auto [it, inserted] = top_.try_emplace(key);
  if (!inserted) {
    return it->second;
  }
  ModuleId found = SearchIn(own, name, ModuleId(), false);
  const bool bare = llvm::any_of(own, [&](DirId dir) {
    const DirId sub = tree_.SubDirectory(dir, name);
    return sub.valid() && tree_.HoldsPython(sub);
  });
  if (!found.valid() && !bare) {
    found = SearchIn(root_dirs_, name, ModuleId(), false);
  }
  if (!found.valid()) {
    for (const PackageDir &dir : roots_.mapped) {
      const DirId folder = tree_.FindDirectory(dir.folder);
      if (dir.package == text && folder.valid()) {
        const ModuleCandidates *init = tree_.Init(folder);
        found = init && init->source.valid() ? project_.module_of_file[init->source] : found;
      }
    }
  }
  top_[key] = found;
  return found;
}

// What `python dir/file.py` and pytest's prepend mode add: the file's own folder, and the first
// folder above it that is no package.
ModuleId ModuleTable::FindBesideImporter(NameId name, FileId importer) {
  if (!importer.valid()) {
    return ModuleId();
  }
  llvm::SmallVector<DirId, 2> dirs;
  const auto [own, base] = FoldersBeside(importer);
  for (DirId dir : {own, base}) {
    if (dir.valid()) {
      dirs.push_back(dir);
    }
  }
  const ModuleId found = SearchIn(dirs, name, ModuleId(), false);
  // A file that imports its own name means another module, unless it is found by a root.
  return found.valid() && project_.modules[found].file == importer ? ModuleId() : found;
}

uint64_t ModuleTable::BesideKey(FileId importer) {
  const auto [own, base] = FoldersBeside(importer);
  return (static_cast<uint64_t>(static_cast<uint32_t>(own.index)) << 32) |
         static_cast<uint32_t>(base.index);
}

std::pair<DirId, DirId> ModuleTable::FoldersBeside(FileId importer) const {
  const llvm::StringRef path = project_.PathOf(importer);
  const DirId own = tree_.FindDirectory(path.contains('/') ? path.rsplit('/').first : "");
  const ModuleFacts &facts = project_.scanned.facts[importer];
  const bool starts = !tree_.IsRegularPackage(own) || facts.has_main_guard || facts.has_shebang;
  DirId base = own;
  while (base.valid() && tree_.IsRegularPackage(base)) {
    base = tree_.Parent(base);
  }
  return {starts ? own : DirId(), starts && base == own ? DirId() : base};
}

// Whether a script's own folder holds a bare folder that leads to the module. Another root's module
// of the name comes first only where both are on the path.
bool ModuleTable::IsInFolderBeside(llvm::ArrayRef<llvm::StringRef> parts, FileId importer) const {
  DirId at = importer.valid() ? FoldersBeside(importer).first : DirId();
  for (size_t i = 0; i < parts.size() && at.valid(); ++i) {
    const NameId name = project_.scanned.names.Find(parts[i]);
    if (!name.valid()) {
      return false;
    }
    const DirId sub = tree_.SubDirectory(at, name);
    const ModuleCandidates *file = tree_.Find(at, name);
    const bool module = file && file->source.valid();
    if (i == 0 && (module || (sub.valid() && tree_.IsRegularPackage(sub)))) {
      return false; // goes before the bare folder
    }
    if (i + 1 == parts.size() && module) {
      return true;
    }
    at = sub;
  }
  return at.valid();
}

bool ModuleTable::Owned(llvm::StringRef top_level) const {
  const NameId name = project_.scanned.names.Find(top_level);
  if (!name.valid()) {
    return false;
  }
  for (DirId dir : root_dirs_) {
    const DirId sub = tree_.SubDirectory(dir, name);
    const ModuleCandidates *candidates = tree_.Find(dir, name);
    if ((candidates && (candidates->source.valid() || candidates->extension)) ||
        (sub.valid() && tree_.IsRegularPackage(sub))) {
      return true;
    }
    if (sub.valid() && tree_.HoldsPython(sub) &&
        !std::binary_search(roots_.dependencies.begin(), roots_.dependencies.end(),
                            top_level.lower())) {
      return true;
    }
  }
  return llvm::any_of(roots_.mapped,
                      [&](const PackageDir &dir) { return dir.package == top_level; });
}

bool ModuleTable::HasStubBeside(ModuleId module) const {
  const FileId file = project_.modules[module].file;
  if (!file.valid()) {
    return false;
  }
  const llvm::StringRef path = project_.PathOf(file);
  const DirId dir = tree_.FindDirectory(path.contains('/') ? path.rsplit('/').first : "");
  const llvm::StringRef base = path.contains('/') ? path.rsplit('/').second : path;
  const NameId name = project_.scanned.names.Find(base.rsplit('.').first);
  const ModuleCandidates *candidates =
      base == "__init__.py" ? tree_.Init(dir) : tree_.Find(dir, name);
  return candidates && candidates->has_stub;
}

// A folder inside a package that is a project of its own (vendored as a whole): its build decides
// what is installed there.
bool ModuleTable::HoldsAProject(ModuleId package) const {
  const Module &module = project_.modules[package];
  if (module.kind != ModuleKind::Namespace || !module.parent.valid() ||
      project_.modules[module.parent].kind != ModuleKind::Package) {
    return false;
  }
  return llvm::any_of(portions_[package], [&](DirId dir) {
    return llvm::any_of(roots_.roots, [&](const SourceRoot &root) {
      llvm::StringRef path = root.path;
      return path.consume_front(tree_.Path(dir)) && (path.empty() || path.starts_with("/"));
    });
  });
}

bool ModuleTable::SharesNamespace(ModuleId package) const {
  if (HoldsAProject(package)) {
    return true;
  }
  if (!site_dirs_.empty()) {
    return false; // the other parts are looked into
  }
  ModuleId top = package;
  for (; project_.modules[top].parent.valid(); top = project_.modules[top].parent) {
    if (project_.modules[top].kind != ModuleKind::Namespace) {
      return false;
    }
  }
  if (project_.modules[top].kind != ModuleKind::Namespace) {
    return false;
  }
  const std::string name = project_.Text(project_.modules[top].name).lower();
  return llvm::any_of(roots_.dependencies, [&](llvm::StringRef dependency) {
    return dependency.consume_front(name) &&
           (dependency.starts_with("_") || dependency.starts_with("."));
  });
}

ModuleId ModuleTable::FindInSites(NameId name) {
  return site_dirs_.empty() ? ModuleId() : SearchIn(site_dirs_, name, ModuleId(), true);
}

ModuleId ModuleTable::FindTop(NameId name, FileId importer) {
  const llvm::StringRef text = project_.Text(name);
  if (!is_stdlib_ && IsLoadedAtStartup(text)) {
    const ModuleId module = StandardModule(text, ModuleId());
    if (module.valid()) {
      return module;
    }
  }
  const ModuleId in_roots = FindTopInRoots(name, importer);
  const bool strong = in_roots.valid() && project_.modules[in_roots].kind != ModuleKind::Stub &&
                      project_.modules[in_roots].kind != ModuleKind::Generated &&
                      !IsOfAnotherProject(in_roots, importer);
  if (strong) {
    return in_roots;
  }
  if (const ModuleId module = StandardModule(text, ModuleId()); module.valid()) {
    return module;
  }
  if (const ModuleId module = FindBesideImporter(name, importer); module.valid()) {
    return module;
  }
  if (in_roots.valid()) {
    return in_roots;
  }
  if (const ModuleId module = FindInSites(name); module.valid()) {
    return module;
  }
  // Bare folders come last, and only when no declared dependency has the name.
  if (!std::binary_search(roots_.dependencies.begin(), roots_.dependencies.end(), text.lower())) {
    const ModuleId own = SearchIn(OwnRoots(importer), name, ModuleId(), true);
    return own.valid() ? own : SearchIn(root_dirs_, name, ModuleId(), true);
  }
  return ModuleId();
}

ModuleSearch ModuleTable::Find(llvm::StringRef dotted, FileId importer) {
  ModuleSearch result;
  NameTable &names = project_.scanned.names;
  llvm::SmallVector<llvm::StringRef, 8> parts;
  dotted.split(parts, '.');
  ModuleId at = FindTop(names.Intern(parts[0]), importer);
  if (!at.valid()) {
    const StdlibModule *stdlib = FindStdlibModule(parts[0]);
    const bool gone = stdlib && !IsVirtualModule(dotted) && !parts[0].starts_with("_");
    if (gone) {
      result.missing_part = names.Intern(parts[0]);
      result.reason = "not in the standard library of the target version";
      return result;
    }
    if (!site_dirs_.empty() && !IsVirtualModule(dotted)) {
      result.missing_part = names.Intern(parts[0]);
      result.reason = not_installed_;
      result.not_installed = true;
      return result;
    }
    at = ExternalModule(names.Intern(parts[0]), ModuleId());
  }
  size_t length = parts[0].size();
  for (size_t i = 1; i < parts.size(); ++i) {
    length += 1 + parts[i].size();
    const llvm::StringRef prefix = dotted.take_front(length);
    const ModuleKind kind = project_.modules[at].kind;
    if (kind == ModuleKind::External) {
      at = ExternalModule(names.Intern(prefix), at);
      continue;
    }
    const ModuleId child = FindChild(at, names.Intern(parts[i]));
    if (child.valid()) {
      at = child;
      continue;
    }
    if (IsVirtualModule(dotted)) {
      at = ExternalModule(names.Intern(prefix), at);
      continue;
    }
    if (auto it = stuffed_.find(names.Find(prefix)); it != stuffed_.end()) {
      result.unknown = true;
      result.reason = project_.reasons.Keep("put into `sys.modules` by `" +
                                            project_.Text(project_.modules[it->second].name) + "`");
      return result;
    }
    const bool handed_over = parts[0] == "distutils" &&
                             FindTopInRoots(names.Intern("_distutils_hack"), FileId()).valid();
    const bool private_part = kind == ModuleKind::Stdlib && parts[i].starts_with("_");
    if (handed_over || private_part) {
      result.unknown = true;
      result.reason = handed_over ? "`distutils` is replaced by that of setuptools"
                                  : "a private module of the standard library";
      return result;
    }
    const StdlibModule *standard = kind == ModuleKind::Stdlib
                                       ? FindStdlibModule(project_.Text(project_.modules[at].name))
                                       : nullptr;
    if (standard && standard->open_package) {
      result.unknown = true;
      result.reason = "a standard package that is not listed whole";
      return result;
    }
    if (SharesNamespace(at)) {
      result.unknown = true;
      result.reason = kSharedNamespace;
      return result;
    }
    const bool opaque =
        kind == ModuleKind::Stub || kind == ModuleKind::Generated || kind == ModuleKind::Extension;
    if (opaque || HasOpenChildren(at)) {
      result.unknown = true;
      result.reason = opaque ? project_.reasons.Keep(project_.modules[at].open_reason)
                             : "`__path__` changed at run time";
      return result;
    }
    if (IsInFolderBeside(parts, importer)) {
      result.unknown = true;
      result.reason = "a script beside the folder of that name finds it";
      return result;
    }
    result.missing_part = names.Intern(prefix);
    return result;
  }
  result.module = at;
  return result;
}

ModuleId ModuleTable::PackageOf(ModuleId module) const {
  const Module &m = project_.modules[module];
  return m.kind == ModuleKind::Package || m.kind == ModuleKind::Namespace ? module : m.parent;
}

ModuleId ModuleTable::ParentPackage(ModuleId package) const {
  return project_.modules[package].parent;
}

} // namespace pydefrag
