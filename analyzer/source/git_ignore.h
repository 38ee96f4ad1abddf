// The .gitignore files that rule a folder, as a chain from the innermost to the outermost: an inner
// file overrides an outer one. Filled while Discover walks. Entry points: GitIgnore::Enter, Match.
#pragma once

#include "source/disk.h"
#include "source/glob.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace pydefrag {

class GitIgnore {
public:
  // The rules of a folder; -1: none.
  using Scope = int32_t;

  explicit GitIgnore(const Disk &disk) : disk_(disk) {}

  // The rules that folders above `root` have for it, when it stands inside a git repository.
  Scope Above(llvm::StringRef root);
  // The rules for what is in `folder` (relative to `root`), which stands in `outer` and holds
  // `entries`. A repository inside a repository does not obey the outer one.
  Scope Enter(llvm::StringRef root, llvm::StringRef folder, Scope outer,
              llvm::ArrayRef<DirectoryEntry> entries);
  // What git says of `path` (relative to the root), given that no folder above it is ignored.
  bool Ignores(Scope scope, llvm::StringRef path, PathKind kind) const;

  // The files below the root that git tracks, sorted; asked for only when some are ignored.
  std::vector<std::string> TrackedFiles(llvm::StringRef root) const;

  // Module files named without wildcards by any of the files read, relative to the root and sorted;
  // a name without a slash once for each of `folders` that it holds for.
  std::vector<std::string> Modules(llvm::ArrayRef<std::string> folders) const;

private:
  struct File {
    IgnoreRules rules;
    std::string base;   // folder under the root that the rules stand in
    std::string prefix; // or, for a folder above the root, the way from there to the root with `/`
    Scope outer = -1;
  };

  // The folder of the repository that `root` stands in; empty when there is none.
  std::string RepositoryOf(llvm::StringRef root) const;
  Scope Add(llvm::StringRef path, llvm::StringRef base, llvm::StringRef prefix, Scope outer);

  const Disk &disk_;
  std::vector<File> files_;
};

} // namespace pydefrag
