// What the tests did: results by suite, failures without a cause, the forecast, the plan, warnings,
// and the table of tests.
#include "page/html_parts.h"

#include "page/html_text.h"
#include "report/text/style.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

static constexpr size_t kMaxNames = 8;
static constexpr size_t kMaxRows = 200;

static void CountCells(llvm::raw_ostream &os, const TestCounts &counts,
                       const std::optional<double> &seconds) {
  auto cell = [&](uint32_t count, llvm::StringRef state) {
    os << "<td class=\"" << (count == 0 ? llvm::StringRef("zero") : state) << "\">"
       << WithCommas(count) << "</td>";
  };
  cell(counts.Tests(), "");
  cell(counts.passed, "");
  cell(counts.failed, "bad");
  cell(counts.errors, "bad");
  cell(counts.uncollected, "bad");
  cell(counts.skipped, "");
  cell(counts.xfailed, "");
  cell(counts.not_run, "bad");
  os << "<td>" << (seconds ? DurationText(*seconds) : "not recorded") << "</td>";
}

static void WriteKeyFailures(llvm::raw_ostream &os, const Suite &suite) {
  if (suite.failures.empty()) {
    return;
  }
  os << "<tr class=\"key-failures\"><td colspan=\"10\"><ul>";
  for (const KeyFailure &failure : suite.failures) {
    os << "<li><code>" << HtmlText(failure.id) << "</code> ";
    os << HtmlProse(failure.error);
    if (failure.alike > 0) {
      os << " <span class=\"by\">and " << WithCommas(failure.alike) << " more like it</span>";
    }
    const std::string link = ReasonLink(failure.reason);
    os << (link.empty() ? "" : " &rarr; ") << link << "</li>";
  }
  os << "</ul></td></tr>\n";
}

void WriteSuites(llvm::raw_ostream &os, const Page &page) {
  const Joined &joined = page.report->joined;
  if (!joined.with_outcomes) {
    return;
  }
  OpenSection(os, "suites", "Results by suite",
              "Counted from the tests themselves. `not collected` are test modules that could not "
              "even be imported: none of their tests ran.");
  os << "<div class=\"scroll\"><table class=\"results\"><thead><tr><th>suite</th><th>tests</th>"
        "<th>passed</th><th>failed</th><th>errors</th><th>not collected</th><th>skipped</th>"
        "<th>xfailed</th><th>not run</th><th>time</th></tr></thead>\n";
  for (const LevelResult &level : joined.levels) {
    os << "<tbody><tr class=\"level\"><th scope=\"rowgroup\">" << HtmlText(level.level) << "</th>";
    CountCells(os, level.counts, level.seconds);
    os << "</tr>\n";
    for (size_t index : level.suites) {
      const Suite &suite = joined.suites[index];
      os << "<tr><th scope=\"row\"><code>" << HtmlText(suite.folder) << "</code></th>";
      CountCells(os, suite.counts, suite.seconds);
      os << "</tr>\n";
      WriteKeyFailures(os, suite);
    }
    os << "</tbody>\n";
  }
  os << "<tfoot><tr><th>all</th>";
  CountCells(os, joined.counts, joined.run.seconds);
  os << "</tr></tfoot></table></div>\n</section>\n";
}

static void WriteCluster(llvm::raw_ostream &os, const Cluster &cluster, size_t number) {
  os << "<details class=\"card " << (cluster.import_error ? "error" : "note") << "\" id=\"cluster-"
     << number << "\"><summary><span class=\"number\">" << number << "</span>"
     << HealthIcon(cluster.import_error ? Health::Error : Health::Note)
     << "<span class=\"headline\">" << HtmlText(cluster.title) << "</span><ul class=\"impact\"><li>"
     << Counted(cluster.Failures(), "failing outcome") << "</li>";
  if (!cluster.site.path.empty()) {
    os << "<li>raised at " << HtmlPlace(cluster.site.path, cluster.site.line) << "</li>";
  }
  if (cluster.planned) {
    os << "<li class=\"state\">plan: " << PlanStateName(*cluster.planned) << "</li>";
  }
  os << "</ul></summary><div class=\"body\">";
  if (!cluster.site_text.empty()) {
    os << "<pre class=\"error-text\">" << HtmlText(cluster.site_text) << "</pre>";
  }
  if (cluster.outdated) {
    os << "<p class=\"by\">The code has changed since: run it again.</p>";
  } else if (cluster.foreseen) {
    os << "<p class=\"by\">The code handles the failure of this import.</p>";
  } else if (cluster.import_error) {
    os << "<p class=\"by\">An import failed that pydefrag did not foresee.</p>";
  }
  if (!cluster.chain.empty()) {
    os << "<h4>How it is reached</h4>";
    WriteTrail(os, cluster.chain);
  }
  for (size_t cause : cluster.related) {
    os << "<p class=\"by\">It speaks of what "
       << ReasonLink({.kind = ReasonKind::Cause, .index = cause}) << " is about.</p>";
  }
  WriteNames(os, "Tests", cluster.failed_tests, kMaxNames);
  WriteNames(os, "Of these expected to fail for now", cluster.as_planned, kMaxNames);
  WriteNames(os, "Files that could not be collected", cluster.uncollected, kMaxNames);
  os << "</div></details>\n";
}

