#include "link/modules/roots.h"

#include "base/identifier.h"
#include "link/modules/path_fold.h"
#include "source/paths.h"

#include "llvm/ADT/StringSet.h"

#include <algorithm>

namespace pydefrag {
namespace {

class RootList {
public:
  explicit RootList(const FileTree &tree) : tree_(tree) {}

  void Add(llvm::StringRef folder, llvm::StringRef because) {
    const std::string path = NormalizePath(folder);
    if (llvm::StringRef(path).starts_with("..") || !seen_.insert(path).second) {
      return;
    }
    const DirId dir = tree_.FindDirectory(path);
    if (!dir.valid()) {
      return;
    }
    roots_.push_back({path, because.str()});
  }
  std::vector<SourceRoot> Take() { return std::move(roots_); }

private:
  const FileTree &tree_;
  llvm::StringSet<> seen_;
  std::vector<SourceRoot> roots_;
};

// `sys.path.insert(0, X)`, `sys.path.append(X)`, `site.addsitedir(X)`, `sys.path[0:0] = [X]`,
// `sys.path += [X]`, `sys.path.extend([X])`.
class PathEdits {
public:
  PathEdits(const SyntaxView &view, const Scanned &scanned, RootList &roots)
      : view_(view), scanned_(scanned), roots_(roots) {}

  // Returns false when the file edits sys.path in a way that cannot be folded.
  bool Read(FileId file) {
    bool folded = true;
    const std::vector<PlacedStatement> &statements = scanned_.facts[file].statements;
    for (uint32_t i = 0; i < statements.size(); ++i) {
      const Statement &statement = view_.Of(statements[i]);
      if (statement.kind == StatementKind::Expression) {
        folded &= ReadCall(file, i, statement.first);
      } else if (statement.kind == StatementKind::Assign ||
                 statement.kind == StatementKind::AugAssign) {
        if (IsSysPath(statement.first) || (view_.Is(statement.first, ExprKind::Subscript) &&
                                           IsSysPath(view_.Child(statement.first)))) {
          folded &= ReadItems(file, i, view_.LastOperand(statement));
        }
      }
    }
    return folded;
  }

private:
  bool IsSysPath(ExprId id) const {
    const auto dotted = view_.Dotted(id);
    return dotted && *dotted == "sys.path";
  }

  bool ReadCall(FileId file, uint32_t at, ExprId call) {
    const auto callee = view_.Callee(call);
    if (!callee) {
      return true;
    }
    const llvm::SmallVector<ExprId, 4> arguments = view_.Arguments(call);
    if (*callee == "sys.path.insert" && arguments.size() == 2) {
      return AddFolded(file, at, arguments[1]);
    }
    if ((*callee == "sys.path.append" || *callee == "site.addsitedir") && arguments.size() == 1) {
      return AddFolded(file, at, arguments[0]);
    }
    if (*callee == "sys.path.extend" && arguments.size() == 1) {
      return ReadItems(file, at, arguments[0]);
    }
    return true;
  }

  bool ReadItems(FileId file, uint32_t at, ExprId list) {
    if (view_.Is(list, ExprKind::Binary)) { // sys.path = [X] + sys.path
      const bool left = ReadItems(file, at, view_.Child(list, 0));
      const bool right = ReadItems(file, at, view_.Child(list, 1)); // added whatever the left says
      return left && right;
    }
    if (IsSysPath(list) || (view_.Is(list, ExprKind::Subscript) && IsSysPath(view_.Child(list)))) {
      return true;
    }
    if (!view_.Is(list, ExprKind::List) && !view_.Is(list, ExprKind::Tuple)) {
      return false;
    }
    bool folded = true;
    for (ExprId item : view_.Children(list)) {
      folded &= AddFolded(file, at, item);
    }
    return folded;
  }

  bool AddFolded(FileId file, uint32_t at, ExprId expr) {
    const auto path = FoldPath(view_, scanned_, file, at, expr);
    if (!path) {
      return false;
    }
    roots_.Add(*path, "sys.path edit in " + scanned_.paths[file]);
    return true;
  }

