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
    if (inserted || Same(items_[it->second].statement, statement)) {
      return it->second;
    }
  }
}

uint32_t DistinctStatements::Add(const Item &item) {
  const uint32_t index = Find(item.hash, item.statement);
  if (index == items_.size()) {
    items_.push_back(item);
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
    MakeShape(statement.text, shape_, tokens_);
    Item item = {.statement = statement, .hash = hash};
    item.statement.text = llvm::StringRef(copy, statement.text.size());
    items_.push_back(item);
    shards_.push_back(static_cast<uint8_t>(llvm::xxh3_64bits(shape_) % kShards));
  }
  return index;
}

static void ParseShard(llvm::ArrayRef<const DistinctStatements *> groups, uint32_t number,
                       ParsedShards &result) {
  DistinctStatements distinct;
  for (size_t g = 0; g < groups.size(); ++g) {
    const std::vector<uint8_t> &shards = groups[g]->shards();
    for (size_t i = 0; i < shards.size(); ++i) {
      if (shards[i] == number) {
        result.places[g][i] = {.shard = number, .index = distinct.Add(groups[g]->items()[i])};
      }
    }
  }
  std::vector<ReducedStatement> statements;
  statements.reserve(distinct.items().size());
  for (const DistinctStatements::Item &item : distinct.items()) {
    statements.push_back(item.statement);
  }
  if (!statements.empty()) {
    Shard &shard = result.shards[number];
    StatementParser parser(shard.syntax, shard.names);
    parser.Parse(statements, shard.parsed);
  }
}

ParsedShards ParseShards(llvm::ArrayRef<const DistinctStatements *> groups, unsigned jobs) {
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
