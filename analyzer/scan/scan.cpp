// ScanFiles: see scan.h. The phases in order.
#include "scan/scan.h"

#include "base/parallel.h"
#include "scan/merge.h"
#include "scan/scan_group.h"
#include "scan/syntax/statement_memo.h"

#include <algorithm>
#include <atomic>

namespace pydefrag {

// Few enough to share the work evenly.
static constexpr size_t kFilesPerGroup = 32;
// Distinct ones that a file of a large project brings, rather too few.
static constexpr size_t kStatementsPerFile = 8;
// How many statements ahead the merge fetches what it will read.
static constexpr size_t kFetchAhead = 8;

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
    statements.Reserve(paths.size() * kStatementsPerFile / round.statements.size());
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

// The first statement of the file with an outcome that `is_meant`; -1 when there is none.
template <typename Predicate>
static int64_t FirstThat(const Round &round, size_t index, const ModuleFacts &facts,
                         Predicate is_meant) {
  for (size_t i = 0; i < facts.statements.size(); ++i) {
    if (is_meant(round.PlaceOf(index, facts.statements[i].statement).outcome)) {
      return static_cast<int64_t>(i);
    }
  }
  return -1;
}

// Nothing where CPython may take the statement.
static const char *WhyRejected(StatementOutcome outcome) {
  switch (outcome) {
  case StatementOutcome::Parsed:
  case StatementOutcome::NotUnderstood:
    return nullptr;
  case StatementOutcome::Python2:
    return "this statement is Python 2 syntax";
  case StatementOutcome::ImportComma:
    return "a comma behind the last name of an import, without parentheses";
  case StatementOutcome::ImportNothing:
    return "an import that names nothing";
  case StatementOutcome::ImportBad:
    return "an import that is not spelled as one";
  }
  return nullptr;
}

// What tree-sitter takes, or nobody else understands, and CPython rejects.
static void RejectStatements(const Round &round, size_t index, ModuleFacts &facts) {
  const int64_t first = FirstThat(round, index, facts, [&](StatementOutcome outcome) {
    return WhyRejected(outcome) != nullptr &&
           (outcome == StatementOutcome::Python2 || facts.state == FileState::Parsed);
  });
  if (first < 0) {
    return;
  }
  const PlacedStatement &statement = facts.statements[static_cast<size_t>(first)];
  const StatementOutcome outcome = round.PlaceOf(index, statement.statement).outcome;
  const uint32_t at = statement.head;
  facts.state = FileState::SyntaxError;
  facts.python2 = outcome == StatementOutcome::Python2;
  facts.error_span = {.begin = at, .end = at + 1};
  facts.error_message = WhyRejected(outcome);
  facts.statements.clear();
}

// A statement that does not parse sends its file through a whole-file parse. When that has no error
// its facts stand; else what the lines gave stays, and the file is called uncertain.
static std::vector<size_t> FilesToRetry(Round &round, llvm::ArrayRef<std::string> paths,
                                        unsigned jobs) {
  std::vector<int64_t> not_understood(paths.size());
  ParallelFor(paths.size(), jobs, kFilesPerGroup, [&](size_t i) {
    ModuleFacts &facts = round.File(i).facts;
    RejectStatements(round, i, facts);
    not_understood[i] = FirstThat(round, i, facts, [](StatementOutcome outcome) {
      return outcome != StatementOutcome::Parsed;
    });
  });
  std::vector<size_t> retry;
  for (size_t i = 0; i < paths.size(); ++i) {
    FileScan &file = round.File(i);
    const int64_t first = not_understood[i];
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

// Appends the facts of a file of `round`, which is the `number`th.
static void Append(Round &round, size_t number, size_t index, Merger &merger, Scanned &scanned) {
  FileScan &file = round.File(index);
  std::vector<PlacedStatement> &statements = file.facts.statements;
  for (size_t i = 0; i < statements.size(); ++i) {
    if (i + kFetchAhead < statements.size()) {
      merger.Fetch(number, round.PlaceOf(index, statements[i + kFetchAhead].statement));
    }
    statements[i].statement = merger.Take(number, round.PlaceOf(index, statements[i].statement));
  }
  if (file.problem) {
    scanned.problems.push_back(std::move(*file.problem));
  }
  scanned.facts.push_back(std::move(file.facts));
}

void ScanFiles(const Disk &disk, llvm::ArrayRef<std::string> paths, const ScanOptions &options,
               Scanned &scanned) {
  Round round = RunRound(disk, paths, options, Route::Lines);
  const std::vector<size_t> retry = FilesToRetry(round, paths, options.jobs);
  std::vector<std::string> retried_paths;
  for (size_t index : retry) {
    retried_paths.push_back(paths[index]);
  }
  Round second = RunRound(disk, retried_paths, options, Route::WholeFile);
  FilesToRetry(second, retried_paths, options.jobs);

  Merger merger({&round.parsed, &second.parsed}, options.jobs, scanned.names, scanned.syntax);
  if (scanned.facts.empty()) { // what is added later, in small pieces, must not copy it all
    scanned.paths.reserve(paths.size());
    scanned.facts.reserve(paths.size());
  }
  const auto append_all = [&] {
    size_t next_retry = 0;
    for (size_t i = 0; i < paths.size(); ++i) {
      scanned.paths.push_back(paths[i]);
      const bool retried = next_retry < retry.size() && retry[next_retry] == i;
      if (retried && second.File(next_retry).facts.state != FileState::Uncertain) {
        Append(second, 1, next_retry, merger, scanned);
      } else {
        Append(round, 0, i, merger, scanned);
      }
      next_retry += retried ? 1 : 0;
    }
  };
  const unsigned others = std::max(EffectiveJobs(options.jobs), 2u) - 1;
  ParallelFor(2, options.jobs, 1, [&](size_t task) {
    if (task == 0) {
      append_all();
    } else {
      merger.CompareNames(others);
    }
  });
  merger.Finish();
  std::stable_sort(scanned.problems.begin(), scanned.problems.end(),
                   [](const Problem &a, const Problem &b) { return a.path < b.path; });
}

} // namespace pydefrag
