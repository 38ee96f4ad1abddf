// ChainReader: where the files of a project say `mod.X` of a module that they import. Reads the
// files that import a module of the project a second time; with several jobs beside the caller,
// from the moment it is made until somebody takes what it has read, who reads the rest with it.
#pragma once

#include "base/parallel.h"
#include "link/project.h"
#include "link/resolve/resolve.h"
#include "source/disk.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace pydefrag {

struct Chain {
  ModuleId base;
  uint32_t offset = 0;
  std::string name;
  std::string attributes; // "b.c"
};

class ChainReader {
public:
  // `row_begin`: the first row of each file, and the end. Rows, names and the resolver are looked
  // at before it returns, and when somebody takes what was read.
  ChainReader(const Project &project, const Resolver &resolver, const Disk &disk,
              llvm::ArrayRef<uint32_t> row_begin, unsigned jobs);

  // Waits until nothing is read beside the caller any more. From any thread.
  void Finish() { reading_.IsDone(-1); }
  // By file: each chain once, at its first place. As the rows are now: files in which some name
  // stands for another module than when the reader was made are read again.
  std::vector<std::vector<Chain>> Take();

private:
  using Names = llvm::StringMap<ModuleId>; // what a file calls the modules that it imports

  std::vector<Names> FindNames() const;
  void AddName(const ImportRow &row, Names &names) const;
  using Buffer = llvm::SmallVector<char, 0>; // of a thread, with room for most files
  static Buffer MakeBuffer();
  std::vector<Chain> Read(size_t file, Buffer &buffer) const;
  void ReadRest();

  const Project &project_;
  const Resolver &resolver_;
  const Disk &disk_;
  const llvm::ArrayRef<uint32_t> row_begin_;
  const unsigned jobs_;
  const std::vector<std::string> paths_; // of its own: the project's list grows meanwhile
  std::vector<Names> names_;             // by file
  std::vector<std::vector<Chain>> chains_;
  std::atomic<size_t> next_{0}; // the first file that nobody reads yet
  Background reading_;          // the last member: it uses the others
};

} // namespace pydefrag
