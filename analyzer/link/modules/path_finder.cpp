// ModuleTable: the search for a dotted name, folder by folder and part by part, as PathFinder does
// it (CPython importlib/_bootstrap_external.py).
#include "link/modules/module_table.h"

#include "link/modules/package_folders.h"
#include "source/paths.h"
#include "stdlib/stdlib.h"

#include <algorithm>

namespace pydefrag {

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
    const bool unread = sub.valid() && tree_.IsOutside(sub) && !tree_.IsListed(sub);
    if (unread ||
        (candidates && (candidates->outside || (tree_.IsOutside(dir) && candidates->extension)))) {
      const ModuleId id = ExternalModule(ChildName(parent, name), parent);
      if (candidates && candidates->extension && !candidates->outside) {
        extension_folders_[id] = dir;
      }
      return id;
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
    // A folder of stubs, or of data, owns no name at the top.
    if (sub.valid() && (parent.valid() || !bare)) {
      portions.push_back(sub);
    }
  }
  if (portions.empty() || !with_portions || decided) {
    static const ModuleCandidates kMade = [] {
      ModuleCandidates made;
      made.generated = true;
      return made;
    }();
    const bool inside = !dirs.empty() && !tree_.IsOutside(dirs[0]);
    if (!weak && parent.valid() && inside && tree_.MayBeMadeIn(dirs[0], name)) {
      weak = &kMade;
    }
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

// Of those who stand in a bare folder of the name, such as `tests`, below a root that is no nested
// project's: that root. They mean the folder, and no package of that name in a nested project.
static DirId RootOfBareFolder(const Roots &roots, llvm::ArrayRef<DirId> dirs, const FileTree &tree,
                              NameId name, llvm::StringRef importer) {
  for (DirId dir : dirs) {
    const DirId folder = dir.valid() ? tree.SubDirectory(dir, name) : DirId();
    if (folder.valid() && IsInFolder(importer, tree.Path(folder)) && tree.HasOwnModules(folder) &&
        !tree.IsRegularPackage(folder) && !IsInNestedProject(roots, tree.Path(folder))) {
      return dir;
    }
  }
  return DirId();
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
    found = FindMapped(text);
  }
  top_[key] = found;
  return found;
}

ModuleId ModuleTable::FindMapped(llvm::StringRef dotted) const {
  ModuleId found;
  for (const PackageDir &dir : roots_.mapped) {
    const DirId folder = dir.package == dotted ? tree_.FindDirectory(dir.folder) : DirId();
    const ModuleCandidates *init = folder.valid() ? tree_.Init(folder) : nullptr;
    found = init && init->source.valid() ? project_.module_of_file[init->source] : found;
  }
  return found;
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
  ModuleId in_roots = FindTopInRoots(name, importer);
  if (in_roots.valid() && IsMaterialOfTests(in_roots, importer)) {
    in_roots = ModuleId();
  }
  const FileId file = in_roots.valid() ? project_.modules[in_roots].file : FileId();
  if (importer.valid() && file.valid() &&
      IsInNestedProject(roots_, FolderOf(project_.PathOf(file)))) {
    const DirId own =
        RootOfBareFolder(roots_, root_dirs_, tree_, name, FolderOf(project_.PathOf(importer)));
    if (own.valid()) {
      return SearchIn(own, name, ModuleId(), true);
    }
  }
  // The folder of a package that is on the path as well, late: what it shares with the standard
  // library (`pkg/types.py`) has been loaded from there by then.
  const bool late = in_roots.valid() && project_.modules[in_roots].parent.valid() && !is_stdlib_;
  const bool strong = in_roots.valid() && project_.modules[in_roots].kind != ModuleKind::Stub &&
                      project_.modules[in_roots].kind != ModuleKind::Generated && !late &&
                      !IsOfAnotherProject(in_roots, importer);
  if (strong) {
    return in_roots;
  }
  if (const ModuleId module = StandardModule(text, ModuleId()); module.valid()) {
    return module;
  }
  if (const ModuleId module = FindBesideImporter(name, importer); module.valid()) {
    // Whoever stands in a bare folder of the name means that, not a file in it.
    const bool file = project_.modules[module].kind == ModuleKind::Module;
    return file && IsBelowBareFolder(name, importer) ? SearchIn(root_dirs_, name, ModuleId(), true)
                                                     : module;
  }
  if (in_roots.valid()) {
    return in_roots;
  }
  const ModuleId in_sites = SearchIn(site_dirs_, name, ModuleId(), false);
  const bool weak = in_sites.valid() && (project_.modules[in_sites].kind == ModuleKind::Stub ||
                                         project_.modules[in_sites].kind == ModuleKind::Generated);
  if (in_sites.valid() && !weak) {
    return in_sites;
  }
  const auto has_folder = [&](DirId dir) {
    const DirId sub = tree_.SubDirectory(dir, name);
    return sub.valid() && (tree_.IsOutside(sub) || tree_.HoldsPython(sub));
  };
  const bool continues = llvm::any_of(site_dirs_, has_folder);
  // Bare folders come last, and only when no declared dependency has the name.
  if (std::binary_search(roots_.dependencies.begin(), roots_.dependencies.end(), text.lower())) {
    return continues ? FindInSites(name) : in_sites;
  }
  llvm::SmallVector<DirId, 8> search = OwnRoots(importer);
  if (llvm::none_of(search, has_folder)) {
    search.assign(root_dirs_.begin(), root_dirs_.end());
  }
  if (continues) { // portions of one namespace package
    search.append(site_dirs_.begin(), site_dirs_.end());
  }
  const ModuleId found = SearchIn(search, name, ModuleId(), true);
  return found.valid() && !IsMaterialOfTests(found, importer) ? found : in_sites;
}

// Why nobody can tell whether `parts[i]`, the last part of `prefix`, is there below `above`; null:
// it surely is not.
const char *ModuleTable::WhyUnknown(ModuleId above, llvm::ArrayRef<llvm::StringRef> parts, size_t i,
                                    llvm::StringRef prefix, FileId importer) {
  const ModuleKind kind = project_.modules[above].kind;
  if (const char *why = WhyPut(prefix, AskedAs::Module)) {
    return why;
  }
  if (kind == ModuleKind::Module && FindPut(project_.modules[above].name) != nullptr) {
    return WhyPut(project_.Text(project_.modules[above].name),
                  AskedAs::Module); // perhaps a package
  }
  if (parts[0] == "distutils" &&
      FindTopInRoots(project_.scanned.names.Intern("_distutils_hack"), FileId()).valid()) {
    return "`distutils` is replaced by that of setuptools";
  }
  if (kind == ModuleKind::Stdlib) {
    if (parts[i].starts_with("_")) {
      return "a private module of the standard library";
    }
    const StdlibModule *standard = FindStdlibModule(project_.Text(project_.modules[above].name));
    if (standard && standard->open_package) {
      return "a standard package that is not listed whole";
    }
  }
  if (SharesNamespace(above)) {
    return kSharedNamespace;
  }
  if (const char *why = WhyOpenBelow(above, project_.scanned.names.Intern(parts[i]))) {
    return why;
  }
  if (const char *why = WhyPutBelow(above)) {
    return why;
  }
  // `import sklearn.utils` beside `shop/sklearn/`: who imports the file means another module.
  const bool beside = project_.Text(project_.modules[above].name) != prefix.rsplit('.').first;
  if (beside && importer.valid() && IsInPackage(tree_, project_.PathOf(importer))) {
    return kNeighbour;
  }
  return IsInFolderBeside(parts, importer) ? "a script beside the folder of that name finds it"
                                           : nullptr;
}

// The first part, when it is neither in the roots nor in the standard library.
ModuleSearch ModuleTable::FindOutside(llvm::StringRef dotted) {
  ModuleSearch result;
  const llvm::StringRef top = dotted.split('.').first;
  const bool virtual_module = IsVirtualModule(dotted);
  if (FindStdlibModule(top) && !virtual_module && !top.starts_with("_")) {
    result.missing_part = project_.scanned.names.Intern(top);
    result.reason = "not in the standard library of the target version";
  } else if (!site_dirs_.empty() && !virtual_module) {
    result.missing_part = project_.scanned.names.Intern(top);
    result.reason = not_installed_;
    result.not_installed = true;
  } else {
    result.module = ExternalModule(project_.scanned.names.Intern(top), ModuleId());
  }
  return result;
}

// The bare folder of a name that stands below a root of the project, where the module found is on
// the path only for those who put its folder there: all others mean the folder.
ModuleId ModuleTable::FolderOfOthers(ModuleId found, NameId name) {
  const Module &module = project_.modules[found];
  if (!module.file.valid()) {
    return ModuleId();
  }
  llvm::StringRef root = FolderOf(project_.PathOf(module.file));
  root = module.kind == ModuleKind::Package ? FolderOf(root) : root;
  if (llvm::none_of(roots_.roots,
                    [&](const SourceRoot &each) { return IsWeak(each) && each.path == root; })) {
    return ModuleId();
  }
  llvm::SmallVector<DirId, 8> others;
  for (const SourceRoot &each : roots_.roots) {
    if (!IsWeak(each)) {
      others.push_back(tree_.FindDirectory(each.path));
    }
  }
  return SearchIn(others, name, ModuleId(), true);
}

ModuleSearch ModuleTable::Find(llvm::StringRef dotted, FileId importer) {
  NameTable &names = project_.scanned.names;
  llvm::SmallVector<llvm::StringRef, 8> parts;
  dotted.split(parts, '.');
  const NameId first = names.Intern(parts[0]);
  const ModuleId top = FindTop(first, importer);
  ModuleSearch result = FindBelow(top, dotted, parts, importer);
  if (!result.module.valid() && !result.unknown && top.valid()) {
    const ModuleId folder = FolderOfOthers(top, first);
    const ModuleSearch there = folder.valid() && folder != top
                                   ? FindBelow(folder, dotted, parts, importer)
                                   : ModuleSearch();
    return there.module.valid() || there.unknown ? there : result;
  }
  return result;
}

// `parts` of `dotted` from the second on, below the first.
ModuleSearch ModuleTable::FindBelow(ModuleId top, llvm::StringRef dotted,
                                    llvm::ArrayRef<llvm::StringRef> parts, FileId importer) {
  NameTable &names = project_.scanned.names;
  ModuleSearch result;
  result.module = top;
  if (!result.module.valid()) {
    result = FindOutside(dotted);
    const char *why = result.module.valid() ? nullptr : WhyServed(parts[0]);
    if (why != nullptr) {
      result = ModuleSearch();
      result.unknown = true;
      result.reason = why;
    }
  }
  result.top = result.module;
  size_t length = parts[0].size();
  for (size_t i = 1; i < parts.size() && result.module.valid(); ++i) {
    const ModuleId above = result.module;
    length += 1 + parts[i].size();
    const llvm::StringRef prefix = dotted.take_front(length);
    const bool external = project_.modules[above].kind == ModuleKind::External;
    result.module = external ? ModuleId() : FindChild(above, names.Intern(parts[i]));
    // What distributions share (`zope`, `google`) was looked for in all that are installed.
    const auto was_looked_for = [&] {
      return llvm::any_of(ChildrenOf(above).dirs, [&](DirId dir) { return tree_.IsOutside(dir); });
    };
    if (!result.module.valid() && (external || (IsVirtualModule(dotted) && !was_looked_for()))) {
      result.module = ExternalModule(names.Intern(prefix), above);
    } else if (!result.module.valid()) {
      const char *why = WhyUnknown(above, parts, i, prefix, importer);
      result.unknown = why != nullptr;
      result.reason = why ? why : "";
      result.missing_part = why ? NameId() : names.Intern(prefix);
      result.put = prefix == dotted ? FindPut(names.Find(prefix)) : nullptr;
    }
  }
  return result;
}

} // namespace pydefrag