  const SyntaxView &view_;
  const Scanned &scanned_;
  RootList &roots_;
};

// A setup.py in a folder that is a package describes a part of it, as numpy.distutils has them: no
// import starts there.
bool IsPartOfAPackage(const FileTree &tree, llvm::StringRef folder) {
  const DirId dir = folder.empty() ? DirId() : tree.FindDirectory(folder);
  return dir.valid() && tree.IsRegularPackage(dir);
}

// Where a project of its own makes no root: what tests read would hide what they test.
bool IsNoSource(const FileTree &tree, const ProjectSettings &project) {
  return project.sample || IsPartOfAPackage(tree, project.folder);
}

// A package that somebody looks at from within, as `cd site-packages/pkg`: imports start above it.
// Where settings lie beside the `__init__.py`, it is a project whose folder has one by accident.
bool IsBarePackage(const FileTree &tree, llvm::StringRef root, const Config &config,
                   const SettingsResult &settings) {
  const DirId top = tree.FindDirectory("");
  return top.valid() && tree.IsRegularPackage(top) && IsIdentifier(root.rsplit('/').second) &&
         config.source_roots.empty() &&
         llvm::none_of(settings.projects, [](const ProjectSettings &project) {
           return project.folder.empty() &&
                  (!project.name.empty() || !project.package_dirs.empty() ||
                   !project.hinted_roots.empty() || !project.pytest.pythonpath.empty());
         });
}

std::string ImportName(llvm::StringRef distribution) {
  std::string name = distribution.lower();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// Also as the parts of namespaces that they share with the project: `braket_schemas`, of
// `amazon-braket-schemas`, which `amazon-braket-sdk` needs.
void AddDependencies(const ProjectSettings &project, std::vector<std::string> &dependencies) {
  const std::string own = ImportName(project.name);
  for (const std::string &dependency : project.dependencies) {
    const std::string name = ImportName(dependency);
    llvm::StringRef left = own;
    llvm::StringRef rest = name;
    dependencies.push_back(name);
    while (left.split('_').first == rest.split('_').first && !rest.empty()) {
      left = left.split('_').second;
      rest = rest.split('_').second;
      if (!left.empty() && left.split('_').first == rest.split('_').first) {
        dependencies.push_back(rest.str());
      }
    }
  }
}

} // namespace

Roots FindRoots(const FileTree &tree, llvm::StringRef root, const Config &config,
                const SettingsResult &settings, const Scanned &scanned, const StatementSigns &signs,
                size_t files) {
  Roots result;
  RootList roots(tree);
  const SyntaxView view(scanned);
  for (const std::string &root : config.source_roots) {
    roots.Add(root, "source-roots");
  }
  auto add_packages = [&](bool nested) {
    for (const ProjectSettings &project : settings.projects) {
      if (project.folder.empty() == nested || IsNoSource(tree, project)) {
        continue;
      }
      for (const PackageDir &dir : project.package_dirs) {
        if (dir.package.empty()) {
          roots.Add(dir.folder, dir.because);
        } else {
          result.mapped.push_back(dir);
        }
      }
      AddDependencies(project, result.dependencies);
      result.more_dependencies |= project.more_dependencies;
      if (llvm::StringRef(project.name)
              .contains('.')) { // `Products.ZCatalog`, one of many `Products`
        result.dependencies.push_back(llvm::StringRef(project.name).lower());
      }
    }
  };
  add_packages(false);
  const DirId src = tree.FindDirectory("src");
  if (src.valid() && !tree.IsRegularPackage(src) && tree.HoldsPython(src)) {
    roots.Add("src", "src layout");
  }
  for (const ProjectSettings &project : settings.projects) {
    for (const std::string &path : project.pytest.pythonpath) {
      // `pythonpath = ["shop"]` beside `import shop.cart`: tests may do without the package's name.
      roots.Add(path, IsPartOfAPackage(tree, path) ? "pytest, pythonpath" : "pytest pythonpath");
    }
  }
  const bool is_package = IsBarePackage(tree, root, config, settings);
  if (is_package) {
    result.mapped.push_back({root.rsplit('/').second.str(), "", "the project root is a package"});
  } else {
    roots.Add("", "project root");
  }
  add_packages(true); // behind what lies at the top: many have a folder `tests`
  for (const ProjectSettings &project : settings.projects) {
    if (!project.folder.empty() && !IsNoSource(tree, project)) {
      roots.Add(project.folder, "a project of its own");
      result.nested_projects.insert(project.folder);
    }
    for (const std::string &path : project.hinted_roots) {
      if (!IsPartOfAPackage(tree, path)) { // `src = ["src/pkg"]` names a package, no root
        roots.Add(path, "named in the settings of another tool");
      }
    }
  }
  // conftest.py files put their base folder on the path for the whole session.
  for (size_t i = 0; i < files; ++i) {
    const llvm::StringRef path = scanned.paths[FileId(i)];
    if (FileNameOf(path) == "conftest.py") {
      const llvm::StringRef base = tree.BaseOfFile(path);
      if (!is_package || !base.empty()) {
        roots.Add(base, "pytest, " + path.str());
      }
    }
  }
  PathEdits edits(view, scanned, roots);
  for (size_t i = 0; i < files; ++i) {
    if (signs.IsIn(FileId(i), Sign::EditsPath) && !edits.Read(FileId(i))) {
      result.open_path_files.push_back(FileId(i));
      llvm::StringRef folder = scanned.paths[FileId(i)];
      if (folder.consume_back("/__init__.py") || folder.consume_back("/conftest.py")) {
        result.open_path_folders.push_back((folder + "/").str());
      }
    }
  }
  result.roots = roots.Take();
  std::sort(result.dependencies.begin(), result.dependencies.end());
  return result;
}

bool IsInNestedProject(const Roots &roots, llvm::StringRef folder) {
  for (; !folder.empty() && !roots.nested_projects.empty(); folder = FolderOf(folder)) {
    if (roots.nested_projects.contains(folder)) {
      return true;
    }
  }
  return false;
}

bool IsWeak(const SourceRoot &root) {
  const llvm::StringRef because = root.because;
  return because.starts_with("pytest, ") || because.starts_with("sys.path edit") ||
         because.starts_with("named in");
}

} // namespace pydefrag
