// FileTrees: whole trees of files, when modules cannot be looked up yet (source_trees.h).
#pragma once

#include "link/flow/source_trees.h"
#include "link/project.h"
#include "source/disk.h"

#include "llvm/ADT/DenseMap.h"

#include <memory>
#include <vector>

namespace pydefrag {

class FileTrees {
public:
  FileTrees(const Project &project, const Disk &disk) : project_(project), disk_(disk) {}

  // Null when the file cannot be read, or does not parse.
  const SourceTree *Of(FileId file);
  // Reads these now, several at a time.
  void ReadAll(llvm::ArrayRef<FileId> files, unsigned jobs);
  // What was read and has a tree, for SourceTrees::Keep. Nothing stays.
  std::vector<std::unique_ptr<SourceTree>> Take();

private:
  std::unique_ptr<SourceTree> Read(FileId file) const;

  const Project &project_;
  const Disk &disk_;
  llvm::DenseMap<FileId, std::unique_ptr<SourceTree>> trees_;
};

} // namespace pydefrag
