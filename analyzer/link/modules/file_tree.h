// FileTree: the project's folders and modules as the import system sees them: for a folder and a
// name, which candidates stand there. Case-exact, like CPython's directory listings. Folders
// outside the project (site-packages) can be added later; they are listed when first asked for.
#pragma once

#include "base/id.h"
#include "base/names.h"
#include "source/discover.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace pydefrag {

using DirId = Id<struct DirTag>;

struct ModuleCandidates { // what stands in one folder for one name, besides a sub-folder
  FileId source;          // name.py
  FileId stub;            // name.pyi, when it was scanned
  bool has_stub = false;
  bool extension = false; // name.*.so, or a sourceless name.pyc
  bool generated = false; // evidence that a build makes it
  bool outside = false;   // name.py of an environment; `source` only once it is scanned
};

class FileTree {
public:
  explicit FileTree(NameTable &names) : names_(names) {}

  // The folder with this path relative to the root, added with its parents when new.
  DirId AddDirectory(llvm::StringRef path);
  void AddFile(llvm::StringRef path, FileKind kind, FileId file);
  // A file of an environment: what is Source exists, but is not scanned.
  void AddOutside(llvm::StringRef path, FileKind kind);
  bool IsOutside(DirId dir) const { return Path(dir).starts_with("/"); }
  // Whether what stands in a folder of an environment was added.
  bool IsListed(DirId dir) const { return dirs_[dir].listed; }
  void MarkListed(DirId dir) { dirs_[dir].listed = true; }

  DirId FindDirectory(llvm::StringRef path) const; // invalid when there is none
  DirId SubDirectory(DirId dir, NameId name) const;
  const ModuleCandidates *Find(DirId dir, NameId name) const;
  // Whether the folder holds an __init__ that makes it a regular package.
  bool IsRegularPackage(DirId dir) const;
  // The folder itself or the nearest above it that is no regular package; invalid when even the top
  // is one. For a test file pytest's prepend mode puts it first on sys.path.
  DirId BaseOf(DirId dir) const;
  llvm::StringRef BaseOfFile(llvm::StringRef path) const; // its path; empty when invalid
  // Whether a build makes a module of this name and may put it into the folder: `x_pb2` where there
  // is an `x.proto`; `x` of `shop`, where there is a `src_c/cython/shop/x.pyx`.
  bool MayBeMadeIn(DirId dir, NameId name) const {
    return made_.contains(name) || made_in_.contains({dirs_[dir].name, name});
  }
  const ModuleCandidates *Init(DirId dir) const { return Find(dir, init_name()); }
  bool HoldsPython(DirId dir) const { return dirs_[dir].holds_python; }  // itself or below
  bool HasOwnModules(DirId dir) const { return dirs_[dir].own_modules; } // not only below it

  llvm::StringRef Path(DirId dir) const { return dirs_[dir].path; }
  NameId NameOf(DirId dir) const { return dirs_[dir].name; }
  DirId Parent(DirId dir) const { return dirs_[dir].parent; }
  llvm::ArrayRef<DirId> Children(DirId dir) const { return dirs_[dir].children; }
  size_t size() const { return dirs_.size(); }

private:
  struct Dir {
    std::string path;
    NameId name;
    DirId parent;
    bool holds_python = false;
    bool own_modules = false;
    bool listed = false;
    std::vector<DirId> children;
  };
  static uint64_t Key(DirId dir, NameId name) {
    return (static_cast<uint64_t>(static_cast<uint32_t>(dir.index)) << 32) |
           static_cast<uint32_t>(name.index);
  }
  NameId init_name() const { return init_; }

  NameTable &names_;
  NameId init_ = names_.Intern("__init__");
  IdVector<DirId, Dir> dirs_;
  llvm::DenseMap<uint64_t, DirId> subdirs_;
  llvm::DenseMap<uint64_t, ModuleCandidates> modules_;
  llvm::DenseMap<NameId, DirId> by_path_;
  llvm::DenseSet<NameId> made_;
  llvm::DenseSet<std::pair<NameId, NameId>> made_in_; // the folder's name, the module's
};

} // namespace pydefrag
