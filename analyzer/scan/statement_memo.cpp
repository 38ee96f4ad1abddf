// See statement_memo.h.
#include "scan/statement_memo.h"

#include "base/parallel.h"

#include "llvm/Support/xxhash.h"

#include <cstring>

namespace pydefrag {

static uint64_t HashOf(const ReducedStatement &statement) {
  // The same text may stand for two statements: `pass` under a header, a header's own `x = ""`.
  const uint64_t kind = static_cast<uint64_t>(statement.kind) * 2 + (statement.reduced ? 1 : 0);
  return llvm::xxh3_64bits(statement.text) + kind * 0x9e3779b97f4a7c15u;
}

static bool Same(const ReducedStatement &a, const ReducedStatement &b) {
  return a.text == b.text && a.kind == b.kind && a.reduced == b.reduced && a.head == b.head;
}

// The index where the statement is or belongs; its own new index when it is new.
uint32_t DistinctStatements::Find(uint64_t hash, const ReducedStatement &statement) {
  // Two bits less: the map reserves two keys. Unequal texts with one hash move on by one.
  for (uint64_t key = hash >> 2;; ++key) {
    const auto [it, inserted] = index_.try_emplace(key, static_cast<uint32_t>(items_.size()));
    if (inserted || Same(items_[it->second], statement)) {
      return it->second;
    }
  }
}

uint32_t DistinctStatements::Add(uint64_t hash, const ReducedStatement &statement) {
  const uint32_t index = Find(hash, statement);
  if (index == items_.size()) {
    items_.push_back(statement);
    hashes_.push_back(hash);
  }
  return index;
}

uint32_t DistinctStatements::AddCopy(const ReducedStatement &statement,
                                     llvm::BumpPtrAllocator &texts) {
  const uint64_t hash = HashOf(statement);
  const uint32_t index = Find(hash, statement);
  if (index == items_.size()) {
    char *copy = static_cast<char *>(texts.Allocate(statement.text.size(), 1));
    std::memcpy(copy, statement.text.data(), statement.text.size());
    items_.push_back(statement);
    items_.back().text = llvm::StringRef(copy, statement.text.size());
    hashes_.push_back(hash);
  }
  return index;
}

static void ParseShard(llvm::ArrayRef<const DistinctStatements *> groups, uint32_t number,
                       ParsedShards &result) {
  DistinctStatements distinct;
  for (size_t g = 0; g < groups.size(); ++g) {
    const std::vector<uint64_t> &hashes = groups[g]->hashes();
    for (size_t i = 0; i < hashes.size(); ++i) {
      // The topmost bits: the maps take the lower ones.
      if (hashes[i] >> 59 == number) {
        result.places[g][i] = {.shard = number,
                               .index = distinct.Add(hashes[i], groups[g]->items()[i])};
      }
    }
  }
  if (!distinct.items().empty()) {
    Shard &shard = result.shards[number];
    StatementParser parser(shard.syntax, shard.names);
    parser.Parse(distinct.items(), shard.parsed);
  }
}

ParsedShards ParseShards(llvm::ArrayRef<const DistinctStatements *> groups, unsigned jobs) {
  static_assert(kShards == 1u << (64 - 59));
  ParsedShards result;
  result.shards.resize(kShards);
  result.places.resize(groups.size());
  for (size_t g = 0; g < groups.size(); ++g) {
    result.places[g].resize(groups[g]->items().size());
  }
  ParallelFor(kShards, jobs, 1,
              [&](size_t number) { ParseShard(groups, static_cast<uint32_t>(number), result); });
  return result;
}

} // namespace pydefrag
