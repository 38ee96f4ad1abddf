// A set of words, for asking about many words of which few are in it: the first byte and the length
// tell most of them apart.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"

#include <array>
#include <cstdint>
#include <initializer_list>

namespace pydefrag {

class WordSet {
public:
  WordSet(std::initializer_list<llvm::StringRef> words) : words_(words) {
    for (llvm::StringRef word : words) {
      lengths_[static_cast<unsigned char>(word[0])] |= Bit(word.size());
    }
  }

  // `word` is not empty.
  bool Contains(llvm::StringRef word) const {
    return (lengths_[static_cast<unsigned char>(word[0])] & Bit(word.size())) != 0 &&
           words_.contains(word);
  }

private:
  static uint32_t Bit(size_t length) { return uint32_t{1} << (length % 32); }

  llvm::StringSet<> words_;
  std::array<uint32_t, 256> lengths_{};
};

} // namespace pydefrag
