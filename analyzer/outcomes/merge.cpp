// Tests of all reports are brought together by a stable sort of (id, report), reports in the order
// of what they know. Then each group is folded into its first member.
#include "outcomes/merge.h"

#include "outcomes/fold.h"
#include "outcomes/warnings.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <utility>

namespace pydefrag {
namespace {

// How much a detail tells: exceptions, then frames.
size_t Weight(const ErrorChain &chain) {
  size_t weight = 0;
  for (const ErrorSegment &segment : chain.segments) {
    weight += 100 + segment.frames.size() + (segment.type.empty() ? 0 : 20);
  }
  return weight;
}

size_t Weight(const TestDetail &detail) {
  size_t weight = 0;
  for (const PhaseError &error : detail.errors) {
    weight += Weight(error.chain) + (error.subtest.empty() ? 0 : 1);
  }
  return weight;
}

// Of two accounts of one event the one that says more: JUnit writes a test that passed unexpectedly
// as passed, the cache all failures as failed.
bool Refines(TestOutcome better, TestOutcome known) {
  switch (known) {
  case TestOutcome::NotRun:
    return better != TestOutcome::NotRun;
  case TestOutcome::Passed:
    return better == TestOutcome::XPassed;
  case TestOutcome::Skipped:
    return better == TestOutcome::XFailed;
  case TestOutcome::Failed:
    return better == TestOutcome::XPassedStrict;
  case TestOutcome::Error:
  case TestOutcome::XFailed:
  case TestOutcome::XPassed:
  case TestOutcome::XPassedStrict:
    return false;
  }
  return false;
}

bool Contradict(TestOutcome a, TestOutcome b) {
  return IsFailure(a) != IsFailure(b) && a != TestOutcome::NotRun && b != TestOutcome::NotRun;
}

struct Place {
  uint32_t run;
  uint32_t test;
};

class Merger {
public:
  explicit Merger(std::vector<TestRun> runs) : runs_(std::move(runs)) {
    for (uint32_t i = 0; i < runs_.size(); ++i) {
      order_.push_back(i);
      merged_.runs.push_back(runs_[i].info);
    }
    // What knows most first; of one kind the later run first.
    llvm::stable_sort(order_, [this](uint32_t a, uint32_t b) {
      const RunInfo &left = runs_[a].info;
      const RunInfo &right = runs_[b].info;
      if (left.kind != right.kind) {
        return left.kind > right.kind;
      }
      return left.started.value_or(0) > right.started.value_or(0);
    });
  }

  MergedRuns Run() {
    MergeTests();
    MergeCollectionErrors();
    MergeSessionErrors();
    MergeWarnings();
    MergeTallies();
    for (TestRun &run : runs_) {
      std::vector<std::string> &known = run.results.inventory;
      merged_.results.inventory.insert(merged_.results.inventory.end(), known.begin(), known.end());
      std::vector<Problem> &problems = run.results.problems;
      merged_.results.problems.insert(merged_.results.problems.end(), problems.begin(),
                                      problems.end());
    }
    std::vector<std::string> &inventory = merged_.results.inventory;
    llvm::sort(inventory);
    inventory.erase(std::unique(inventory.begin(), inventory.end()), inventory.end());
    AddContradictions();
    return std::move(merged_);
  }

private:
  const TestCase &At(Place place) const { return runs_[place.run].results.tests[place.test]; }
  SourceKind KindOf(Place place) const { return runs_[place.run].info.kind; }

  // A log's word that a whole file was skipped comes from a place, not from a test: better accounts
  // name what it was.
  bool IsHearsay(uint32_t run, const TestCase &test) const {
    const bool from_log = runs_[run].info.kind == SourceKind::TerminalLog &&
                          test.phase == TestPhase::Collect && test.outcome == TestOutcome::Skipped;
    return from_log && runs_[order_.front()].info.kind > SourceKind::Ctrf;
  }

  void MergeTests() {
    std::vector<Place> places;
    for (uint32_t run : order_) {
      const std::vector<TestCase> &tests = runs_[run].results.tests;
      for (uint32_t i = 0; i < tests.size(); ++i) {
        if (!IsHearsay(run, tests[i])) {
          places.push_back({run, i});
        }
      }
    }
    llvm::stable_sort(places, [this](Place a, Place b) { return At(a).id < At(b).id; });
    for (size_t i = 0; i < places.size();) {
      size_t end = i + 1;
      while (end < places.size() && At(places[end]).id == At(places[i]).id) {
        ++end;
      }
      MergeOne(llvm::ArrayRef(places).slice(i, end - i));
      i = end;
    }
  }

  void MergeOne(llvm::ArrayRef<Place> places) {
    TestCase result = At(places.front());
    result.detail = TestDetailId();
    TestDetail best = DetailAt(places.front());
    for (Place place : places.drop_front()) {
      const TestCase &other = At(place);
      // The cache remembers failures of earlier runs.
      if (KindOf(place) == SourceKind::PytestCache) {
        continue;
      }
      if (Contradict(other.outcome, result.outcome)) {
        Disagree(places.front(), place);
        continue;
      }
      if (Refines(other.outcome, result.outcome)) {
        result.outcome = other.outcome;
        result.phase = other.phase;
      }
      result.seconds = result.seconds < 0 ? other.seconds : result.seconds;
      result.reruns = std::max(result.reruns, other.reruns);
      result.crashed |= other.crashed;
      result.resolved |= other.resolved;
      TestDetail detail = DetailAt(place);
      std::string reason = best.reason.empty() ? detail.reason : best.reason;
      if (Weight(detail) > Weight(best)) {
        best = std::move(detail);
      }
      best.reason = std::move(reason);
    }
    if (result.outcome == TestOutcome::XPassedStrict) {
      // An account that did not see the mark took the reason for an error.
      best.errors.clear();
    }
    if (!best.errors.empty() || !best.reason.empty()) {
      merged_.results.DetailOf(result) = std::move(best);
    }
    merged_.results.tests.push_back(std::move(result));
  }

