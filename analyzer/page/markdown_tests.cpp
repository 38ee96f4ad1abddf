// What the tests did, in Markdown.
#include "page/markdown.h"
#include "page/markdown_parts.h"
#include "report/text/style.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

static constexpr size_t kMaxListed = 50;

static std::string CountCells(const TestCounts &counts, const std::optional<double> &seconds) {
  std::string row;
  for (uint32_t count : {counts.Tests(), counts.passed, counts.failed, counts.errors,
                         counts.uncollected, counts.skipped, counts.xfailed, counts.not_run}) {
    row += " " + WithCommas(count) + " |";
  }
  return row + " " + (seconds ? DurationText(*seconds) : "not recorded") + " |\n";
}

static void WriteKeyFailures(llvm::raw_ostream &os, const Joined &joined) {
  for (const Suite &suite : joined.suites) {
    if (suite.failures.empty()) {
      continue;
    }
    os << "Key failures of " << MarkdownCode(suite.folder) << ":\n\n";
    for (const KeyFailure &failure : suite.failures) {
      os << "- " << MarkdownCode(failure.id);
      if (!failure.error.empty()) {
        os << ": " << MarkdownCode(failure.error);
      }
      const std::string reason = MarkdownReason(failure.reason);
      os << (reason.empty() ? "" : " (" + reason + ")");
      os << (failure.alike > 0 ? " and " + WithCommas(failure.alike) + " more like it" : "")
         << '\n';
    }
    os << '\n';
  }
}

void MarkdownSuites(llvm::raw_ostream &os, const Page &page) {
  const Joined &joined = page.report->joined;
  if (!joined.with_outcomes) {
    return;
  }
  os << "## Results by suite\n\n| level | suite | tests | passed | failed | errors | not collected "
        "| "
        "skipped | xfailed | not run | time |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
  for (const LevelResult &level : joined.levels) {
    os << "| **" << MarkdownProse(level.level) << "** | |"
       << CountCells(level.counts, level.seconds);
    for (size_t index : level.suites) {
      const Suite &suite = joined.suites[index];
      os << "| | " << MarkdownCellCode(suite.folder) << " |"
         << CountCells(suite.counts, suite.seconds);
    }
  }
  os << "| **all** | |" << CountCells(joined.counts, joined.run.seconds) << '\n';
  WriteKeyFailures(os, joined);
}

void MarkdownSlowest(llvm::raw_ostream &os, const Page &page) {
  const Joined &joined = page.report->joined;
  if (!joined.with_outcomes) {
    return;
  }
  const std::vector<const Suite *> suites = SlowestSuites(joined);
  os << "## Slowest suites\n\n";
  if (suites.empty()) {
    os << "not recorded\n";
  }
  for (const Suite *suite : suites) {
    os << "- " << MarkdownCode(suite->folder) << ": " << DurationText(*suite->seconds) << '\n';
  }
  os << '\n';
}

static void WriteIds(llvm::raw_ostream &os, llvm::ArrayRef<std::string> ids) {
  constexpr size_t kMost = 5;
  for (const std::string &id : ids.take_front(kMost)) {
    os << "  - " << MarkdownCode(id) << '\n';
  }
  if (ids.size() > kMost) {
    os << "  - and " << WithCommas(ids.size() - kMost) << " more\n";
  }
}

void MarkdownClusters(llvm::raw_ostream &os, const Page &page) {
  const Joined &joined = page.report->joined;
  if (joined.clusters.empty() && joined.related.empty() && joined.session_errors.empty()) {
    return;
  }
  os << "## Failures that the imports do not explain\n\n";
  for (const SessionError &error : joined.session_errors) {
    os << "- the whole run: " << SessionErrorKindName(error.kind) << ' '
       << MarkdownPlace(error.path, 0) << ' ' << MarkdownProse(error.text) << '\n';
  }
  for (size_t i = 0; i < joined.clusters.size(); ++i) {
    const Cluster &cluster = joined.clusters[i];
    os << "- **unexplained " << i + 1 << "**: " << MarkdownCode(cluster.title) << ", "
       << Counted(cluster.Failures(), "failing outcome");
    const std::string site = MarkdownPlace(cluster.site.path, cluster.site.line);
    os << (site.empty() ? "" : ", raised at " + site)
       << (cluster.site_text.empty() ? "" : ": " + MarkdownCode(cluster.site_text))
       << (cluster.outdated       ? "; the code has changed since"
           : cluster.foreseen     ? "; the code handles the failure of this import"
           : cluster.import_error ? "; pydefrag did not foresee it"
                                  : "");
    for (size_t cause : cluster.related) {
      os << "; related to root cause " << cause + 1;
    }
    os << (cluster.planned ? std::string("; plan: ") + PlanStateName(*cluster.planned) : "")
       << '\n';
    if (cluster.chain.size() > 1) {
      os << "  - reached by ";
      for (const Place &place : cluster.chain) {
        os << (&place == &cluster.chain.front() ? "" : " → ")
           << MarkdownPlace(place.path, place.line);
      }
      os << '\n';
    }
    WriteIds(os, cluster.failed_tests);
    WriteIds(os, cluster.uncollected);
    for (const std::string &id : cluster.as_planned) {
      os << "  - expected to fail for now: " << MarkdownCode(id) << '\n';
    }
  }
  for (size_t i = 0; i < joined.related.size(); ++i) {
    const RelatedAssertion &related = joined.related[i];
    os << "- **related " << i + 1 << "**: " << MarkdownCode(related.id) << ' '
       << MarkdownCode(related.error) << ": " << MarkdownProse(related.because);
    for (size_t cause : related.causes) {
      os << ", root cause " << cause + 1;
    }
    os << (related.planned ? std::string("; plan: ") + PlanStateName(*related.planned) : "")
       << '\n';
  }
  os << '\n';
}

