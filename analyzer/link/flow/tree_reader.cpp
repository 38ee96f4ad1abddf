#include "link/flow/tree_reader.h"

#include "link/flow/source_trees.h"

namespace pydefrag {

TreeReader::TreeReader(const Disk &disk, unsigned jobs)
    : disk_(disk), reads_(EffectiveJobs(jobs) > 1) {}

TreeReader::~TreeReader() {
  const std::scoped_lock lock(mutex_);
  next_ = slots_.size();
}

void TreeReader::Foresee(std::vector<TreeFile> files) {
  if (!reads_) {
    return;
  }
  const std::scoped_lock lock(mutex_);
  for (TreeFile &file : files) {
    if (slot_of_.try_emplace(file.module, slots_.size()).second) {
      slots_.emplace_back().file = std::move(file);
    }
  }
  if (!runs_ && next_ < slots_.size()) {
    runs_ = true;
    reading_.Start([this] { ReadAll(); });
  }
}

// The next one that nobody has read; null: none is left, and the reading ends.
TreeReader::Slot *TreeReader::NextSlot() {
  while (next_ < slots_.size() && slots_[next_].state != State::Waits) {
    ++next_;
  }
  runs_ = next_ < slots_.size();
  return runs_ ? &slots_[next_++] : nullptr;
}

void TreeReader::ReadAll() {
  std::unique_lock lock(mutex_);
  while (Slot *slot = NextSlot()) {
    slot->state = State::UnderWay;
    lock.unlock();
    slot->tree = ReadSourceTree(disk_, slot->file);
    lock.lock();
    slot->state = State::Read;
    read_.notify_all();
  }
}

std::optional<std::unique_ptr<SourceTree>> TreeReader::Take(ModuleId module) {
  const auto known = slot_of_.find(module);
  if (known == slot_of_.end()) {
    return std::nullopt;
  }
  std::unique_lock lock(mutex_);
  Slot &slot = slots_[known->second];
  read_.wait(lock, [&] { return slot.state != State::UnderWay; });
  const bool read = slot.state == State::Read;
  slot.state = State::Taken;
  return read ? std::optional(std::move(slot.tree)) : std::nullopt;
}

} // namespace pydefrag
