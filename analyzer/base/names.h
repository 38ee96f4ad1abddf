// Interned text: identifiers, dotted module names and string literals. One NameTable lives as long
// as the project it names; equal texts have equal ids, so names are compared as integers.
// Not thread safe: filled by serial phases, read by all.
#pragma once

#include "base/id.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"

namespace pydefrag {

class NameTable {
public:
  NameTable() = default;
  NameTable(NameTable &&) = default;
  NameTable &operator=(NameTable &&) = default;

  // The id of `text`, added when new. The text is copied.
  NameId Intern(llvm::StringRef text);
  // The id of `text`, or an invalid id when nothing has interned it.
  NameId Find(llvm::StringRef text) const;
  // Valid as long as the table. The text of an invalid id is empty.
  llvm::StringRef Text(NameId id) const;

  size_t size() const { return texts_.size(); }

private:
  llvm::StringMap<NameId, llvm::BumpPtrAllocator> ids_;
  IdVector<NameId, llvm::StringRef> texts_; // point at the keys of ids_
};

} // namespace pydefrag
