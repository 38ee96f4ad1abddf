// Roots: the folders that `import` starts from, all at once, each with the reason. A root is never
// taken away by another: a name is missing only when no root has it (semantics.md G4).
#pragma once

#include "config/project_settings.h"
#include "link/modules/file_tree.h"
#include "link/names/statement_signs.h"
#include "link/project.h"
#include "link/syntax_view.h"

#include "llvm/ADT/StringSet.h"

#include <string>
#include <vector>

namespace pydefrag {

struct Roots {
  std::vector<SourceRoot> roots; // in search order, each folder once
  // Folders that stand for a package below the top: {package, folder} (setuptools package_dir).
  std::vector<PackageDir> mapped;
  // Files after whose sys.path edits nobody knows where imports go: absolute imports that are not
  // found are unknown in them.
  std::vector<FileId> open_path_files;
  // What such an `__init__` or conftest leads: folders, with the slash, below which nobody knows
  // which other packages there are.
  std::vector<std::string> open_path_folders;
  std::vector<std::string> dependencies; // declared distributions' import names, sorted
  bool more_dependencies = false;        // and others, that only a build computes
  llvm::StringSet<> nested_projects;     // folders of the projects below the top
};

// Whether the folder is that of a project below the top, or lies in one.
bool IsInNestedProject(const Roots &roots, llvm::StringRef folder);

// Reads the facts of the first `files` files, the project's own. `root`: the project's folder,
// absolute.
Roots FindRoots(const FileTree &tree, llvm::StringRef root, const Config &config,
                const SettingsResult &settings, const Scanned &scanned, const StatementSigns &signs,
                size_t files);

// Whether a run of the tests or of a script adds the root, or the code names it; not the settings.
bool IsWeak(const SourceRoot &root);

} // namespace pydefrag