void MarkdownForecast(llvm::raw_ostream &os, const Page &page) {
  const Forecast &forecast = page.report->joined.forecast;
  if (forecast.files.empty()) {
    return;
  }
  os << "## Which test modules can be collected\n\nTold from the code, without running it: "
     << MarkdownProse(forecast.sentence) << "\n\n";
  size_t shown = 0;
  for (const ForecastFile &file : forecast.files) {
    if (file.status != ForecastStatus::Fails || ++shown > kMaxListed) {
      continue;
    }
    os << "- " << MarkdownCode(file.path) << ": " << MarkdownCode(file.reason)
       << (file.blocked_by.empty() ? "" : ", blocked by " + MarkdownCode(file.blocked_by)) << '\n';
  }
  if (shown > kMaxListed) {
    os << "- and " << WithCommas(shown - kMaxListed) << " more\n";
  }
  os << (shown > 0 ? "\n" : "");
}

void MarkdownPlan(llvm::raw_ostream &os, const Page &page) {
  const PlanResult &plan = page.report->joined.plan;
  if (plan.tests.empty() && plan.without_test.empty()) {
    return;
  }
  os << "## What was planned to fail\n\n| test | came out | expected | seen | why |\n"
        "|---|---|---|---|---|\n";
  for (const PlannedTest &test : plan.tests) {
    os << "| " << MarkdownCellCode(test.id) << " | " << PlanStateName(test.state) << " | "
       << MarkdownProse(test.expected) << " | " << MarkdownProse(test.seen)
       << (test.hides_import_error ? " (the mark hides an import error)" : "") << " | "
       << MarkdownProse(test.reason)
       << (test.until.empty() ? "" : ", until " + MarkdownProse(test.until)) << " |\n";
  }
  os << '\n';
  for (uint32_t line : plan.without_test) {
    os << "- " << MarkdownPlace(plan.path, line) << " names no test that exists\n";
  }
  os << (plan.without_test.empty() ? "" : "\n");
}

void MarkdownWarnings(llvm::raw_ostream &os, const Page &page) {
  const std::vector<JoinedWarning> &warnings = page.report->joined.warnings;
  if (warnings.empty()) {
    return;
  }
  os << "## Warnings\n\n";
  for (const JoinedWarning &warning : llvm::ArrayRef(warnings).take_front(kMaxListed)) {
    os << "- " << MarkdownProse(warning.category) << ": " << MarkdownProse(warning.message);
    const std::string place = MarkdownPlace(warning.place.path, warning.place.line);
    os << (place.empty() ? "" : " at " + place);
    os << (warning.text.empty() ? "" : ": " + MarkdownCode(warning.text));
    os << (warning.count > 1 ? ", " + WithCommas(warning.count) + " times" : "");
    os << (warning.cause ? " (root cause " + std::to_string(*warning.cause + 1) + ")" : "") << '\n';
  }
  if (warnings.size() > kMaxListed) {
    os << "- and " << WithCommas(warnings.size() - kMaxListed) << " more\n";
  }
  os << '\n';
}

void MarkdownDisagreements(llvm::raw_ostream &os, const Page &page) {
  const std::vector<Disagreement> &disagreements = page.report->joined.disagreements;
  if (disagreements.empty()) {
    return;
  }
  os << "## Where pydefrag was wrong\n\n";
  for (const Disagreement &each : disagreements) {
    os << "- " << MarkdownProse(each.message) << " at "
       << MarkdownPlace(each.place.path, each.place.line) << ", but " << MarkdownCode(each.id)
       << ": " << MarkdownProse(each.because) << '\n';
  }
  os << '\n';
}

} // namespace pydefrag
