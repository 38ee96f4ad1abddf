#include "base/names.h"

#include "llvm/Support/xxhash.h"

namespace pydefrag {

static constexpr size_t kFirstSlots = 64;

static uint32_t HashOf(llvm::StringRef text) {
  return static_cast<uint32_t>(llvm::xxh3_64bits(text));
}

NameTable::NameTable() : slots_(kFirstSlots) {}

size_t NameTable::SlotOf(llvm::StringRef text, uint32_t hash) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot &slot = slots_[at];
    if (!slot.id.valid() || (slot.hash == hash && texts_[slot.id] == text)) {
      return at;
    }
  }
}

void NameTable::Grow() {
  const std::vector<Slot> old = std::move(slots_);
  slots_.assign(old.size() * 2, Slot());
  const size_t mask = slots_.size() - 1;
  for (const Slot &slot : old) {
    if (!slot.id.valid()) {
      continue;
    }
    size_t at = slot.hash & mask;
    while (slots_[at].id.valid()) {
      at = (at + 1) & mask;
    }
    slots_[at] = slot;
  }
}

NameId NameTable::Intern(llvm::StringRef text) {
  const uint32_t hash = HashOf(text);
  size_t at = SlotOf(text, hash);
  if (slots_[at].id.valid()) {
    return slots_[at].id;
  }
  if (texts_.size() * 4 >= slots_.size() * 3) {
    Grow();
    at = SlotOf(text, hash);
  }
  slots_[at] = {.hash = hash, .id = NameId(texts_.size())};
  texts_.push_back(text.copy(memory_));
  return slots_[at].id;
}

NameId NameTable::Find(llvm::StringRef text) const {
  // The id of a free slot is invalid.
  return slots_[SlotOf(text, HashOf(text))].id;
}

} // namespace pydefrag
