// Phase 3 of the scan: the threads' tables -> those of the whole scan. Entry point: Merger.
//
// Names and statements get their ids by first occurrence in file order, whatever thread met them
// first. Giving the ids is serial: beside the statements', equal names of different tables are
// found; the expressions are copied in parallel behind both.
#pragma once

#include "scan/syntax/statement_memo.h"

#include "llvm/ADT/ArrayRef.h"

#include <atomic>
#include <cstdint>
#include <vector>

namespace pydefrag {

class Merger {
public:
  // `rounds` must outlive the merger. Adds to `names` and `syntax`.
  Merger(llvm::ArrayRef<const ParsedShards *> rounds, unsigned jobs, NameTable &names,
         SyntaxTable &syntax);

  // The id that a statement of a round has from Finish on. Called in file order.
  StatementId Take(size_t round, ShardPlace place) {
    StatementId &id = ids_[round * kShards + place.shard][place.index];
    return id.valid() ? id : id = Add(round * kShards + place.shard, place.index);
  }
  // Fetches into the cache what Take will read.
  void Fetch(size_t round, ShardPlace place) const {
    __builtin_prefetch(&ids_[round * kShards + place.shard][place.index]);
  }

  // Finds out which names of different shards are equal, on so many threads. Has nothing to do with
  // what is taken, and may run beside it.
  void CompareNames(unsigned jobs);
  // Fills the tables with what was taken, after CompareNames.
  void Finish();

private:
  struct Taken {
    uint32_t shard = 0;
    uint32_t exprs_begin = 0; // in the shard
    uint32_t exprs_count = 0;
    StatementId statement; // in the shard
    ExprId exprs_target;   // in the whole scan
  };
  // The names of all shards, numbered on, one shard after the other. What is read at random has a
  // list of its own, which fits into the caches.
  struct LocalNames {
    std::vector<llvm::StringRef> texts;
    std::vector<uint32_t> hashes;
    std::vector<uint32_t> same; // the number of the first one with this text
    std::vector<NameId> ids;    // of that one: in the whole scan
  };

  // A hash table with open addressing: hashes, and numbers of names plus one; 0 is free.
  struct NameSlot {
    uint32_t hash = 0;
    uint32_t number = 0;
  };
  using NameSlots = std::vector<NameSlot>;

  StatementId Add(size_t shard, uint32_t index);
  void CollectNames(unsigned jobs);
  void FindEqualNames(uint32_t part, uint32_t parts, NameSlots &slots);
  void NameInOrder();
  void NameOnce(uint32_t shard, NameId local);
  size_t FirstOf(uint32_t shard, NameId local) const;
  NameId Final(uint32_t shard, NameId local) const;
  void Copy(const Taken &taken, StatementId target);

  unsigned jobs_;
  NameTable &names_;
  SyntaxTable &syntax_;
  std::vector<const Shard *> shards_;         // of all rounds
  std::vector<std::vector<StatementId>> ids_; // by shard and index; invalid: not yet taken
  std::vector<Taken> taken_;                  // by id, from the first new one on
  size_t exprs_end_ = 0;
  LocalNames local_names_;
  std::vector<uint32_t> first_name_; // number of each shard's first one
  std::atomic<size_t> different_names_{0};
};

} // namespace pydefrag
