// See statement_memo.h.
#include "scan/syntax/statement_memo.h"

#include "base/parallel.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/xxhash.h"

#include <cstring>
#include <memory>

namespace pydefrag {

// How many statements ahead their items are fetched: a look at the memory takes that long.
static constexpr size_t kFetchAhead = 8;

// So many are parsed before other threads have started.
static constexpr size_t kFewStatements = 256;

// Of most items, with the texts and tokens behind them.
static constexpr size_t kItemBytes = 192;

static void FetchForReading(const void *at, size_t bytes) {
  for (size_t i = 0; i < bytes; i += 64) {
    __builtin_prefetch(static_cast<const char *>(at) + i);
  }
}

static uint64_t HashOf(const ReducedStatement &statement) {
  // The same text may stand for two statements: `pass` under a header, a header's own `x = ""`.
  const uint64_t kind = static_cast<uint64_t>(statement.kind) * 2 + (statement.reduced ? 1 : 0);
  return llvm::xxh3_64bits(statement.text) + kind * 0x9e3779b97f4a7c15u;
}

static bool Same(const ReducedStatement &a, const ReducedStatement &b) {
  return a.text == b.text && a.kind == b.kind && a.reduced == b.reduced && a.head == b.head;
}

static constexpr size_t kFirstSlots = 64;

StatementIndex::StatementIndex() : slots_(kFirstSlots), mask_(kFirstSlots - 1) {}

uint32_t StatementIndex::Find(uint64_t hash, const ReducedStatement &statement) const {
  for (uint64_t at = hash;; ++at) {
    const Slot &slot = slots_[at & mask_];
    if (slot.item == nullptr) {
      return static_cast<uint32_t>(items_.size());
    }
    if (slot.hash == static_cast<uint32_t>(hash) && Same(slot.item->statement.reduced, statement)) {
      return slot.index;
    }
  }
}

void StatementIndex::FetchItem(uint64_t hash) const {
  const Slot &slot = slots_[hash & mask_];
  if (slot.hash == static_cast<uint32_t>(hash)) {
    FetchForReading(slot.item, kItemBytes);
  }
}

void StatementIndex::Put(Slot slot) {
  uint64_t at = slot.hash;
  while (slots_[at & mask_].item != nullptr) {
    ++at;
  }
  slots_[at & mask_] = slot;
}

void StatementIndex::SetSlots(size_t count) {
  const std::vector<Slot> old = std::move(slots_);
  slots_.assign(count, Slot());
  mask_ = count - 1;
  for (const Slot &slot : old) {
    if (slot.item != nullptr) {
      Put(slot);
    }
  }
}

void StatementIndex::Reserve(size_t count) {
  items_.reserve(count);
  if (count * 4 >= slots_.size() * 3) {
    SetSlots(llvm::bit_ceil(count * 4 / 3 + 1));
  }
}

void StatementIndex::Append(const Item &item) {
  if (items_.size() * 4 >= slots_.size() * 3) {
    SetSlots(slots_.size() * 2);
  }
  Put({.item = &item,
       .hash = static_cast<uint32_t>(item.hash),
       .index = static_cast<uint32_t>(items_.size())});
  items_.push_back(&item);
}

uint32_t DistinctStatements::AddHashed(const ReducedStatement &statement, uint64_t hash) {
  const uint32_t index = index_.Find(hash, statement);
  if (index == index_.items().size()) {
    index_.Append(MakeItem(statement, hash));
  }
  return index;
}

uint32_t DistinctStatements::Add(const ReducedStatement &statement) {
  return AddHashed(statement, HashOf(statement));
}

void DistinctStatements::AddAll(llvm::ArrayRef<ReducedStatement> statements,
                                std::vector<uint32_t> &indices) {
  hashes_.clear();
  for (const ReducedStatement &statement : statements) {
    hashes_.push_back(HashOf(statement));
    index_.FetchSlot(hashes_.back());
  }
  indices.clear();
  for (size_t i = 0; i < statements.size(); ++i) {
    if (i + kFetchAhead < statements.size()) {
      index_.FetchItem(hashes_[i + kFetchAhead]);
    }
    indices.push_back(AddHashed(statements[i], hashes_[i]));
  }
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

namespace {

// A shard in work.
struct ShardWork {
  explicit ShardWork(Shard &shard) : parser(shard.syntax, shard.names) {}
  std::vector<const ShapedStatement *> statements; // distinct ones
  StatementParser parser;
};

} // namespace

static void CollectShard(llvm::ArrayRef<DistinctStatements> sets, uint32_t number,
                         ParsedShards &result, ShardWork &work) {
  StatementIndex distinct;
  size_t count = 0;
  for (const DistinctStatements &set : sets) {
    count += set.InShard(number).size();
  }
  distinct.Reserve(count);
  for (size_t s = 0; s < sets.size(); ++s) {
    const llvm::ArrayRef<const StatementIndex::Item *> items = sets[s].items();
    const llvm::ArrayRef<uint32_t> in_shard = sets[s].InShard(number);
    for (size_t n = 0; n < in_shard.size(); ++n) {
      if (n + kFetchAhead < in_shard.size()) { // all of it: the parser comes next
        FetchForReading(items[in_shard[n + kFetchAhead]], kItemBytes);
      }
      const uint32_t i = in_shard[n];
      const StatementIndex::Item &item = *items[i];
      const uint32_t index = distinct.Find(item.hash, item.statement.reduced);
      if (index == distinct.items().size()) {
        distinct.Append(item);
      }
      result.places[s][i] = {.index = index, .shard = static_cast<uint8_t>(number)};
    }
  }
  work.statements.reserve(distinct.items().size());
  for (const StatementIndex::Item *item : distinct.items()) {
    work.statements.push_back(&item->statement);
  }
  work.parser.Collect(work.statements);
}

static void MakeShard(llvm::ArrayRef<DistinctStatements> sets, uint32_t number,
                      ParsedShards &result, ShardWork &work) {
  Shard &shard = result.shards[number];
  work.parser.Make(work.statements, shard.parsed);
  for (size_t s = 0; s < sets.size(); ++s) {
    for (const uint32_t i : sets[s].InShard(number)) {
      ShardPlace &place = result.places[s][i];
      place.outcome = shard.parsed[place.index].outcome;
    }
  }
}

ParsedShards ParseShards(llvm::ArrayRef<DistinctStatements> sets, unsigned jobs) {
  ParsedShards result;
  result.shards.resize(kShards);
  result.places.resize(sets.size());
  size_t count = 0;
  for (size_t s = 0; s < sets.size(); ++s) {
    result.places[s].resize(sets[s].items().size());
    count += sets[s].items().size();
  }
  jobs = count < kFewStatements ? 1 : jobs;
  std::vector<std::unique_ptr<ShardWork>> work;
  std::vector<ShapeTrees *> shapes;
  for (Shard &shard : result.shards) {
    work.push_back(std::make_unique<ShardWork>(shard));
    shapes.push_back(&work.back()->parser.shapes());
  }
  ParallelFor(kShards, jobs, 1, [&](size_t number) {
    CollectShard(sets, static_cast<uint32_t>(number), result, *work[number]);
  });
  const std::vector<ShapeParser> pieces = ParsePieces(shapes, jobs);
  ParallelFor(kShards, jobs, 1, [&](size_t number) {
    MakeShard(sets, static_cast<uint32_t>(number), result, *work[number]);
    work[number].reset();
  });
  return result;
}

} // namespace pydefrag
