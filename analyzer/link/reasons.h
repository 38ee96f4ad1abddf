// Reasons: texts that say why an answer is not known. Most are literals; the others, which name a
// module, are kept here once each, so that rows and answers hold a pointer and no text.
#pragma once

#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/Twine.h"

#include <mutex>

namespace pydefrag {

class ReasonTable {
public:
  // The text, valid as long as the table. May be called from several threads.
  const char *Keep(const llvm::Twine &text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return texts_.insert(text.str()).first->getKeyData();
  }

private:
  std::mutex mutex_;
  llvm::StringSet<llvm::BumpPtrAllocator> texts_;
};

} // namespace pydefrag
