// Each distinct statement is parsed once. DistinctStatements: the texts of a group of files,
// without repetition. ParseShards: of all groups together, in parallel and without locks: every
// text belongs to the shard that its hash names, and a shard is worked on by one thread.
//
// Nothing here depends on the number of threads: shards and the order within them are given by the
// texts alone.
#pragma once

#include "scan/statement.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Allocator.h"

#include <cstdint>
#include <vector>

namespace pydefrag {

inline constexpr size_t kShards = 32;

class DistinctStatements {
public:
  struct Item {
    ReducedStatement statement;
    uint64_t hash = 0; // of the text and its kind
  };

  // The index of `item`, added when new. The text is not copied.
  uint32_t Add(const Item &item);
  // The index of `statement`; when it is new, its text is copied into `texts`.
  uint32_t AddCopy(const ReducedStatement &statement, llvm::BumpPtrAllocator &texts);

  const std::vector<Item> &items() const { return items_; }
  // The shard of each item that AddCopy added, by its shape.
  const std::vector<uint8_t> &shards() const { return shards_; }

private:
  uint32_t Find(uint64_t hash, const ReducedStatement &statement);

  std::vector<Item> items_;
  std::vector<uint8_t> shards_;
  llvm::DenseMap<uint64_t, uint32_t> index_;
  ShapeText shape_;
  std::vector<TokenPlace> tokens_;
};

// What one thread made of a shard's texts, with ids of its own.
struct Shard {
  SyntaxTable syntax;
  NameTable names;
  std::vector<ParsedStatement> parsed;
};

// Where a statement of a group went.
struct ShardPlace {
  uint32_t shard = 0;
  uint32_t index = 0; // into Shard::parsed
};

struct ParsedShards {
  std::vector<Shard> shards;
  std::vector<std::vector<ShardPlace>> places; // of each group's items
};

ParsedShards ParseShards(llvm::ArrayRef<const DistinctStatements *> groups, unsigned jobs);

} // namespace pydefrag
