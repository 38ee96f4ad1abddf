// Where things are: the project's root, the PATHs relative to it, the Python environment.
// Looks at the disk only to see whether things exist.
#pragma once

#include "base/path_prefix.h"
#include "config/config.h"
#include "driver/cli.h"
#include "driver/environment.h"

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace pydefrag {

struct ProjectPlace {
  std::string root;               // absolute
  std::string because;            // what makes it the root: "pyproject.toml", "--root"...
  std::string shown;              // as seen from the working directory: "."
  PathPrefix path_prefix;         // put before a path below the root to find it from there
  std::vector<std::string> paths; // the PATHs relative to the root; empty: all of it
};

// Fails when a PATH stands outside the root.
llvm::Expected<ProjectPlace> LocateProject(const CommandLine &line, const Environment &env);

// The environment to resolve third-party imports in; empty when there is none. Fails when one is
// named that does not exist.
llvm::Expected<std::string> LocateEnvironment(const CommandLine &line, const Config &config,
                                              const std::string &root, const Environment &env);

// What leads from the folder of the repository that holds `root` to `root`: "", "services/shop/".
// Empty too when there is no repository.
std::string RepositoryPrefix(llvm::StringRef root, const Disk &disk);

// `path` seen from `base`, both absolute: "", "a/b", "../a".
std::string RelativeTo(llvm::StringRef path, llvm::StringRef base);

// `path` made absolute and free of `.` and `..`.
std::string AbsolutePath(llvm::StringRef path, llvm::StringRef cwd);

} // namespace pydefrag
