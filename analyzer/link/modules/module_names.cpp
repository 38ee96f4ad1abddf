// ModuleTable: the dotted name that a file has, by the roots above it.
#include "link/modules/module_table.h"

#include "source/paths.h"

#include <algorithm>

namespace pydefrag {

static bool IsIdentifierPath(llvm::StringRef path) {
  return !path.contains('.');
}

bool ModuleTable::IsTakenByRoot(llvm::StringRef top) const {
  const NameId name = project_.scanned.names.Find(top);
  return name.valid() && llvm::any_of(root_dirs_, [&](DirId dir) {
           const DirId sub = tree_.SubDirectory(dir, name);
           const ModuleCandidates *file = tree_.Find(dir, name);
           return (sub.valid() && tree_.IsRegularPackage(sub)) || (file && file->source.valid());
         });
}

// Whether the file is in a package of the folder that is imported by its name there, and the first
// name that it has now is never imported. A folder without `__init__.py` is one where the file is
// in a regular package of it (`mpl_toolkits.axes_grid1`).
bool ModuleTable::IsImportedFrom(llvm::StringRef folder, llvm::StringRef stem,
                                 llvm::StringRef top_now) const {
  if (folder.empty() || !stem.consume_front(folder) || !stem.consume_front("/")) {
    return false;
  }
  const NameTable &names = project_.scanned.names;
  const NameId top = names.Find(stem.split('/').first);
  const DirId dir = tree_.FindDirectory(folder);
  const DirId package = dir.valid() && top.valid() ? tree_.SubDirectory(dir, top) : DirId();
  const llvm::StringRef second = stem.split('/').second.split('/').first;
  auto holds_package = [&] {
    const NameId name = names.Find(second);
    const DirId sub = name.valid() ? tree_.SubDirectory(package, name) : DirId();
    return sub.valid() && tree_.IsRegularPackage(sub);
  };
  return package.valid() && (tree_.IsRegularPackage(package) || holds_package()) &&
         !tree_.IsRegularPackage(dir) && imported_tops_.contains(top) &&
         !imported_tops_.contains(names.Find(top_now));
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
    const llvm::StringRef base = tree_.BaseOfFile(path);
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
  const DirId dir = path.contains('/') ? tree_.FindDirectory(FolderOf(path)) : DirId();
  const ModuleCandidates *init = dir.valid() ? tree_.Init(dir) : nullptr;
  return init && init->source.valid() ? project_.module_of_file[init->source] : ModuleId();
}

} // namespace pydefrag
