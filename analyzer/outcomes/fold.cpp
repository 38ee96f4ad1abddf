// A stable sort by id brings the events of one test together in their order; no table of ids is
// kept, so that memory stays one entry per event. O(n log n).
#include "outcomes/fold.h"

#include "source/paths.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace pydefrag {
namespace {

int Rank(TestOutcome outcome) {
  switch (outcome) {
  case TestOutcome::NotRun:
    return 0;
  case TestOutcome::Passed:
    return 1;
  case TestOutcome::Skipped:
    return 2;
  case TestOutcome::XFailed:
    return 3;
  case TestOutcome::XPassed:
    return 4;
  case TestOutcome::XPassedStrict:
    return 5;
  case TestOutcome::Error:
    return 6;
  case TestOutcome::Failed:
    return 7;
  }
  return 0;
}

bool SameError(const PhaseError &a, const PhaseError &b) {
  return a.phase == b.phase && a.rerun == b.rerun && a.subtest == b.subtest && a.chain == b.chain;
}

// pytest 9 ends a test that had failing subtests with this text of its own.
bool IsSubtestSum(const PhaseError &error) {
  if (error.chain.segments.size() != 1) {
    return false;
  }
  const ErrorSegment &only = error.chain.segments.front();
  const llvm::StringRef message = only.message;
  return only.frames.empty() && message.starts_with("contains ") &&
         (message.ends_with(" failed subtest") || message.ends_with(" failed subtests"));
}

void AddSeconds(TestCase &into, const TestCase &from) {
  if (from.seconds >= 0) {
    into.seconds = into.seconds < 0 ? from.seconds : into.seconds + from.seconds;
  }
}

class Folder {
public:
  explicit Folder(TestResults events) : events_(std::move(events)) {}

  TestResults Run() {
    std::vector<uint32_t> order(events_.tests.size());
    for (uint32_t i = 0; i < order.size(); ++i) {
      order[i] = i;
    }
    std::stable_sort(order.begin(), order.end(), [this](uint32_t a, uint32_t b) {
      return events_.tests[a].id < events_.tests[b].id;
    });
    std::vector<TestCase> folded;
    folded.reserve(order.size());
    for (size_t i = 0; i < order.size();) {
      size_t end = i + 1;
      while (end < order.size() && events_.tests[order[end]].id == events_.tests[order[i]].id) {
        ++end;
      }
      folded.push_back(FoldOne(llvm::ArrayRef(order).slice(i, end - i)));
      i = end;
    }
    folded.shrink_to_fit();
    events_.tests = std::move(folded);
    events_.details = std::move(details_);
    llvm::sort(events_.inventory);
    events_.inventory.erase(std::unique(events_.inventory.begin(), events_.inventory.end()),
                            events_.inventory.end());
    return std::move(events_);
  }

private:
  TestCase FoldOne(llvm::ArrayRef<uint32_t> places) {
    TestCase result = std::move(events_.tests[places.front()]);
    TestDetail detail = TakeDetail(result);
    uint32_t reruns = result.reruns;
    for (uint32_t place : places.drop_front()) {
      TestCase &event = events_.tests[place];
      AddErrors(detail, TakeDetail(event));
      AddSeconds(result, event);
      reruns += event.reruns;
      result.crashed |= event.crashed;
      if (Outranks(event.outcome, result.outcome)) {
        result.outcome = event.outcome;
        result.phase = event.phase;
      }
    }
    result.reruns =
        static_cast<uint8_t>(std::min<uint32_t>(reruns, std::numeric_limits<uint8_t>::max()));
    if (detail.errors.size() > 1) {
      llvm::erase_if(detail.errors, IsSubtestSum);
    }
    llvm::stable_sort(detail.errors,
                      [](const PhaseError &a, const PhaseError &b) { return a.phase < b.phase; });
    if (!detail.errors.empty() || !detail.reason.empty()) {
      result.detail = details_.push_back(std::move(detail));
    }
    return result;
  }

  TestDetail TakeDetail(TestCase &test) {
    if (!test.detail.valid()) {
      return {};
    }
    TestDetail detail = std::move(events_.details[test.detail]);
    test.detail = TestDetailId();
    return detail;
  }

  TestResults events_;
  IdVector<TestDetailId, TestDetail> details_;
};

} // namespace

bool Outranks(TestOutcome a, TestOutcome b) {
  return Rank(a) > Rank(b);
}

void AddErrors(TestDetail &into, TestDetail from) {
  if (into.reason.empty()) {
    into.reason = std::move(from.reason);
  }
  for (PhaseError &error : from.errors) {
    const bool known =
        llvm::any_of(into.errors, [&](const PhaseError &e) { return SameError(e, error); });
    if (!known) {
      into.errors.push_back(std::move(error));
    }
  }
}

bool StartsInConftest(const ErrorChain &chain) {
  for (const ErrorSegment &segment : chain.segments) {
    for (const Frame &frame : segment.frames) {
      if (frame.in_project) {
        return FileNameOf(frame.path) == "conftest.py";
      }
    }
  }
  return false;
}

void AddCollectionError(CollectionError error, TestResults &into) {
  const bool known = llvm::any_of(into.collection_errors, [&](const CollectionError &other) {
    return other.path == error.path && other.chain == error.chain;
  });
  if (!known) {
    into.collection_errors.push_back(std::move(error));
  }
}

void AddSkippedModule(const ResolvedId &id, std::string reason, TestResults &into) {
  TestCase test;
  test.id = id.id;
  test.resolved = id.resolved;
  test.outcome = TestOutcome::Skipped;
  test.phase = TestPhase::Collect;
  into.DetailOf(test).reason = std::move(reason);
  into.tests.push_back(std::move(test));
}

void AddUncollected(const ResolvedId &id, ErrorChain chain, TestResults &into) {
  CollectionError error;
  error.path = id.id;
  error.conftest = StartsInConftest(chain);
  error.chain = std::move(chain);
  AddCollectionError(std::move(error), into);
}

TestResults FoldTests(TestResults events) {
  return Folder(std::move(events)).Run();
}

} // namespace pydefrag