  TestDetail DetailAt(Place place) const {
    const TestCase &test = At(place);
    return test.detail.valid() ? runs_[place.run].results.details[test.detail] : TestDetail();
  }

  void Disagree(Place kept, Place other) {
    if (disagreements_ == 0) {
      kept_ = runs_[kept.run].info.path;
      other_ = runs_[other.run].info.path;
    }
    ++disagreements_;
  }

  void AddContradictions() {
    if (disagreements_ == 0) {
      return;
    }
    Problem problem;
    problem.kind = ProblemKind::Outcomes;
    problem.path = other_;
    problem.message =
        llvm::formatv("{0} tests have another outcome here than in {1}, which was believed; the "
                      "reports seem to come from different runs",
                      disagreements_, kept_)
            .str();
    merged_.results.problems.push_back(std::move(problem));
  }

  void MergeCollectionErrors() {
    llvm::StringMap<size_t> by_path;
    for (uint32_t run : order_) {
      for (CollectionError &error : runs_[run].results.collection_errors) {
        const bool only_remembered = runs_[run].info.kind == SourceKind::PytestCache;
        if (only_remembered && order_.front() != run) {
          continue;
        }
        std::vector<CollectionError> &known = merged_.results.collection_errors;
        auto [it, is_new] = by_path.try_emplace(error.path, known.size());
        if (is_new) {
          known.push_back(std::move(error));
        } else if (Weight(error.chain) > Weight(known[it->getValue()].chain)) {
          known[it->getValue()] = std::move(error);
        }
      }
    }
    llvm::stable_sort(
        merged_.results.collection_errors,
        [](const CollectionError &a, const CollectionError &b) { return a.path < b.path; });
  }

  void MergeSessionErrors() {
    for (uint32_t run : order_) {
      for (SessionError &error : runs_[run].results.session_errors) {
        const bool known =
            llvm::any_of(merged_.results.session_errors, [&](const SessionError &other) {
              return other.kind == error.kind && other.path == error.path &&
                     other.text == error.text;
            });
        if (!known) {
          merged_.results.session_errors.push_back(std::move(error));
        }
      }
    }
  }

  static bool NamesTests(const WarningRecord &warning) {
    return llvm::any_of(warning.locations, [](const std::string &location) {
      return llvm::StringRef(location).contains("::");
    });
  }

  // Several accounts of one run tell the same warnings: the one that names tests is kept. Reports
  // of one kind are different runs: theirs add up.
  void MergeWarnings() {
    std::vector<WarningRecord> merged;
    llvm::StringMap<size_t> places;
    for (size_t first = 0; first < order_.size();) {
      const SourceKind kind = runs_[order_[first]].info.kind;
      WarningTable table;
      for (; first < order_.size() && runs_[order_[first]].info.kind == kind; ++first) {
        for (WarningRecord &warning : runs_[order_[first]].results.warnings) {
          table.Add(std::move(warning));
        }
      }
      for (WarningRecord &warning : table.Take()) {
        const std::string key = llvm::formatv("{0}\n{1}\n{2}\n{3}", warning.category, warning.path,
                                              warning.line, warning.message)
                                    .str();
        auto [it, is_new] = places.try_emplace(key, merged.size());
        if (is_new) {
          merged.push_back(std::move(warning));
          continue;
        }
        WarningRecord &known = merged[it->getValue()];
        known.count = std::max(known.count, warning.count);
        const bool better = NamesTests(warning) && !NamesTests(known);
        if (known.locations.empty() || better) {
          known.locations = std::move(warning.locations);
        }
      }
    }
    merged_.results.warnings = std::move(merged);
  }

  // Letters of a progress line count only where no report names the file's tests one by one.
  void MergeTallies() {
    llvm::StringSet<> named;
    for (const TestRun &run : runs_) {
      if (run.info.kind != SourceKind::TerminalLog && run.info.kind != SourceKind::PytestCache) {
        for (const TestCase &test : run.results.tests) {
          named.insert(SplitTestId(test.id).file);
        }
      }
    }
    for (uint32_t run : order_) {
      for (FileTally &tally : runs_[run].results.tallies) {
        if (named.insert(tally.path).second) {
          merged_.results.tallies.push_back(std::move(tally));
        }
      }
    }
    llvm::sort(merged_.results.tallies,
               [](const FileTally &a, const FileTally &b) { return a.path < b.path; });
  }

  std::vector<TestRun> runs_;
  std::vector<uint32_t> order_;
  MergedRuns merged_;
  size_t disagreements_ = 0;
  std::string kept_;
  std::string other_;
};

} // namespace

MergedRuns MergeRuns(std::vector<TestRun> runs) {
  return Merger(std::move(runs)).Run();
}

std::vector<std::string> NeverRan(const TestResults &results) {
  std::vector<std::string> ids;
  for (const std::string &id : results.inventory) {
    const TestCase *test = results.Find(id);
    if (test == nullptr || test->outcome == TestOutcome::NotRun) {
      ids.push_back(id);
    }
  }
  return ids;
}

} // namespace pydefrag
