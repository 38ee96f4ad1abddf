#include "outcomes/plans/plan.h"

#include "outcomes/errors/python_errors.h"
#include "source/glob.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <utility>

namespace pydefrag {
namespace {

// `*` and `?` match anything, brackets are literal: parameters are free text.
bool MatchesWild(llvm::StringRef pattern, llvm::StringRef text) {
  size_t p = 0;
  size_t t = 0;
  size_t star = llvm::StringRef::npos;
  size_t retry = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != llvm::StringRef::npos) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  return pattern.drop_front(p).ltrim('*').empty();
}

// Places behind which "::" or "[" goes on: a function's pattern holds for its parameters, a class's
// for its methods.
bool MatchesBelow(llvm::StringRef pattern, llvm::StringRef names) {
  if (MatchesWild(pattern, names)) {
    return true;
  }
  const size_t bracket = names.find('[');
  for (size_t at = 0; at < names.size(); ++at) {
    const bool border = at == bracket || (at < bracket && names.substr(at).starts_with("::"));
    if (border && MatchesWild(pattern, names.take_front(at))) {
      return true;
    }
  }
  return false;
}

bool MatchesFile(llvm::StringRef pattern, llvm::StringRef file) {
  pattern = pattern.rtrim('/');
  return MatchGlob(pattern, file) || MatchGlob((pattern + "/**").str(), file);
}

// What happened to a test or to a file that could not be collected.
struct Seen {
  llvm::StringRef id;
  TestOutcome outcome = TestOutcome::NotRun;
  bool uncollected = false;
  std::vector<const ErrorChain *> chains;
};

Seen SeenOf(const TestResults &results, const TestCase &test) {
  Seen seen{test.id, test.outcome, false, {}};
  if (test.detail.valid()) {
    for (const PhaseError &error : results.details[test.detail].errors) {
      if (!error.rerun) {
        seen.chains.push_back(&error.chain);
      }
    }
  }
  return seen;
}

std::string HeadlineOf(const Seen &seen) {
  for (const ErrorChain *chain : seen.chains) {
    if (!chain->empty()) {
      const ErrorSegment &root = chain->segments.front();
      const llvm::StringRef line = llvm::StringRef(root.message).split('\n').first;
      return root.type + (line.empty() || root.type.empty() ? "" : ": ") + line.str();
    }
  }
  return {};
}

bool HidesImportError(const Seen &seen) {
  return llvm::any_of(seen.chains, [](const ErrorChain *chain) {
    const ErrorSegment *segment = FirstImportError(*chain);
    return segment != nullptr && llvm::StringRef(segment->type).ends_with("Error");
  });
}

bool MatchesOutcome(PlannedOutcome planned, const Seen &seen) {
  const bool failed =
      seen.outcome == TestOutcome::Failed || seen.outcome == TestOutcome::XPassedStrict;
  const bool error = seen.uncollected || seen.outcome == TestOutcome::Error;
  switch (planned) {
  case PlannedOutcome::AnyFailure:
    return true;
  case PlannedOutcome::Error:
    return error;
  case PlannedOutcome::Failed:
    return failed && !seen.uncollected;
  case PlannedOutcome::XFailed:
    return seen.outcome == TestOutcome::XFailed;
  }
  return false;
}

bool MatchesFinding(llvm::StringRef planned, llvm::ArrayRef<std::string> causes) {
  return llvm::any_of(causes, [&](const std::string &cause) {
    const llvm::StringRef text = cause;
    return text == planned || (text.starts_with(planned) && text[planned.size()] == ':');
  });
}

PlanState StateOf(const Expectation &expectation, const Seen &seen,
                  llvm::ArrayRef<std::string> findings, llvm::StringRef today) {
  const bool fails =
      seen.uncollected || IsFailure(seen.outcome) || seen.outcome == TestOutcome::XFailed;
  if (seen.outcome == TestOutcome::Passed || seen.outcome == TestOutcome::XPassed) {
    return PlanState::Stale;
  }
  if (!fails) {
    return PlanState::NotRun;
  }
  if (!expectation.until.empty() && today > expectation.until) {
    return PlanState::Expired;
  }
  if (!MatchesOutcome(expectation.outcome, seen)) {
    return PlanState::WrongReason;
  }
  const bool nothing_known = HeadlineOf(seen).empty() && findings.empty();
  if (nothing_known && !(expectation.finding.empty() && expectation.cause.empty())) {
    return PlanState::Unverifiable;
  }
  if (!expectation.finding.empty() && !MatchesFinding(expectation.finding, findings)) {
    return PlanState::WrongReason;
  }
  const bool cause_seen =
      expectation.cause.empty() || llvm::any_of(seen.chains, [&](const ErrorChain *chain) {
        return llvm::is_contained(CauseKeys(*chain), expectation.cause);
      });
  return cause_seen ? PlanState::AsPlanned : PlanState::WrongReason;
}

class PlanChecker {
public:
  PlanChecker(const Plan &plan,
              llvm::function_ref<std::vector<std::string>(llvm::StringRef id)> findings_of,
              llvm::StringRef today)
      : plan_(plan), findings_of_(findings_of), today_(today), used_(plan.expectations.size()) {}

