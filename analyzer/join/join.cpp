// The steps in order: the forecast, the reports, the header; each failure explained; causes and
// clusters put in order; suites, plan, risks and steps, which speak of them.
#include "join/join.h"

#include "join/causes.h"
#include "join/clusters.h"
#include "join/explain.h"
#include "join/forecast.h"
#include "join/freshness.h"
#include "join/join_warnings.h"
#include "join/next_steps.h"
#include "join/planned.h"
#include "join/run_header.h"
#include "join/suites.h"
#include "join/test_table.h"
#include "outcomes/errors/skip_reasons.h"
#include "outcomes/merge.h"
#include "outcomes/outcomes.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {
namespace {

MergedRuns ReadReports(const JoinInput &input) {
  std::vector<std::string> roots;
  for (const ProjectSettings &project : input.settings->projects) {
    if (!project.folder.empty()) {
      roots.push_back(project.folder);
    }
  }
  TestIdResolver ids(*input.disk, input.project->root, roots);
  std::vector<TestRun> runs;
  for (const std::string &path : input.reports) {
    llvm::move(ReadOutcomes(*input.disk, path, ids), std::back_inserter(runs));
  }
  return MergeRuns(std::move(runs));
}

class Joiner {
public:
  Joiner(const JoinInput &input, llvm::ArrayRef<Finding *> findings)
      : input_(input), places_(*input.project, *input.disk), index_(findings, places_),
        causes_(index_, places_), levels_(*input.config) {}

  Joined Join() {
    joined_.forecast = MakeForecast(*input_.settings, index_, places_);
    joined_.with_outcomes = !input_.reports.empty();
    MergedRuns runs = ReadReports(input_);
    results_ = std::move(runs.results);
    joined_.run = ReadRunHeader(runs, *input_.disk, input_.project->root);
    CompareLines();
    const RunReach reach = Reach();
    for (const ForecastFile &file : joined_.forecast.files) {
      causes_.Predict(file, reach, joined_);
    }
    ExplainFailures();
    FindMasked();
    std::vector<WarningMatch> warnings = JoinWarnings(results_, index_, places_);
    for (const WarningMatch &match : warnings) {
      if (match.finding) {
        causes_.ConfirmByWarning(*match.finding, match.warning);
      }
    }
    causes_place_ = causes_.Finish(reach, levels_, joined_);
    clusters_place_ = clusters_.Finish(places_, joined_);
    Place(warnings);
    PlaceReasons();
    if (joined_.with_outcomes) {
      joined_.never_ran = NeverRan(results_);
      FillSuites(results_, failures_, joined_.never_ran, levels_, joined_);
      joined_.tests = ListTests(results_, failures_);
      JoinPlan(input_.plan, results_, failures_, input_.today, joined_);
    }
    joined_.session_errors = results_.session_errors;
    joined_.problems = results_.problems;
    joined_.steps = PlanSteps(joined_);
    joined_.risks = FindRisks(joined_);
    joined_.verdict = VerdictOf(joined_);
    return std::move(joined_);
  }

private:
  // Which failures show lines that are not what they were.
  void CompareLines() {
    for (RunFailure &failure : ListFailures(results_)) {
      changed_.push_back(ChangedLine(failure, places_));
      if (changed_.back()) {
        joined_.run.changed.push_back(*changed_.back());
      }
      ExplainedFailure each;
      each.failure = std::move(failure);
      failures_.push_back(std::move(each));
    }
    llvm::sort(joined_.run.changed);
    joined_.run.changed.erase(llvm::unique(joined_.run.changed), joined_.run.changed.end());
  }

  // That the tests of a file ran says nothing when what breaks it was written later.
  RunReach Reach() {
    RunReach reach = ReachOf(results_, joined_.with_outcomes);
    const FileTimes times(*input_.disk, input_.project->root, input_.reports);
    for (const ForecastFile &file : joined_.forecast.files) {
      if (file.status != ForecastStatus::Fails || !reach.collected.contains(file.path)) {
        continue;
      }
      std::vector<::pydefrag::Place> places = file.chain;
      places.push_back({file.path, 0});
      const std::string newer = times.NewerThanReports(places);
      if (!newer.empty()) {
        reach.collected.erase(file.path);
        reach.outdated[file.path] = newer;
      }
    }
    return reach;
  }

