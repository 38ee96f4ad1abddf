#include "page/page.h"

#include "report/text/style.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

static size_t CountSeverity(const Page &page, Severity severity) {
  return static_cast<size_t>(llvm::count_if(
      page.causes, [&](const CauseCard &card) { return card.severity == severity; }));
}

static std::string OfSeverities(const Page &page) {
  std::string text;
  for (Severity severity : {Severity::Error, Severity::Warning, Severity::Note}) {
    if (const size_t count = CountSeverity(page, severity)) {
      text += text.empty() ? "" : ", ";
      text += Counted(count, SeverityName(severity));
    }
  }
  return text;
}

static Health WorstOf(const Page &page) {
  if (page.tree.nodes.front().broken > 0 || page.report->joined.counts.Failures() > 0) {
    return Health::Broken;
  }
  return page.tree.nodes.front().worst;
}

// What the code alone says, without a run of the tests.
static std::string VerdictOfCode(const Page &page) {
  const PackageNode &all = page.tree.nodes.front();
  const Forecast &forecast = page.report->joined.forecast;
  if (page.causes.empty()) {
    return "Nothing was found in " + Counted(page.report->stats.files, "file") + ".";
  }
  std::string text = all.broken == 0 ? "Every module can be imported"
                                     : WithCommas(all.broken) + " of " +
                                           Counted(all.modules, "module") + " cannot be imported";
  if (forecast.modules > 0 && forecast.failing > 0) {
    text += ", and so " + WithCommas(forecast.failing) + " of " +
            Counted(forecast.modules, "test module") + " cannot be collected";
  }
  return text + "; " + Counted(page.causes.size(), "root cause") +
         (page.causes.size() == 1 ? " was" : " were") + " found.";
}

static void AddTestFigures(const Joined &joined, std::vector<Figure> &figures) {
  const TestCounts &counts = joined.counts;
  if (joined.with_outcomes) {
    figures.push_back({.number = WithCommas(counts.Failures()),
                       .label = counts.Failures() == 1 ? "failing outcome" : "failing outcomes",
                       .note = "of " + Counted(counts.Tests() + counts.uncollected, "outcome"),
                       .health = counts.Failures() > 0 ? Health::Broken : Health::Clean,
                       .section = "suites"});
    const uint32_t unexplained = joined.FailuresUnexplained();
    figures.push_back({.number = WithCommas(unexplained),
                       .label = "not explained by the code's imports",
                       .note = "of these",
                       .health = unexplained > 0 ? Health::Warning : Health::Clean,
                       .section = unexplained > 0 ? "clusters" : ""});
  }
  if (joined.forecast.modules > 0) {
    figures.push_back({.number = WithCommas(joined.forecast.failing),
                       .label = joined.forecast.failing == 1 ? "test module cannot be collected"
                                                             : "test modules cannot be collected",
                       .note = "of " + WithCommas(joined.forecast.modules) + ", by forecast",
                       .health = joined.forecast.failing > 0 ? Health::Broken : Health::Clean,
                       .section = "forecast"});
  }
}

static std::vector<Figure> FiguresOf(const Page &page) {
  const PackageNode &all = page.tree.nodes.front();
  std::vector<Figure> figures;
  figures.push_back({.number = WithCommas(page.causes.size()),
                     .label = page.causes.size() == 1 ? "root cause" : "root causes",
                     .note = page.causes.empty() ? "" : OfSeverities(page),
                     .health = all.worst == Health::Broken ? Health::Error : all.worst,
                     .section = page.causes.empty() ? "" : "causes"});
  AddTestFigures(page.report->joined, figures);
  figures.push_back(
      {.number = WithCommas(all.broken),
       .label = all.broken == 1 ? "module cannot be imported" : "modules cannot be imported",
       .note = "of " + WithCommas(all.modules),
       .health = all.broken > 0 ? Health::Broken : Health::Clean,
       .section = "map"});
  figures.push_back(
      {.number = WithCommas(page.fans.total),
       .label = page.fans.total == 1 ? "class or function with several import paths"
                                     : "classes or functions with several import paths",
       .note = page.fans.total == 0 ? "" : Counted(page.fans.stray_uses, "stray import"),
       .health = page.fans.total > 0 ? Health::Warning : Health::Clean,
       .section = page.fans.total > 0 ? "fans" : ""});
  figures.push_back(
      {.number = WithCommas(page.cycles.total),
       .label = page.cycles.total == 1 ? "import cycle" : "import cycles",
       .note = page.cycles.total == 0 ? "" : "among " + Counted(page.cycles.modules, "module"),
       .health = page.cycles.total > 0 ? Health::Warning : Health::Clean,
       .section = page.cycles.total > 0 ? "cycles" : ""});
  return figures;
}

Page BuildPage(const Report &report, SourceCache &sources, const PageOptions &options) {
  Page page;
  page.report = &report;
  page.title = ProjectTitle(report);
  page.causes = BuildCauses(report, sources);
  const ImportEdges edges = FindImportEdges(*report.project);
  page.fans = BuildFans(report, sources, options.max_fans);
  page.cycles = BuildCycles(report, sources, edges, options.max_cycles);
  page.tree = BuildPackageTree(report);
  page.treemap = LayOutTreemap(page.tree);
  page.explorer = BuildExplorer(report, page.tree, edges, options.jobs);
  page.matrix = BuildMatrix(page.tree, page.explorer, options.max_rows);
  page.run = RunFacts(report.joined.run);
  page.project = ProjectFacts(report);
  page.health = WorstOf(page);
  page.figures = FiguresOf(page);
  const bool by_tests = report.joined.with_outcomes && !report.joined.verdict.empty();
  page.verdict = by_tests ? report.joined.verdict : VerdictOfCode(page);
  return page;
}

} // namespace pydefrag
