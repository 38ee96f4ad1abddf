// Interned text: identifiers, dotted module names and string literals. One NameTable lives as long
// as the project it names; equal texts have equal ids, so names are compared as integers.
// Not thread safe: filled by serial phases, read by all.
#pragma once

#include "base/id.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"

#include <cstdint>
#include <vector>

namespace pydefrag {

class NameTable {
public:
  NameTable();
  NameTable(NameTable &&) = default;
  NameTable &operator=(NameTable &&) = default;

  // The id of `text`, added when new. The text is copied.
  NameId Intern(llvm::StringRef text);
  // The same, where `hash` is HashOf(text).
  NameId Intern(llvm::StringRef text, uint32_t hash);
  static uint32_t HashOf(llvm::StringRef text);
  // Room for as many names.
  void Reserve(size_t count);
  // The id of `text`, or an invalid id when nothing has interned it.
  NameId Find(llvm::StringRef text) const;
  // Valid as long as the table. The text of an invalid id is empty.
  llvm::StringRef Text(NameId id) const { return id.valid() ? texts_[id] : llvm::StringRef(); }

  size_t size() const { return texts_.size(); }

private:
  // A place of the hash table: open addressing, a power of two of them, at most three quarters
  // taken. The hash is kept so that unequal texts are hardly ever compared.
  struct Slot {
    uint32_t hash = 0;
    NameId id; // invalid: free
  };

  // The slot of `text`, or the free one where it belongs.
  size_t SlotOf(llvm::StringRef text, uint32_t hash) const;
  void SetSlots(size_t count);

  std::vector<Slot> slots_;
  IdVector<NameId, llvm::StringRef> texts_; // in `memory_`
  llvm::BumpPtrAllocatorImpl<llvm::MallocAllocator, size_t{32} << 10> memory_;
};

} // namespace pydefrag
