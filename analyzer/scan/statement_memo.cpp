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

uint32_t StatementIndex::Find(uint64_t hash, const ReducedStatement &statement) {
  // Two bits less: the map reserves two keys. Unequal texts with one hash move on by one.
  for (uint64_t key = hash >> 2;; ++key) {
    const auto [it, inserted] = index_.try_emplace(key, static_cast<uint32_t>(items_.size()));
    if (inserted || Same(items_[it->second]->statement.reduced, statement)) {
      return it->second;
    }
  }
}

uint32_t DistinctStatements::Add(const ReducedStatement &statement) {
  const uint64_t hash = HashOf(statement);
  const uint32_t index = index_.Find(hash, statement);
  if (index == index_.items().size()) {
    index_.Append(MakeItem(statement, hash));
  }
  return index;
}

template <typename T, typename Memory>
static llvm::ArrayRef<T> Copy(llvm::ArrayRef<T> values, Memory &memory) {
  T *copy = memory.template Allocate<T>(values.size());
  if (!values.empty()) {
    std::memcpy(copy, values.data(), values.size() * sizeof(T));
  }
  return {copy, values.size()};
}

template <typename Memory> static llvm::StringRef Copy(llvm::StringRef text, Memory &memory) {
  const llvm::ArrayRef<char> copy = Copy(llvm::ArrayRef(text.data(), text.size()), memory);
  return {copy.data(), copy.size()};
}

const StatementIndex::Item &DistinctStatements::MakeItem(const ReducedStatement &statement,
                                                         uint64_t hash) {
  MakeShape(statement.text, shape_);
  const llvm::StringRef shape = shape_.text;
  const uint64_t shape_hash = llvm::xxh3_64bits(shape);
  const auto [known, inserted] = shapes_.try_emplace(shape_hash >> 2);
  if (inserted) {
    known->second = Copy(shape, memory_);
  }
  shards_[shape_hash % kShards].push_back(static_cast<uint32_t>(items().size()));
  // The text stands right behind the item: whoever looks for an equal one looks at both.
  auto *item = new (memory_.Allocate<StatementIndex::Item>()) StatementIndex::Item;
  const llvm::StringRef text = Copy(statement.text, memory_);
  item->hash = hash;
  item->statement = {.reduced = statement,
                     .shape = known->second == shape ? known->second : Copy(shape, memory_),
                     .tokens = Copy(llvm::ArrayRef(shape_.tokens), memory_),
                     .folds = Copy(llvm::ArrayRef(shape_.folds), memory_)};
  item->statement.reduced.text = text;
  return *item;
}

static void ParseShard(llvm::ArrayRef<DistinctStatements> sets, uint32_t number,
                       ParsedShards &result) {
  StatementIndex distinct;
  for (size_t s = 0; s < sets.size(); ++s) {
    for (const uint32_t i : sets[s].InShard(number)) {
      const StatementIndex::Item &item = *sets[s].items()[i];
      const uint32_t index = distinct.Find(item.hash, item.statement.reduced);
      if (index == distinct.items().size()) {
        distinct.Append(item);
      }
      result.places[s][i] = {.shard = number, .index = index};
    }
  }
  std::vector<const ShapedStatement *> statements;
  statements.reserve(distinct.items().size());
  for (const StatementIndex::Item *item : distinct.items()) {
    statements.push_back(&item->statement);
  }
  if (!statements.empty()) {
    Shard &shard = result.shards[number];
    StatementParser parser(shard.syntax, shard.names);
    parser.Parse(statements, shard.parsed);
  }
}

ParsedShards ParseShards(llvm::ArrayRef<DistinctStatements> sets, unsigned jobs) {
  ParsedShards result;
  result.shards.resize(kShards);
  result.places.resize(sets.size());
  for (size_t s = 0; s < sets.size(); ++s) {
    result.places[s].resize(sets[s].items().size());
  }
  ParallelFor(kShards, jobs, 1,
              [&](size_t number) { ParseShard(sets, static_cast<uint32_t>(number), result); });
  return result;
}

} // namespace pydefrag
