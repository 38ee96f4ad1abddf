// Modules that no folder tells of, so that one that is not found may be there: a finder serves them
// which code puts into `sys.meta_path` or `sys.path_hooks` (CPython importlib/_bootstrap.py,
// _find_spec), or an installed package puts them into `sys.modules`.
#pragma once

#include "link/project.h"
#include "source/disk.h"

#include "llvm/ADT/StringMap.h"

#include <string>
#include <vector>

namespace pydefrag {

// What one finder may serve: the module of this name and those below it; every module whose name
// starts so, when it is a mere prefix.
struct ServedByFinder {
  ModuleId by; // whose code installs the finder
  std::string name;
  bool mere_prefix = false; // an empty one: any module

  // Both of dotted names.
  bool Covers(llvm::StringRef module) const;
  bool CoversAllBelow(llvm::StringRef package) const;
};

// Installed packages: only some of their files are read, any other may bring about modules below
// the package.
class InstalledSources {
public:
  struct Signs {
    bool adds_finder = false; // to `sys.meta_path` or `sys.path_hooks`
    // Into `sys.modules`, under names that are not plain others'.
    bool puts_modules = false;
    bool puts_in_functions = false;
  };
  explicit InstalledSources(const Disk *disk) : disk_(disk) {}
  void Forget() { disk_ = nullptr; }

  // What the sources in the folder of a top-level package, and below, speak of. Read on demand,
  // each folder once; nothing when there is no disk to look at any more.
  Signs In(llvm::StringRef folder);

private:
  void Read(const std::string &folder, llvm::StringRef package, Signs &signs) const;

  const Disk *disk_;
  llvm::StringMap<Signs> known_; // by folder
};

} // namespace pydefrag
