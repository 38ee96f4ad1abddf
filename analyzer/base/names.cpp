#include "base/names.h"

namespace pydefrag {

NameId NameTable::Intern(llvm::StringRef text) {
  auto [it, inserted] = ids_.try_emplace(text, NameId(texts_.size()));
  if (inserted) {
    texts_.push_back(it->getKey());
  }
  return it->getValue();
}

NameId NameTable::Find(llvm::StringRef text) const {
  auto it = ids_.find(text);
  return it == ids_.end() ? NameId() : it->getValue();
}

llvm::StringRef NameTable::Text(NameId id) const {
  return id.valid() ? texts_[id] : llvm::StringRef();
}

} // namespace pydefrag
