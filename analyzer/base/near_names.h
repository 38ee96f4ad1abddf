// NearNames: the names of a list that are a letter or two away from another one. For suggestions.
// A few questions look at every name; after them an index is made, so that thousands of misspelled
// names cost what they and the list cost, not their product.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace pydefrag {

class NearNames {
public:
  // The texts must outlive it.
  explicit NearNames(std::vector<llvm::StringRef> names) : names_(std::move(names)) {}

  struct Near {
    unsigned edits = 0; // letters more, less or other
    size_t index = 0;   // in the list
  };
  // At most two edits; the nearest first, then in the list's order. A name that differs in nothing
  // but case is one edit away.
  std::vector<Near> Find(llvm::StringRef wanted, unsigned edits);

  llvm::StringRef operator[](size_t index) const { return names_[index]; }

private:
  static constexpr unsigned kMostEdits = 2;

  std::vector<size_t> Candidates(llvm::StringRef wanted);
  void Index();

  std::vector<llvm::StringRef> names_;
  unsigned questions_ = 0;
  // What is left of each name's last letters, in lower case, without up to two of them: names
  // within two edits have such a rest in common. Hashes and indices, sorted.
  std::vector<std::pair<uint64_t, uint32_t>> rests_;
};

} // namespace pydefrag