  void Add(const Seen &seen) {
    bool planned = false;
    for (size_t i = 0; i < plan_.expectations.size(); ++i) {
      const Expectation &expectation = plan_.expectations[i];
      const bool matches = llvm::any_of(expectation.tests, [&](const std::string &pattern) {
        return MatchesTest(pattern, seen.id);
      });
      if (!matches) {
        continue;
      }
      used_[i] = true;
      planned = true;
      Verdict(seen, static_cast<int32_t>(i),
              StateOf(expectation, seen, findings_of_(seen.id), today_));
    }
    if (!planned && !seen.uncollected) {
      AddMark(seen);
    }
  }

  PlanReport Finish() {
    llvm::sort(report_.verdicts, [](const PlanVerdict &a, const PlanVerdict &b) {
      return std::tie(a.id, a.expectation) < std::tie(b.id, b.expectation);
    });
    for (uint32_t i = 0; i < used_.size(); ++i) {
      if (!used_[i]) {
        report_.without_test.push_back(i);
      }
    }
    return std::move(report_);
  }

private:
  void AddMark(const Seen &seen) {
    if (seen.outcome == TestOutcome::XFailed) {
      Verdict(seen, -1, PlanState::AsPlanned);
    } else if (seen.outcome == TestOutcome::XPassed || seen.outcome == TestOutcome::XPassedStrict) {
      Verdict(seen, -1, PlanState::Stale);
    }
  }

  void Verdict(const Seen &seen, int32_t expectation, PlanState state) {
    PlanVerdict verdict;
    verdict.id = seen.id.str();
    verdict.expectation = expectation;
    verdict.state = state;
    verdict.seen = HeadlineOf(seen);
    verdict.hides_import_error = seen.outcome == TestOutcome::XFailed && HidesImportError(seen);
    report_.verdicts.push_back(std::move(verdict));
  }

  const Plan &plan_;
  llvm::function_ref<std::vector<std::string>(llvm::StringRef id)> findings_of_;
  llvm::StringRef today_;
  std::vector<bool> used_;
  PlanReport report_;
};

} // namespace

bool MatchesTest(llvm::StringRef pattern, llvm::StringRef id) {
  if (pattern == id) {
    return true;
  }
  const TestIdParts parts = SplitTestId(id);
  const size_t colons = pattern.find("::");
  if (!MatchesFile(pattern.take_front(colons), parts.file)) {
    return false;
  }
  if (colons == llvm::StringRef::npos) {
    return true;
  }
  const llvm::StringRef names = id.drop_front(parts.file.size());
  return names.size() > 2 && MatchesBelow(pattern.drop_front(colons + 2), names.drop_front(2));
}

std::vector<std::string> CauseKeys(const ErrorChain &chain) {
  std::vector<std::string> keys;
  for (const ErrorSegment &segment : chain.segments) {
    if (segment.type.empty()) {
      continue;
    }
    const PythonError error = ClassifyError(segment);
    keys.push_back(segment.type);
    const llvm::StringRef bare = BareType(segment.type);
    if (bare != segment.type) {
      keys.push_back(bare.str());
    }
    if (!error.module.empty()) {
      keys.push_back((bare + ":" + error.module).str());
      if (!error.name.empty()) {
        keys.push_back((bare + ":" + error.module + ":" + error.name).str());
      }
    } else if (!error.name.empty()) {
      keys.push_back((bare + ":" + error.name).str());
    }
  }
  return keys;
}

const char *PlanStateName(PlanState state) {
  switch (state) {
  case PlanState::AsPlanned:
    return "as-planned";
  case PlanState::WrongReason:
    return "wrong-reason";
  case PlanState::Stale:
    return "stale";
  case PlanState::Expired:
    return "expired";
  case PlanState::Unverifiable:
    return "unverifiable";
  case PlanState::NotRun:
    return "not-run";
  }
  return "";
}

PlanReport CheckPlan(const Plan &plan, const TestResults &results,
                     llvm::function_ref<std::vector<std::string>(llvm::StringRef id)> findings_of,
                     llvm::StringRef today) {
  PlanChecker checker(plan, findings_of, today);
  for (const TestCase &test : results.tests) {
    checker.Add(SeenOf(results, test));
  }
  for (const CollectionError &error : results.collection_errors) {
    checker.Add(Seen{error.path, TestOutcome::Error, true, {&error.chain}});
  }
  return checker.Finish();
}

} // namespace pydefrag
