#include "join/planned.h"

#include "llvm/ADT/StringMap.h"

#include <algorithm>

namespace pydefrag {
namespace {

// The causes that a failure was traced to, proven or related.
std::vector<std::string> CausesOf(const ReasonRef &reason, const Joined &joined) {
  std::vector<std::string> causes;
  switch (reason.kind) {
  case ReasonKind::None:
  case ReasonKind::Cluster:
    break;
  case ReasonKind::Cause:
    causes.push_back(joined.causes[reason.index].cause);
    break;
  case ReasonKind::Related:
    for (size_t cause : joined.related[reason.index].causes) {
      causes.push_back(joined.causes[cause].cause);
    }
    break;
  }
  return causes;
}

int Badness(PlanState state) {
  switch (state) {
  case PlanState::AsPlanned:
    return 0;
  case PlanState::NotRun:
    return 1;
  case PlanState::Unverifiable:
    return 2;
  case PlanState::Stale:
    return 3;
  case PlanState::Expired:
    return 4;
  case PlanState::WrongReason:
    return 5;
  }
  return 0;
}

// The worst state of all of `ids`; nothing unless every one of them is planned.
std::optional<PlanState> WorstOf(llvm::ArrayRef<const std::vector<std::string> *> lists,
                                 const llvm::StringMap<PlanState> &states) {
  std::optional<PlanState> worst;
  for (const std::vector<std::string> *ids : lists) {
    for (const std::string &id : *ids) {
      auto state = states.find(id);
      if (state == states.end()) {
        return std::nullopt;
      }
      worst = !worst || Badness(state->second) > Badness(*worst) ? state->second : worst;
    }
  }
  return worst;
}

PlannedTest Told(const PlanVerdict &verdict, const Plan &plan) {
  PlannedTest test;
  test.id = verdict.id;
  test.state = verdict.state;
  test.by_mark = verdict.expectation < 0;
  test.seen = verdict.seen;
  test.hides_import_error = verdict.hides_import_error;
  if (!test.by_mark) {
    const Expectation &expected = plan.expectations[static_cast<size_t>(verdict.expectation)];
    test.reason = expected.reason;
    test.until = expected.until;
    test.expected = expected.finding.empty() ? expected.cause : expected.finding;
    test.plan_line = expected.line;
  }
  return test;
}

} // namespace

void JoinPlan(const Plan &plan, const TestResults &results,
              llvm::ArrayRef<ExplainedFailure> failures, llvm::StringRef today, Joined &joined) {
  llvm::StringMap<ReasonRef> reasons;
  for (const ExplainedFailure &each : failures) {
    reasons[each.failure.id] = each.reason;
  }
  auto findings_of = [&](llvm::StringRef id) { return CausesOf(reasons.lookup(id), joined); };
  const PlanReport report = CheckPlan(plan, results, findings_of, today);
  joined.plan.path = plan.path;
  llvm::StringMap<PlanState> states;
  for (const PlanVerdict &verdict : report.verdicts) {
    joined.plan.tests.push_back(Told(verdict, plan));
    auto [known, added] = states.try_emplace(verdict.id, verdict.state);
    if (!added && Badness(verdict.state) > Badness(known->second)) {
      known->second = verdict.state;
    }
  }
  for (uint32_t i : report.without_test) {
    joined.plan.without_test.push_back(plan.expectations[i].line);
  }
  for (RootCause &cause : joined.causes) {
    cause.planned = WorstOf({&cause.failed_tests, &cause.uncollected}, states);
  }
  for (Cluster &cluster : joined.clusters) {
    cluster.planned = WorstOf({&cluster.failed_tests, &cluster.uncollected}, states);
    for (const auto *ids : {&cluster.failed_tests, &cluster.uncollected}) {
      llvm::copy_if(*ids, std::back_inserter(cluster.as_planned), [&](const std::string &id) {
        auto state = states.find(id);
        return state != states.end() && state->second == PlanState::AsPlanned;
      });
    }
  }
  for (RelatedAssertion &related : joined.related) {
    auto state = states.find(related.id);
    if (state != states.end()) {
      related.planned = state->second;
    }
  }
}

} // namespace pydefrag
