// HeadersAround: the headers that a statement stands under, from the innermost one outwards, as
// indices into the statements of its file.
//
//     for (uint32_t header : HeadersAround(statements, statement)) { ... }
#pragma once

#include "facts/facts.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/iterator.h"

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace pydefrag {

// A view: the statements have to outlive it.
class HeadersAround {
public:
  HeadersAround(llvm::ArrayRef<PlacedStatement> statements, const PlacedStatement &placed)
      : statements_(statements), innermost_(placed.parent) {}
  HeadersAround(llvm::ArrayRef<PlacedStatement> statements, uint32_t statement)
      : HeadersAround(statements, statements[statement]) {}

  class iterator : public llvm::iterator_facade_base<iterator, std::forward_iterator_tag, uint32_t,
                                                     std::ptrdiff_t, const uint32_t *, uint32_t> {
  public:
    iterator(llvm::ArrayRef<PlacedStatement> statements, int32_t at)
        : statements_(statements), at_(at) {}
    uint32_t operator*() const { return static_cast<uint32_t>(at_); }
    using iterator_facade_base::operator++;
    iterator &operator++() {
      at_ = statements_[static_cast<size_t>(at_)].parent;
      return *this;
    }
    bool operator==(const iterator &other) const { return at_ == other.at_; }

  private:
    llvm::ArrayRef<PlacedStatement> statements_;
    int32_t at_; // -1: past the outermost one
  };
  iterator begin() const { return {statements_, innermost_}; }
  iterator end() const { return {statements_, -1}; }

private:
  llvm::ArrayRef<PlacedStatement> statements_;
  int32_t innermost_;
};

} // namespace pydefrag
