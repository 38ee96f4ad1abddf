#include "link/modules/module_table.h"

#include "link/modules/unread_puts.h"

#include "source/paths.h"
#include "stdlib/stdlib.h"

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

// Whether the module is `above`, or stands below it.
static bool StandsIn(const Project &project, ModuleId module, ModuleId above) {
  while (module.valid() && module != above) {
    module = project.modules[module].parent;
  }
  return module.valid();
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
      // Not from the file's own folder: foo/foo.py is no parent of itself. Nor is foo/foo/, where
      // the roots are both `foo` and the folder that holds it.
      const ModuleId parent = Find(llvm::StringRef(name).rsplit('.').first, FileId()).module;
      const bool circle = StandsIn(project_, parent, ModuleId(i));
      project_.modules[ModuleId(i)].parent = circle ? ModuleId() : parent;
    }
  }
}

ModuleId ModuleTable::StandardModule(llvm::StringRef dotted, ModuleId parent) {
  const NameId name = project_.scanned.names.Intern(dotted);
  if (auto it = standard_.find(name); it != standard_.end()) {
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
  standard_[name] = id;
  return id;
}

ModuleId ModuleTable::ExternalModule(NameId dotted, ModuleId parent) {
  auto [it, inserted] = external_.try_emplace(dotted);
  if (inserted) {
    Module module{.name = dotted, .kind = ModuleKind::External, .parent = parent};
    module.open_reason = "third-party module";
    it->second = Add(module);
    project_.module_by_name.try_emplace(dotted, it->second);
  }
  return it->second;
}

// What stands under the file's own name.
const ModuleCandidates *ModuleTable::CandidatesOf(ModuleId module) const {
  const FileId file = project_.modules[module].file;
  if (!file.valid()) {
    return nullptr;
  }
  const llvm::StringRef path = project_.PathOf(file);
  const DirId dir = tree_.FindDirectory(FolderOf(path));
  const llvm::StringRef base = FileNameOf(path);
  const NameId name = project_.scanned.names.Find(base.rsplit('.').first);
  return base == "__init__.py" ? tree_.Init(dir) : tree_.Find(dir, name);
}

bool ModuleTable::HasStubBeside(ModuleId module) const {
  const ModuleCandidates *candidates = CandidatesOf(module);
  return candidates && candidates->has_stub;
}

bool ModuleTable::HasExtensionBeside(ModuleId module) const {
  const ModuleCandidates *candidates = CandidatesOf(module);
  return candidates && candidates->extension;
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

ModuleId ModuleTable::PackageOf(ModuleId module) const {
  const Module &m = project_.modules[module];
  return m.kind == ModuleKind::Package || m.kind == ModuleKind::Namespace ? module : m.parent;
}

ModuleId ModuleTable::ParentPackage(ModuleId package) const {
  return project_.modules[package].parent;
}

bool ModuleTable::LeadsToPackage(ModuleId module, unsigned dots) const {
  const FileId file = project_.modules[module].file;
  DirId folder = file.valid() ? tree_.FindDirectory(FolderOf(project_.PathOf(file))) : DirId();
  for (unsigned dot = 1; dot < dots && folder.valid(); ++dot) {
    folder = tree_.Parent(folder);
  }
  return folder.valid() && tree_.IsRegularPackage(folder);
}

} // namespace pydefrag
