// ScanFiles: see scan.h. The phases in order, and the serial merge at their end: names and
// statements get their ids by first occurrence in file order, whatever thread met them first.
#include "scan/scan.h"

#include "base/parallel.h"
#include "scan/scan_group.h"
#include "scan/statement_memo.h"

#include <algorithm>
#include <atomic>

namespace pydefrag {

// Few enough to share the work evenly.
static constexpr size_t kFilesPerGroup = 32;
// How many statements ahead the merge fetches what it will read.
static constexpr size_t kFetchAhead = 6;

namespace {

// Phases 1 and 2 over a list of files.
struct Round {
  std::vector<Group> groups;
  std::vector<DistinctStatements> statements; // of each thread
  ParsedShards parsed;

  FileScan &File(size_t index) {
    return groups[index / kFilesPerGroup].files[index % kFilesPerGroup];
  }
  ShardPlace PlaceOf(size_t file, StatementId statement) const {
    const unsigned worker = groups[file / kFilesPerGroup].worker;
    return parsed.places[worker][static_cast<size_t>(statement.index)];
  }
};

} // namespace

static Round RunRound(const Disk &disk, llvm::ArrayRef<std::string> paths,
                      const ScanOptions &options, Route route) {
  Round round;
  round.groups.resize((paths.size() + kFilesPerGroup - 1) / kFilesPerGroup);
  round.statements.resize(EffectiveJobs(options.jobs));
  std::vector<FileScanner> scanners;
  scanners.reserve(round.statements.size());
  for (DistinctStatements &statements : round.statements) {
    scanners.emplace_back(disk, options, route, statements);
  }
  std::atomic<size_t> done{0};
  ParallelForWorkers(round.groups.size(), options.jobs, 1, [&](unsigned worker, size_t g) {
    Group &group = round.groups[g];
    const llvm::ArrayRef<std::string> mine =
        paths.drop_front(g * kFilesPerGroup).take_front(kFilesPerGroup);
    group.worker = worker;
    group.files.resize(mine.size());
    for (size_t i = 0; i < mine.size(); ++i) {
      scanners[worker].Scan(mine[i], group.files[i]);
    }
    const size_t finished = done.fetch_add(mine.size()) + mine.size();
    if (options.progress != nullptr && route == Route::Lines) {
      (*options.progress)(finished, paths.size());
    }
  });
  round.parsed = ParseShards(round.statements, options.jobs);
  round.statements.clear(); // the merge fills the memory that their texts took
  return round;
}

namespace {

// Copies statements from shards into the tables of the whole scan.
class Merger {
public:
  Merger(const Round &round, Scanned &scanned) : round_(round), scanned_(scanned) {
    size_t statements = 0;
    size_t exprs = 0;
    for (const Shard &shard : round.parsed.shards) {
      statements_.emplace_back(shard.parsed.size());
      names_.emplace_back(shard.names.size());
      statements += shard.syntax.statements.size();
      exprs += shard.syntax.exprs.size();
    }
    if (scanned.facts.empty()) { // what is added later, in small pieces, must not copy it all
      scanned.syntax.statements.reserve(statements);
      scanned.syntax.exprs.reserve(exprs);
    }
  }

  // Fetch into the cache what Take will read: first where the statement's facts are, a little later
  // the facts.
  void FetchIndex(ShardPlace place) const {
    __builtin_prefetch(&statements_[place.shard][place.index]);
    __builtin_prefetch(&round_.parsed.shards[place.shard].parsed[place.index]);
  }
  void FetchFacts(ShardPlace place) const {
    if (!statements_[place.shard][place.index].valid()) {
      const Shard &shard = round_.parsed.shards[place.shard];
      const ParsedStatement &parsed = shard.parsed[place.index];
      __builtin_prefetch(
          &shard.syntax.statements.raw()[static_cast<size_t>(parsed.statement.index)]);
      const Expr *exprs = shard.syntax.exprs.raw().data() + parsed.exprs_begin.index;
      __builtin_prefetch(exprs);
      __builtin_prefetch(exprs + 2);
    }
  }

  StatementId Take(ShardPlace place) {
    StatementId &id = statements_[place.shard][place.index];
    if (!id.valid()) {
      id = Copy(place);
    }
    return id;
  }

private:
  NameId Name(uint32_t shard, NameId local) {
    if (!local.valid()) {
      return local;
    }
    NameId &id = names_[shard][static_cast<size_t>(local.index)];
    if (!id.valid()) {
      id = scanned_.names.Intern(round_.parsed.shards[shard].names.Text(local));
    }
    return id;
  }

