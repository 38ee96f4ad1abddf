// See merge.h.
#include "scan/merge.h"

#include "base/parallel.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"

#include <algorithm>

namespace pydefrag {

// How many statements ahead their expressions are fetched into the cache.
static constexpr size_t kFetchAhead = 8;
static constexpr size_t kStatementsAtOnce = 2048;

Merger::Merger(llvm::ArrayRef<const ParsedShards *> rounds, unsigned jobs, NameTable &names,
               SyntaxTable &syntax)
    : jobs_(jobs), names_(names), syntax_(syntax), exprs_end_(syntax.exprs.size()) {
  size_t statements = 0;
  for (const ParsedShards *round : rounds) {
    for (const Shard &shard : round->shards) {
      shards_.push_back(&shard);
      ids_.emplace_back(shard.parsed.size());
      statements += shard.parsed.size();
    }
  }
  taken_.reserve(statements);
}

StatementId Merger::Add(size_t shard, uint32_t index) {
  const ParsedStatement &parsed = shards_[shard]->parsed[index];
  const auto count = static_cast<uint32_t>(parsed.exprs_end.index - parsed.exprs_begin.index);
  taken_.push_back({.shard = static_cast<uint32_t>(shard),
                    .exprs_begin = static_cast<uint32_t>(parsed.exprs_begin.index),
                    .exprs_count = count,
                    .statement = parsed.statement,
                    .exprs_target = ExprId(exprs_end_)});
  exprs_end_ += count;
  return StatementId(syntax_.statements.size() + taken_.size() - 1);
}

void Merger::Finish() {
  const size_t begin = syntax_.statements.size();
  ParallelFor(2, jobs_, 1, [&](size_t task) { // which have nothing to do with each other
    if (task == 0) {
      NameInOrder();
    } else {
      syntax_.statements.resize(begin + taken_.size());
      syntax_.exprs.resize(exprs_end_);
    }
  });
  ParallelFor((taken_.size() + kStatementsAtOnce - 1) / kStatementsAtOnce, jobs_, 1,
              [&](size_t group) {
                const size_t end = std::min(taken_.size(), (group + 1) * kStatementsAtOnce);
                for (size_t i = group * kStatementsAtOnce; i < end; ++i) {
                  Copy(taken_[i], StatementId(begin + i));
                }
              });
}

void Merger::CollectNames(unsigned jobs) {
  uint32_t count = 0;
  for (const Shard *shard : shards_) {
    first_name_.push_back(count);
    count += static_cast<uint32_t>(shard->names.size());
  }
  local_names_.texts.resize(count);
  local_names_.hashes.resize(count);
  local_names_.same.resize(count);
  local_names_.ids.resize(count);
  ParallelFor(shards_.size(), jobs, 1, [&](size_t shard) {
    const NameTable &names = shards_[shard]->names;
    for (size_t i = 0; i < names.size(); ++i) {
      const llvm::StringRef text = names.Text(NameId(i));
      local_names_.texts[first_name_[shard] + i] = text;
      local_names_.hashes[first_name_[shard] + i] = NameTable::HashOf(text);
    }
  });
}

// Names are compared within parts of their hashes, so that threads do not wait for each other.
void Merger::CompareNames(unsigned jobs) {
  CollectNames(jobs);
  const uint32_t parts = llvm::bit_ceil(jobs);
  std::vector<NameSlots> slots(jobs);
  ParallelForWorkers(parts, jobs, 1, [&](unsigned worker, size_t part) {
    FindEqualNames(static_cast<uint32_t>(part), parts, slots[worker]);
  });
}

void Merger::FindEqualNames(uint32_t part, uint32_t parts, NameSlots &slots) {
  const std::vector<llvm::StringRef> &texts = local_names_.texts;
  // The upper half: the lower bits are for the slots.
  const auto in_part = [&](uint32_t hash) { return (hash >> 16 & (parts - 1)) == part; };
  const auto count = static_cast<size_t>(llvm::count_if(local_names_.hashes, in_part));
  slots.assign(llvm::bit_ceil(count * 2 + 1), NameSlot());
  size_t different = 0;
  for (uint32_t i = 0; i < texts.size(); ++i) {
    const uint32_t hash = local_names_.hashes[i];
    if (!in_part(hash)) {
      continue;
    }
    size_t at = hash & (slots.size() - 1);
    while (slots[at].number != 0 &&
           (slots[at].hash != hash || texts[slots[at].number - 1] != texts[i])) {
      at = (at + 1) & (slots.size() - 1);
    }
    if (slots[at].number == 0) {
      slots[at] = {.hash = hash, .number = i + 1};
      ++different;
    }
    local_names_.same[i] = slots[at].number - 1;
  }
  different_names_ += different;
}

void Merger::NameInOrder() {
  if (names_.size() == 0) { // what is added later, in small pieces, must not copy it all
    names_.Reserve(different_names_);
  }
  for (size_t i = 0; i < taken_.size(); ++i) {
    if (i + kFetchAhead < taken_.size()) {
      const Taken &ahead = taken_[i + kFetchAhead];
      const SyntaxTable &syntax = shards_[ahead.shard]->syntax;
      __builtin_prefetch(&syntax.statements.raw()[static_cast<size_t>(ahead.statement.index)]);
      __builtin_prefetch(syntax.exprs.raw().data() + ahead.exprs_begin);
      __builtin_prefetch(syntax.exprs.raw().data() + ahead.exprs_begin +
                         std::min<size_t>(2, ahead.exprs_count));
    }
    const Taken &taken = taken_[i];
    const SyntaxTable &syntax = shards_[taken.shard]->syntax;
    NameOnce(taken.shard, syntax.statements[taken.statement].text);
    const Expr *expr = syntax.exprs.raw().data() + taken.exprs_begin;
    for (const Expr *end = expr + taken.exprs_count; expr != end; ++expr) {
      NameOnce(taken.shard, expr->text);
    }
  }
}

size_t Merger::FirstOf(uint32_t shard, NameId local) const {
  return local_names_.same[first_name_[shard] + static_cast<size_t>(local.index)];
}

void Merger::NameOnce(uint32_t shard, NameId local) {
  if (local.valid()) {
    const size_t first = FirstOf(shard, local);
    if (!local_names_.ids[first].valid()) {
      local_names_.ids[first] =
          names_.Intern(local_names_.texts[first], local_names_.hashes[first]);
    }
  }
}

NameId Merger::Final(uint32_t shard, NameId local) const {
  return local.valid() ? local_names_.ids[FirstOf(shard, local)] : local;
}

void Merger::Copy(const Taken &taken, StatementId target) {
  const SyntaxTable &from = shards_[taken.shard]->syntax;
  const int32_t shift = taken.exprs_target.index - static_cast<int32_t>(taken.exprs_begin);
  const auto moved = [shift](ExprId id) { return id.valid() ? ExprId(id.index + shift) : id; };
  Statement statement = from.statements[taken.statement];
  statement.text = Final(taken.shard, statement.text);
  statement.first = moved(statement.first);
  statement.bases = moved(statement.bases);
  syntax_.statements[target] = statement;
  const Expr *source = from.exprs.raw().data() + taken.exprs_begin;
  Expr *copy = syntax_.exprs.raw().data() + taken.exprs_target.index;
  for (uint32_t i = 0; i < taken.exprs_count; ++i) {
    copy[i] = source[i];
    copy[i].text = Final(taken.shard, source[i].text);
    copy[i].child = moved(source[i].child);
    copy[i].next = moved(source[i].next);
  }
}

} // namespace pydefrag