static void WriteRelated(llvm::raw_ostream &os, const RelatedAssertion &related, size_t number) {
  os << "<details class=\"card note\" id=\"related-" << number << "\"><summary>"
     << HealthIcon(Health::Note) << "<span class=\"headline\"><code>" << HtmlText(related.id)
     << "</code> " << HtmlText(related.error) << "</span><ul class=\"impact\"><li>related to";
  for (size_t cause : related.causes) {
    os << ' ' << ReasonLink({.kind = ReasonKind::Cause, .index = cause});
  }
  os << "</li>";
  if (related.planned) {
    os << "<li class=\"state\">plan: " << PlanStateName(*related.planned) << "</li>";
  }
  os << "</ul></summary><div class=\"body\"><p>" << HtmlProse(related.because)
     << ". That is no proof.</p>";
  if (!related.site.path.empty()) {
    os << "<p>at " << HtmlPlace(related.site.path, related.site.line) << "</p>";
  }
  os << "</div></details>\n";
}

void WriteClusters(llvm::raw_ostream &os, const Page &page) {
  const Joined &joined = page.report->joined;
  if (joined.clusters.empty() && joined.related.empty() && joined.session_errors.empty()) {
    return;
  }
  OpenSection(os, "clusters", "Failures that the imports do not explain",
              "Alike failures are one card. Where a failure speaks of something that has a root "
              "cause above, the two may be related.");
  for (const SessionError &error : joined.session_errors) {
    os << "<p>" << HealthIcon(Health::Broken)
       << " the whole run: " << SessionErrorKindName(error.kind) << ' ' << HtmlPlace(error.path, 0)
       << ' ' << HtmlText(error.text) << "</p>\n";
  }
  for (size_t i = 0; i < joined.clusters.size(); ++i) {
    WriteCluster(os, joined.clusters[i], i + 1);
  }
  for (size_t i = 0; i < joined.related.size(); ++i) {
    WriteRelated(os, joined.related[i], i + 1);
  }
  os << "</section>\n";
}

static void WriteForecastRow(llvm::raw_ostream &os, const ForecastFile &file) {
  os << "<tr><td><code>" << HtmlText(file.path) << "</code></td><td>"
     << HealthIcon(file.status == ForecastStatus::Fails ? Health::Broken : Health::Note)
     << (file.status == ForecastStatus::Fails ? " cannot be imported" : " cannot be told")
     << "</td><td>" << HtmlText(file.reason);
  if (!file.blocked_by.empty()) {
    os << " <span class=\"by\">blocked by " << HtmlPlace(file.blocked_by, 0) << "</span>";
  }
  if (file.chain.size() > 1) {
    WriteTrail(os, file.chain);
  }
  os << "</td><td>" << file.tests << "</td></tr>\n";
}

