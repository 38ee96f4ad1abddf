// Ties what reports name to the project's files: test ids, JUnit class names and the paths in
// tracebacks. Entry point: TestIdResolver. It looks only at which files exist.
#pragma once

#include "outcomes/outcome.h"
#include "source/disk.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace pydefrag {

struct ResolvedId {
  std::string id;       // relative to the project root where resolved, else as well as can be
  bool resolved = true; // whether its file exists
};

struct ResolvedPath {
  std::string path; // relative to the project root when in_project, else as given
  bool in_project = false;
};

class TestIdResolver {
public:
  // `roots`: folders, relative to `project_root`, that a test run may have had as its rootdir; ""
  // (the project root itself) is always tried first. The disk must outlive the resolver.
  TestIdResolver(const Disk &disk, llvm::StringRef project_root, std::vector<std::string> roots);

  // A JUnit testcase's id. `file` is xunit1's attribute or empty; a collection error has only a
  // name.
  ResolvedId FromClassname(llvm::StringRef classname, llvm::StringRef name, llvm::StringRef file);
  // A pytest node id, made relative to the project root.
  ResolvedId FromNodeId(llvm::StringRef node_id);
  // A path as a traceback prints it: relative to some root, absolute on this machine or on another.
  ResolvedPath FromPath(llvm::StringRef path);

  // The run said that its rootdir was this absolute folder: strips it from paths first.
  void SetRunRoot(llvm::StringRef absolute);

private:
  struct ClassPrefix {
    std::string prefix; // "tests/test_a.py::TestX"; "" when no file matches
    bool found = false;
  };

  bool Exists(llvm::StringRef relative);
  bool IsFolder(llvm::StringRef relative);
  std::string Join(llvm::StringRef relative) const;
  std::string UnderRoots(llvm::StringRef relative);
  ClassPrefix FindPrefix(llvm::StringRef dotted);
  ClassPrefix FindPrefixUnder(llvm::StringRef root, llvm::StringRef dotted);
  ResolvedPath Locate(llvm::StringRef path);
  ResolvedPath LocateAbsolute(llvm::StringRef path);

  const Disk &disk_;
  std::string project_root_;
  std::vector<std::string> roots_;         // "" first
  std::string run_root_;                   // with a final `/`, or empty
  std::vector<std::string> foreign_roots_; // absolute folders that proved to be the project
  llvm::StringMap<ClassPrefix> prefixes_;
  llvm::StringMap<ResolvedPath> paths_;
  llvm::StringMap<bool> exists_;
  llvm::StringMap<std::string> files_; // of node ids
};

// Rewrites the paths of all frames by FromPath.
void LocateFrames(ErrorChain &chain, TestIdResolver &ids);

} // namespace pydefrag