  StatementId Copy(ShardPlace place) {
    const Shard &shard = round_.parsed.shards[place.shard];
    const ParsedStatement &parsed = shard.parsed[place.index];
    IdVector<ExprId, Expr> &exprs = scanned_.syntax.exprs;
    const int32_t shift = static_cast<int32_t>(exprs.size()) - parsed.exprs_begin.index;
    const auto moved = [shift](ExprId id) { return id.valid() ? ExprId(id.index + shift) : id; };
    Statement statement = shard.syntax.statements[parsed.statement];
    statement.text = Name(place.shard, statement.text);
    statement.first = moved(statement.first);
    statement.bases = moved(statement.bases);
    for (int32_t i = parsed.exprs_begin.index; i < parsed.exprs_end.index; ++i) {
      Expr expr = shard.syntax.exprs[ExprId(i)];
      expr.text = Name(place.shard, expr.text);
      expr.child = moved(expr.child);
      expr.next = moved(expr.next);
      exprs.push_back(expr);
    }
    return scanned_.syntax.statements.push_back(statement);
  }

  const Round &round_;
  Scanned &scanned_;
  std::vector<std::vector<StatementId>> statements_; // by shard and index; invalid: not yet taken
  std::vector<std::vector<NameId>> names_;
};

} // namespace

// The first statement of the file with this outcome; -1 when there is none.
static int64_t FirstWith(const Round &round, size_t index, const ModuleFacts &facts,
                         StatementOutcome outcome) {
  for (size_t i = 0; i < facts.statements.size(); ++i) {
    if (round.PlaceOf(index, facts.statements[i].statement).outcome == outcome) {
      return static_cast<int64_t>(i);
    }
  }
  return -1;
}

// Python 2 in a statement that tree-sitter takes: CPython rejects the file.
static void RejectPython2(const Round &round, size_t index, ModuleFacts &facts) {
  const int64_t first = FirstWith(round, index, facts, StatementOutcome::Python2);
  if (first < 0) {
    return;
  }
  const uint32_t at = facts.statements[static_cast<size_t>(first)].head;
  facts.state = FileState::SyntaxError;
  facts.python2 = true;
  facts.error_span = {.begin = at, .end = at + 1};
  facts.error_message = "this statement is Python 2 syntax";
  facts.statements.clear();
}

// A statement that does not parse sends its file through a whole-file parse. When that has no error
// its facts stand; else what the lines gave stays, and the file is called uncertain.
static std::vector<size_t> FilesToRetry(Round &round, llvm::ArrayRef<std::string> paths) {
  std::vector<size_t> retry;
  for (size_t i = 0; i < paths.size(); ++i) {
    FileScan &file = round.File(i);
    RejectPython2(round, i, file.facts);
    const int64_t first = FirstWith(round, i, file.facts, StatementOutcome::NotUnderstood);
    if (first < 0 || file.facts.state != FileState::Parsed) {
      continue;
    }
    file.facts.state = FileState::Uncertain;
    file.problem =
        UncertainProblem(paths[i], file.facts.statements[static_cast<size_t>(first)].line,
                         "this statement is not understood");
    if (!file.facts.whole_file_route) {
      retry.push_back(i);
    }
  }
  return retry;
}

static void Append(const Round &round, size_t index, FileScan &file, Merger &merger,
                   Scanned &scanned) {
  std::vector<PlacedStatement> &statements = file.facts.statements;
  for (size_t i = 0; i < statements.size(); ++i) {
    if (i + 2 * kFetchAhead < statements.size()) {
      merger.FetchIndex(round.PlaceOf(index, statements[i + 2 * kFetchAhead].statement));
    }
    if (i + kFetchAhead < statements.size()) {
      merger.FetchFacts(round.PlaceOf(index, statements[i + kFetchAhead].statement));
    }
    statements[i].statement = merger.Take(round.PlaceOf(index, statements[i].statement));
  }
  if (file.problem) {
    scanned.problems.push_back(std::move(*file.problem));
  }
  scanned.facts.push_back(std::move(file.facts));
}

void ScanFiles(const Disk &disk, llvm::ArrayRef<std::string> paths, const ScanOptions &options,
               Scanned &scanned) {
  Round round = RunRound(disk, paths, options, Route::Lines);
  const std::vector<size_t> retry = FilesToRetry(round, paths);
  std::vector<std::string> retried_paths;
  for (size_t index : retry) {
    retried_paths.push_back(paths[index]);
  }
  Round second = RunRound(disk, retried_paths, options, Route::WholeFile);
  FilesToRetry(second, retried_paths);

  Merger merger(round, scanned);
  Merger second_merger(second, scanned);
  size_t next_retry = 0;
  for (size_t i = 0; i < paths.size(); ++i) {
    scanned.paths.push_back(paths[i]);
    const bool retried = next_retry < retry.size() && retry[next_retry] == i;
    FileScan *again = retried ? &second.File(next_retry) : nullptr;
    if (again != nullptr && again->facts.state != FileState::Uncertain) {
      Append(second, next_retry, *again, second_merger, scanned);
    } else {
      Append(round, i, round.File(i), merger, scanned);
    }
    next_retry += retried ? 1 : 0;
  }
  std::stable_sort(scanned.problems.begin(), scanned.problems.end(),
                   [](const Problem &a, const Problem &b) { return a.path < b.path; });
}

} // namespace pydefrag