void WriteForecast(llvm::raw_ostream &os, const Page &page) {
  const Forecast &forecast = page.report->joined.forecast;
  if (forecast.files.empty()) {
    return;
  }
  OpenSection(os, "forecast", "Which test modules can be collected",
              forecast.sentence.empty()
                  ? "Told from the code, without running it."
                  : "Told from the code, without running it: " + forecast.sentence);
  const size_t failing =
      static_cast<size_t>(llvm::count_if(forecast.files, [](const ForecastFile &file) {
        return file.status != ForecastStatus::Collects;
      }));
  if (failing > 0) {
    os << "<details" << (failing <= 10 ? " open" : "") << "><summary>" << Counted(failing, "file")
       << "</summary><div class=\"scroll\"><table><thead><tr><th>file</th><th>forecast</th>"
          "<th>why</th><th>tests</th></tr></thead><tbody>\n";
    size_t rows = 0;
    for (const ForecastFile &file : forecast.files) {
      if (file.status != ForecastStatus::Collects && rows++ < kMaxRows) {
        WriteForecastRow(os, file);
      }
    }
    os << "</tbody></table></div>";
    if (failing > kMaxRows) {
      os << "<p>" << WithCommas(failing - kMaxRows) << " more</p>";
    }
    os << "</details>\n";
  }
  os << "</section>\n";
}

void WritePlan(llvm::raw_ostream &os, const Page &page) {
  const PlanResult &plan = page.report->joined.plan;
  if (plan.tests.empty() && plan.without_test.empty()) {
    return;
  }
  OpenSection(os, "plan", "What was planned to fail",
              plan.path.empty() ? "Tests marked as expected failures."
                                : "Against the plan in `" + plan.path + "`.");
  os << "<div class=\"scroll\"><table><thead><tr><th>test</th><th>came out</th><th>expected</th>"
        "<th>seen</th><th>why it is expected</th></tr></thead><tbody>\n";
  for (const PlannedTest &test : plan.tests) {
    os << "<tr><td><code>" << HtmlText(test.id) << "</code></td><td>" << PlanStateName(test.state)
       << "</td><td>" << HtmlText(test.expected) << "</td><td>" << HtmlText(test.seen)
       << (test.hides_import_error ? " <span class=\"by\">the mark hides an import error</span>"
                                   : "")
       << "</td><td>" << HtmlText(test.reason)
       << (test.until.empty() ? "" : ", until " + HtmlText(test.until)) << "</td></tr>\n";
  }
  os << "</tbody></table></div>\n";
  for (uint32_t line : plan.without_test) {
    os << "<p>" << HtmlPlace(plan.path, line) << " names no test that exists</p>\n";
  }
  os << "</section>\n";
}

void WriteWarnings(llvm::raw_ostream &os, const Page &page) {
  const std::vector<JoinedWarning> &warnings = page.report->joined.warnings;
  if (warnings.empty()) {
    return;
  }
  OpenSection(os, "warnings", "Warnings", "What Python warned of while the tests ran.");
  os << "<div class=\"scroll\"><table><thead><tr><th>category</th><th>message</th><th>place</th>"
        "<th>times</th><th>root cause</th></tr></thead><tbody>\n";
  for (const JoinedWarning &warning : llvm::ArrayRef(warnings).take_front(kMaxRows)) {
    os << "<tr><td>" << (warning.never_awaited ? HealthIcon(Health::Warning) : std::string())
       << HtmlText(warning.category) << "</td><td>" << HtmlProse(warning.message) << "</td><td>"
       << HtmlPlace(warning.place.path, warning.place.line)
       << (warning.text.empty() ? "" : "<br><code>" + HtmlText(warning.text) + "</code>")
       << "</td><td>" << WithCommas(warning.count) << "</td><td>"
       << (warning.cause ? ReasonLink({.kind = ReasonKind::Cause, .index = *warning.cause}) : "")
       << "</td></tr>\n";
  }
  os << "</tbody></table></div>\n";
  if (warnings.size() > kMaxRows) {
    os << "<p>" << WithCommas(warnings.size() - kMaxRows) << " more</p>";
  }
  os << "</section>\n";
}

void WriteDisagreements(llvm::raw_ostream &os, const Page &page) {
  const std::vector<Disagreement> &disagreements = page.report->joined.disagreements;
  if (disagreements.empty()) {
    return;
  }
  OpenSection(os, "disagreements", "Where pydefrag was wrong",
              "The run did what should have been impossible.");
  os << "<ul>\n";
  for (const Disagreement &each : disagreements) {
    os << "<li>" << HtmlProse(each.message) << " at " << HtmlPlace(each.place.path, each.place.line)
       << ", but <code>" << HtmlText(each.id) << "</code>: " << HtmlProse(each.because)
       << "</li>\n";
  }
  os << "</ul></section>\n";
}

} // namespace pydefrag
