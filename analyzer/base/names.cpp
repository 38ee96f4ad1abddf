#include "base/names.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/xxhash.h"

namespace pydefrag {

static constexpr size_t kFirstSlots = 64;

NameTable::NameTable() : slots_(kFirstSlots) {}

uint32_t NameTable::HashOf(llvm::StringRef text) {
  return static_cast<uint32_t>(llvm::xxh3_64bits(text));
}

size_t NameTable::SlotOf(llvm::StringRef text, uint32_t hash) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot &slot = slots_[at];
    if (!slot.id.valid() || (slot.hash == hash && texts_[slot.id] == text)) {
      return at;
    }
  }
}

void NameTable::Reserve(size_t count) {
  texts_.reserve(count);
  if (count * 4 > slots_.size() * 3) {
    SetSlots(llvm::bit_ceil(count * 4 / 3 + 1));
  }
}

void NameTable::SetSlots(size_t count) {
  const std::vector<Slot> old = std::move(slots_);
  slots_.assign(count, Slot());
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
  return Intern(text, HashOf(text));
}

NameId NameTable::Intern(llvm::StringRef text, uint32_t hash) {
  size_t at = SlotOf(text, hash);
  if (slots_[at].id.valid()) {
    return slots_[at].id;
  }
  if (texts_.size() * 4 >= slots_.size() * 3) {
    SetSlots(slots_.size() * 2);
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
