// Marks: which of a number of things are meant. Several threads may mark at once; who asks has
// waited for them.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace pydefrag {

class Marks {
public:
  Marks() = default;
  explicit Marks(size_t count)
      : count_(count), marks_(std::make_unique<std::atomic<uint8_t>[]>(count)) {}

  size_t size() const { return count_; }
  void Mark(size_t i) { marks_[i].store(1, std::memory_order_relaxed); }
  bool Has(size_t i) const { return marks_[i].load(std::memory_order_relaxed) != 0; }

private:
  size_t count_ = 0;
  std::unique_ptr<std::atomic<uint8_t>[]> marks_; // 0 at first
};

} // namespace pydefrag
