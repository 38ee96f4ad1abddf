// Each distinct statement is parsed once. DistinctStatements: the texts that one thread has met,
// without repetition. ParseShards: of all threads together, in parallel and without locks: every
// text belongs to the shard that its shape names, and a shard is worked on by one thread.
//
// Which thread meets a text, and when, depends on chance; what becomes of the text does not. Ids
// that last are given by the merge at the end of the scan (scan.cpp).
#pragma once

#include "scan/statement.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Allocator.h"

#include <array>
#include <cstdint>
#include <vector>

namespace pydefrag {

inline constexpr size_t kShards = 32;

// Texts by their hashes, without repetition. Does not own what it lists.
class StatementIndex {
public:
  struct Item {
    ShapedStatement statement;
    uint64_t hash = 0; // of the text and its kind
  };

  // Where the statement is; where it belongs, items().size(), when it is new: then Append follows.
  uint32_t Find(uint64_t hash, const ReducedStatement &statement);
  void Append(const Item &item) { items_.push_back(&item); }

  llvm::ArrayRef<const Item *> items() const { return items_; }

private:
  std::vector<const Item *> items_;
  llvm::DenseMap<uint64_t, uint32_t> index_;
};

class DistinctStatements {
public:
  // The index of `statement`; when it is new, its text is copied.
  uint32_t Add(const ReducedStatement &statement);

  llvm::ArrayRef<const StatementIndex::Item *> items() const { return index_.items(); }
  // The items whose shapes belong to a shard, ascending.
  llvm::ArrayRef<uint32_t> InShard(size_t shard) const { return shards_[shard]; }

private:
  // Slabs of a size that makes few of them.
  using Memory = llvm::BumpPtrAllocatorImpl<llvm::MallocAllocator, size_t{256} << 10>;

  const StatementIndex::Item &MakeItem(const ReducedStatement &statement, uint64_t hash);

  StatementIndex index_;
  std::array<std::vector<uint32_t>, kShards> shards_;
  llvm::DenseMap<uint64_t, llvm::StringRef> shapes_; // by hash; most statements share one
  Memory memory_;                                    // the items and what they point to
  StatementShape shape_;
};

// What one thread made of a shard's texts, with ids of its own.
struct Shard {
  SyntaxTable syntax;
  NameTable names;
  std::vector<ParsedStatement> parsed;
};

// Where a statement went.
struct ShardPlace {
  uint32_t shard = 0;
  uint32_t index = 0; // into Shard::parsed
};

struct ParsedShards {
  std::vector<Shard> shards;
  std::vector<std::vector<ShardPlace>> places; // of each set's items
};

ParsedShards ParseShards(llvm::ArrayRef<DistinctStatements> sets, unsigned jobs);

} // namespace pydefrag