  void ExplainFailures() {
    Explainer explainer(index_, places_);
    for (size_t i = 0; i < failures_.size(); ++i) {
      ExplainedFailure &each = failures_[i];
      const RunFailure &failure = each.failure;
      const Explanation told = explainer.Explain(failure);
      switch (told.kind) {
      case ExplanationKind::Confirmed:
        causes_.Confirm(failure, told, changed_[i]);
        each.reason = {ReasonKind::Cause, causes_.Of(told.findings.front())};
        break;
      case ExplanationKind::Related:
        each.reason = {ReasonKind::Related, joined_.related.size()};
        joined_.related.push_back(Related(failure, told));
        break;
      case ExplanationKind::None:
        each.reason = {ReasonKind::Cluster, clusters_.Add(failure, told, CausesOf(told.passed),
                                                          changed_[i].has_value())};
        break;
      }
    }
  }

  std::vector<size_t> CausesOf(llvm::ArrayRef<size_t> findings) {
    std::vector<size_t> causes;
    for (size_t i : findings) {
      const size_t cause = causes_.Of(i);
      if (!llvm::is_contained(causes, cause)) {
        causes.push_back(cause);
      }
    }
    return causes;
  }

  RelatedAssertion Related(const RunFailure &failure, const Explanation &told) {
    RelatedAssertion related;
    related.id = failure.id;
    related.error = failure.error;
    related.site = SiteOf(*told.segment);
    related.causes = CausesOf(told.findings);
    related.because = told.because;
    return related;
  }

  // Tests that skipped because of a module of the project that is not there.
  void FindMasked() {
    for (const TestCase &test : results_.tests) {
      if (test.outcome != TestOutcome::Skipped || !test.detail.valid()) {
        continue;
      }
      const auto module = SkippedForModule(results_.details[test.detail].reason);
      if (!module) {
        continue;
      }
      for (size_t i : index_.WithKey({"DFG201", "DFG202", "DFG204", "DFG303"}, *module)) {
        causes_.Mask(i, test.id);
      }
    }
  }

  // Causes and clusters were numbered as they came; now their order is known.
  void Place(std::vector<WarningMatch> &warnings) {
    for (WarningMatch &match : warnings) {
      if (match.finding) {
        match.warning.cause = causes_place_[causes_.Of(*match.finding)];
      }
      joined_.warnings.push_back(std::move(match.warning));
    }
    auto place = [&](std::vector<size_t> &causes) {
      for (size_t &cause : causes) {
        cause = causes_place_[cause];
      }
      llvm::sort(causes);
    };
    for (RelatedAssertion &related : joined_.related) {
      place(related.causes);
      for (size_t cause : related.causes) {
        joined_.causes[cause].related_tests.push_back(related.id);
      }
    }
    for (Cluster &cluster : joined_.clusters) {
      place(cluster.related);
    }
  }

  void PlaceReasons() {
    for (ExplainedFailure &each : failures_) {
      if (each.reason.kind == ReasonKind::Cause) {
        each.reason.index = causes_place_[each.reason.index];
      } else if (each.reason.kind == ReasonKind::Cluster) {
        each.reason.index = clusters_place_[each.reason.index];
      }
    }
  }

  const JoinInput &input_;
  PlaceTable places_;
  FindingIndex index_;
  CauseTable causes_;
  ClusterTable clusters_;
  LevelTable levels_;
  TestResults results_;
  std::vector<ExplainedFailure> failures_;
  std::vector<std::optional<::pydefrag::Place>> changed_; // by failure
  std::vector<size_t> causes_place_, clusters_place_;
  Joined joined_;
};

} // namespace

Joined JoinOutcomes(const JoinInput &input, llvm::MutableArrayRef<Finding *> findings) {
  return Joiner(input, findings).Join();
}

} // namespace pydefrag
