// Each distinct statement is parsed once. DistinctStatements: the texts that one thread has met,
// without repetition. ParseShards: of all threads together, in parallel and without locks: every
// text belongs to the shard that its shape names, and a shard is worked on by one thread.
//
// Which thread meets a text, and when, depends on chance; what becomes of the text does not. Ids
// that last are given by the merge at the end of the scan (scan.cpp).
#pragma once

#include "scan/syntax/statement.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Allocator.h"

#include <array>
#include <cstdint>
#include <vector>

namespace pydefrag {

inline constexpr size_t kShards = 32;

// Texts by their hashes, without repetition. Does not own what it lists. A table with open
// addressing that is larger than the caches: whoever looks for many says so ahead.
class StatementIndex {
public:
  struct Item {
    uint64_t hash = 0; // of the text and its kind
    ShapedStatement statement;
  };

  StatementIndex();

  // Room for as many items.
  void Reserve(size_t count);
  // Where the statement is; items().size() when it is new.
  uint32_t Find(uint64_t hash, const ReducedStatement &statement) const;
  // `item` is new.
  void Append(const Item &item);

  // These fetch into the cache what Find(hash, ...) will read: first its place in the table; a
  // little later, through that, the item.
  void FetchSlot(uint64_t hash) const { __builtin_prefetch(&slots_[hash & mask_]); }
  void FetchItem(uint64_t hash) const;

  llvm::ArrayRef<const Item *> items() const { return items_; }

private:
  struct Slot {
    const Item *item = nullptr;
    uint32_t hash = 0; // its lower half
    uint32_t index = 0;
  };

  void SetSlots(size_t count);
  void Put(Slot slot);

  std::vector<const Item *> items_;
  std::vector<Slot> slots_; // a power of two of them, at most three quarters taken
  size_t mask_ = 0;
};

class DistinctStatements {
public:
  // Room for about as many.
  void Reserve(size_t count) { index_.Reserve(count); }
  // The index of `statement`; when it is new, its text is copied.
  uint32_t Add(const ReducedStatement &statement);
  // The same for many at once, which is faster: replaces `indices` by theirs.
  void AddAll(llvm::ArrayRef<ReducedStatement> statements, std::vector<uint32_t> &indices);

  llvm::ArrayRef<const StatementIndex::Item *> items() const { return index_.items(); }
  // The items whose shapes belong to a shard, ascending.
  llvm::ArrayRef<uint32_t> InShard(size_t shard) const { return shards_[shard]; }

private:
  // Slabs of a size that makes few of them.
  using Memory = llvm::BumpPtrAllocatorImpl<llvm::MallocAllocator, size_t{256} << 10>;

  uint32_t AddHashed(const ReducedStatement &statement, uint64_t hash);
  const StatementIndex::Item &MakeItem(const ReducedStatement &statement, uint64_t hash);

  StatementIndex index_;
  std::array<std::vector<uint32_t>, kShards> shards_;
  llvm::DenseMap<uint64_t, llvm::StringRef> shapes_; // by hash; most statements share one
  Memory memory_;                                    // the items and what they point to
  StatementShape shape_;
  std::vector<uint64_t> hashes_; // of AddAll's statements
};

// What one thread made of a shard's texts, with ids of its own.
struct Shard {
  SyntaxTable syntax;
  NameTable names;
  std::vector<ParsedStatement> parsed;
};

// Where a statement went, and what became of it.
struct ShardPlace {
  uint32_t index = 0; // into Shard::parsed
  uint8_t shard = 0;
  StatementOutcome outcome = StatementOutcome::Parsed;
};

struct ParsedShards {
  std::vector<Shard> shards;
  std::vector<std::vector<ShardPlace>> places; // of each set's items
};

ParsedShards ParseShards(llvm::ArrayRef<DistinctStatements> sets, unsigned jobs);

} // namespace pydefrag
