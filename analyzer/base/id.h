// Typed 4-byte ids and the vectors they index. An id is an index with a type: a FileId cannot be
// handed to a table of modules by mistake. Ids are passed by value; -1 means "none".
#pragma once

#include "llvm/ADT/DenseMapInfo.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace pydefrag {

template <typename Tag> struct Id {
  int32_t index = -1;

  constexpr Id() = default;
  constexpr explicit Id(int32_t i) : index(i) {}
  constexpr explicit Id(size_t i) : index(static_cast<int32_t>(i)) {}

  constexpr bool valid() const { return index >= 0; }
  constexpr explicit operator bool() const { return valid(); }
  friend constexpr auto operator<=>(Id, Id) = default;
};

using FileId = Id<struct FileTag>;
using NameId = Id<struct NameTag>;
using StatementId = Id<struct StatementTag>;
using ExprId = Id<struct ExprTag>;
using ModuleId = Id<struct ModuleTag>;
using DefinitionId = Id<struct DefinitionTag>;
using RowId = Id<struct RowTag>;

// A vector indexed by one kind of id. Dense, append-only by convention.
template <typename IdT, typename T> class IdVector {
public:
  IdT push_back(T value) {
    items_.push_back(std::move(value));
    return IdT(items_.size() - 1);
  }
  T &operator[](IdT id) { return items_[static_cast<size_t>(id.index)]; }
  const T &operator[](IdT id) const { return items_[static_cast<size_t>(id.index)]; }
  size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  void resize(size_t n) { items_.resize(n); }
  void reserve(size_t n) { items_.reserve(n); }
  auto begin() { return items_.begin(); }
  auto end() { return items_.end(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  std::vector<T> &raw() { return items_; }
  const std::vector<T> &raw() const { return items_; }

private:
  std::vector<T> items_;
};

} // namespace pydefrag

namespace llvm {
template <typename Tag> struct DenseMapInfo<pydefrag::Id<Tag>> {
  static pydefrag::Id<Tag> getEmptyKey() { return pydefrag::Id<Tag>(int32_t{-2}); }
  static pydefrag::Id<Tag> getTombstoneKey() { return pydefrag::Id<Tag>(int32_t{-3}); }
  static unsigned getHashValue(pydefrag::Id<Tag> id) {
    return static_cast<unsigned>(id.index) * 37u;
  }
  static bool isEqual(pydefrag::Id<Tag> a, pydefrag::Id<Tag> b) { return a == b; }
};
} // namespace llvm
