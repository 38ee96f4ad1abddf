// TreeReader: reads the trees of files beside the caller, before he asks for them. Which files are
// read first decides nothing: whoever asks gets the same tree, or reads it himself.
#pragma once

#include "base/id.h"
#include "base/parallel.h"
#include "source/disk.h"

#include "llvm/ADT/DenseMap.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

class SourceTree;

struct TreeFile {
  ModuleId module;
  FileId file;
  std::string path; // on disk
};

class TreeReader {
public:
  // With one job it reads nothing. The disk has to outlive it.
  TreeReader(const Disk &disk, unsigned jobs);
  ~TreeReader(); // leaves out what is not begun

  // Behind what was foreseen before. Files of modules that it knows are left out.
  void Foresee(std::vector<TreeFile> files);
  // What it read of the module's file, null where that has no tree; waits for one that is under
  // way. Nothing: it does not read it, or not any more.
  std::optional<std::unique_ptr<SourceTree>> Take(ModuleId module);

private:
  enum class State : uint8_t { Waits, UnderWay, Read, Taken };
  struct Slot {
    TreeFile file;
    std::unique_ptr<SourceTree> tree;
    State state = State::Waits;
  };

  void ReadAll();
  Slot *NextSlot();

  const Disk &disk_;
  const bool reads_;
  llvm::DenseMap<ModuleId, size_t> slot_of_; // of the caller alone
  std::mutex mutex_;                         // of what follows
  std::condition_variable read_;
  std::deque<Slot> slots_; // whose places stay
  size_t next_ = 0;
  bool runs_ = false;
  Background reading_; // the last member: it uses the others
};

} // namespace pydefrag
