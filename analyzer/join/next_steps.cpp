#include "join/next_steps.h"

#include "base/counted.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <set>

namespace pydefrag {
namespace {

constexpr size_t kMaxRisks = 10;
constexpr size_t kMaxRerun = 3;

// The command that runs what a step mends: files where these are few, else their folder.
std::string Rerun(llvm::ArrayRef<const std::vector<std::string> *> lists) {
  std::set<std::string> files;
  for (const std::vector<std::string> *ids : lists) {
    for (const std::string &id : *ids) {
      files.insert(SplitTestId(id).file.str());
    }
  }
  files.erase("");
  if (files.empty()) {
    return "";
  }
  std::string command = "pytest";
  if (files.size() > kMaxRerun) {
    const auto [first, last] = std::mismatch(files.begin()->begin(), files.begin()->end(),
                                             files.rbegin()->begin(), files.rbegin()->end());
    const std::string common(files.begin()->begin(), first);
    const llvm::StringRef folder = FolderOf(common);
    return command + (folder.empty() ? "" : " " + folder.str());
  }
  for (const std::string &file : files) {
    command += " " + file;
  }
  return command;
}

bool GoesAsPlanned(std::optional<PlanState> planned) {
  return planned && (*planned == PlanState::AsPlanned || *planned == PlanState::NotRun);
}

void AddCauses(const Joined &joined, std::vector<NextStep> &steps) {
  for (size_t i = 0; i < joined.causes.size(); ++i) {
    const RootCause &cause = joined.causes[i];
    const bool told = cause.state != CauseState::None && cause.state != CauseState::Refuted;
    if (!told) {
      continue;
    }
    NextStep step;
    step.planned = GoesAsPlanned(cause.planned);
    step.text = cause.fix.empty() ? cause.message : cause.fix;
    step.place = cause.places.empty() ? Place() : cause.places.front();
    step.reason = {ReasonKind::Cause, i};
    step.tests_unblocked = cause.tests_blocked;
    step.files_unblocked = cause.modules_blocked;
    step.rerun = Rerun({&cause.failed_tests, &cause.uncollected, &cause.predicted});
    steps.push_back(std::move(step));
  }
}

void AddClusters(const Joined &joined, std::vector<NextStep> &steps) {
  for (size_t i = 0; i < joined.clusters.size(); ++i) {
    const Cluster &cluster = joined.clusters[i];
    NextStep step;
    step.planned = GoesAsPlanned(cluster.planned);
    step.text = (cluster.outdated ? "run again, the code has changed since: " : "find out why: ") +
                cluster.title;
    step.place = cluster.site;
    step.reason = {ReasonKind::Cluster, i};
    step.tests_unblocked = static_cast<uint32_t>(cluster.failed_tests.size());
    step.files_unblocked = static_cast<uint32_t>(cluster.uncollected.size());
    step.rerun = Rerun({&cluster.failed_tests, &cluster.uncollected});
    steps.push_back(std::move(step));
  }
}

// Related assertions by the first cause that they speak of.
void AddRelated(const Joined &joined, std::vector<NextStep> &steps) {
  std::vector<std::pair<size_t, std::vector<std::string>>> groups;
  std::vector<size_t> first;
  std::vector<bool> planned;
  for (size_t i = 0; i < joined.related.size(); ++i) {
    const RelatedAssertion &related = joined.related[i];
    if (related.causes.empty()) {
      continue;
    }
    auto group = llvm::find_if(
        groups, [&](const auto &each) { return each.first == related.causes.front(); });
    if (group == groups.end()) {
      groups.push_back({related.causes.front(), {}});
      first.push_back(i);
      planned.push_back(true);
      group = std::prev(groups.end());
    }
    group->second.push_back(related.id);
    const size_t at = static_cast<size_t>(group - groups.begin());
    planned[at] = planned[at] && GoesAsPlanned(related.planned);
  }
  for (size_t g = 0; g < groups.size(); ++g) {
    const RootCause &cause = joined.causes[groups[g].first];
    NextStep step;
    step.text =
        "see whether this is why: " + cause.message + (cause.fix.empty() ? "" : "; " + cause.fix);
    step.place = cause.places.empty() ? Place() : cause.places.front();
    step.reason = {ReasonKind::Related, first[g]};
    step.tests_unblocked = static_cast<uint32_t>(groups[g].second.size());
    step.rerun = Rerun({&groups[g].second});
    step.planned = planned[g];
    steps.push_back(std::move(step));
  }
}

// Warnings block nothing; each kind that tells of a mistake is worth one step.
void AddWarnings(const Joined &joined, std::vector<NextStep> &steps) {
  for (const JoinedWarning &warning : joined.warnings) {
    if (!warning.never_awaited) {
      continue;
    }
    NextStep step;
    step.text = "await it: " + llvm::StringRef(warning.message).split('\n').first.str();
    step.place = warning.place;
    step.rerun = Rerun({&warning.tests});
    steps.push_back(std::move(step));
  }
}

std::string ExplainedText(const Joined &joined) {
  const auto explaining =
      static_cast<size_t>(llvm::count_if(joined.causes, [](const RootCause &cause) {
        return !cause.failed_tests.empty() || !cause.uncollected.empty();
      }));
  const uint32_t all = joined.counts.Failures();
  const uint32_t explained = joined.FailuresExplained();
  const uint32_t related = joined.FailuresRelated();
  const uint32_t unexplained = joined.FailuresUnexplained();
  std::string text;
  if (explained > 0) {
    text = Counted(explaining, "root cause") + (explaining == 1 ? " explains " : " explain ") +
           WithCommas(explained) + " of these " + WithCommas(all);
    text = explained == all
               ? Counted(explaining, "root cause") + (explaining == 1 ? " explains" : " explain") +
                     (all == 1 ? " it" : " all of them")
               : text;
  }
  if (related > 0) {
    text += (text.empty() ? "" : ", ") + WithCommas(related) +
            (related == 1 ? " is related to a finding" : " are related to findings");
  }
  if (unexplained > 0) {
    text += (text.empty() ? "" : ", ") + WithCommas(unexplained) +
            (unexplained == 1 ? " is unexplained" : " are unexplained");
  }
  const uint32_t named = explained + related + unexplained;
  if (all > named) { // a log shows a letter for each test; their names stand at its end
    text += (text.empty() ? "" : ", ") + WithCommas(all - named) +
            (all - named == 1 ? " is named by no report" : " are named by no report");
  }
  return text;
}

} // namespace

std::vector<NextStep> PlanSteps(const Joined &joined) {
  std::vector<NextStep> steps;
  AddCauses(joined, steps);
  AddClusters(joined, steps);
  AddRelated(joined, steps);
  AddWarnings(joined, steps);
  llvm::stable_sort(steps, [](const NextStep &a, const NextStep &b) {
    return std::make_tuple(a.tests_unblocked + a.files_unblocked, a.files_unblocked, !a.planned) >
           std::make_tuple(b.tests_unblocked + b.files_unblocked, b.files_unblocked, !b.planned);
  });
  return steps;
}

std::vector<Risk> FindRisks(const Joined &joined) {
  std::vector<Risk> risks;
  for (size_t i = 0; i < joined.causes.size(); ++i) {
    const RootCause &cause = joined.causes[i];
    if (cause.importers == 0 || cause.state == CauseState::Refuted) {
      continue;
    }
    Risk risk;
    risk.cause = i;
    risk.modules = cause.importers;
    risk.test_files = cause.modules_blocked;
    risk.text = cause.message + ": " + Counted(cause.importers, "module") +
                (cause.importers == 1 ? " imports" : " import") + " a file with this";
    risks.push_back(std::move(risk));
  }
  llvm::stable_sort(risks, [](const Risk &a, const Risk &b) { return a.modules > b.modules; });
  risks.resize(std::min(risks.size(), kMaxRisks));
  return risks;
}

// What kept every test from running, if something did.
static const SessionError *StoppedBefore(const Joined &joined) {
  auto stopped = llvm::find_if(joined.session_errors, [](const SessionError &error) {
    return error.kind != SessionErrorKind::Interrupted;
  });
  const bool before = stopped != joined.session_errors.end() && joined.counts.Tests() == 0;
  return before ? &*stopped : nullptr;
}

std::string GainText(const NextStep &step) {
  std::string text = step.tests_unblocked > 0 ? Counted(step.tests_unblocked, "test") : "";
  if (step.files_unblocked > 0) {
    text += (text.empty() ? "" : " in ") + Counted(step.files_unblocked, "test module");
  }
  return text;
}

std::string VerdictOf(const Joined &joined) {
  if (!joined.with_outcomes) {
    return joined.forecast.sentence;
  }
  const TestCounts &counts = joined.counts;
  const uint32_t failed = counts.failed + counts.errors;
  std::string text;
  if (counts.Failures() == 0) {
    text = counts.passed == 0 ? "no test ran"
                              : "none of " + Counted(counts.Tests(), "test") + " failed";
    return text;
  }
  if (const SessionError *stopped = StoppedBefore(joined)) {
    const std::string explained = ExplainedText(joined);
    return "the run ended before any test: " +
           (stopped->path.empty() ? stopped->text
                                  : "`" + stopped->path + "` could not be imported") +
           (explained.empty() ? "" : "; " + explained);
  }
  if (failed > 0) {
    text = WithCommas(failed) + " of " + Counted(counts.Tests(), "test") + " failed";
  }
  if (counts.uncollected > 0) {
    text += (text.empty() ? "" : " and ") + Counted(counts.uncollected, "test module") +
            " could not be collected";
  }
  text += ": " + ExplainedText(joined);
  const uint32_t planned = joined.plan.Count(PlanState::AsPlanned);
  if (!joined.plan.path.empty() && planned > 0) {
    text += "; " + WithCommas(planned) + (planned == 1 ? " of them fails" : " of them fail") +
            " as planned";
  }
  return text;
}

} // namespace pydefrag
