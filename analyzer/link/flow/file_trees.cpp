#include "link/flow/file_trees.h"

#include "base/parallel.h"

namespace pydefrag {

std::unique_ptr<SourceTree> FileTrees::Read(FileId file) const {
  return ReadSourceTree(disk_, TreeFileOf(project_, project_.module_of_file[file]));
}

const SourceTree *FileTrees::Of(FileId file) {
  auto [it, inserted] = trees_.try_emplace(file);
  if (inserted) {
    it->second = Read(file);
  }
  return it->second.get();
}

void FileTrees::ReadAll(llvm::ArrayRef<FileId> files, unsigned jobs) {
  std::vector<std::unique_ptr<SourceTree>> read(files.size());
  ParallelFor(files.size(), jobs, 1, [&](size_t i) { read[i] = Read(files[i]); });
  for (size_t i = 0; i < files.size(); ++i) {
    trees_[files[i]] = std::move(read[i]);
  }
}

std::vector<std::unique_ptr<SourceTree>> FileTrees::Take() {
  std::vector<std::unique_ptr<SourceTree>> read;
  for (auto &[file, tree] : trees_) {
    if (tree) {
      read.push_back(std::move(tree));
    }
  }
  trees_.clear();
  return read;
}

} // namespace pydefrag
