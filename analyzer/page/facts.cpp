#include "page/facts.h"

#include "page/excerpts.h"

#include "report/text/style.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace pydefrag {

static constexpr const char *kNotRecorded = "not recorded";

std::string DurationText(double seconds) {
  if (seconds < 1) {
    return llvm::formatv("{0:f2} s", seconds).str();
  }
  if (seconds < 60) {
    return llvm::formatv("{0:f1} s", seconds).str();
  }
  const auto whole = static_cast<uint64_t>(std::llround(seconds));
  if (whole < 3600) {
    return llvm::formatv("{0} min {1} s", whole / 60, whole % 60).str();
  }
  return llvm::formatv("{0} h {1} min", whole / 3600, whole % 3600 / 60).str();
}

std::string MemoryText(uint64_t bytes) {
  constexpr uint64_t kMega = 1000 * 1000;
  return bytes < kMega ? WithCommas(bytes / 1000) + " kB"
                       : WithCommas((bytes + kMega / 2) / kMega) + " MB";
}

std::string TimeText(int64_t seconds_since_epoch, bool utc) {
  using namespace std::chrono;
  const sys_seconds at{seconds{seconds_since_epoch}};
  const sys_days day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  return llvm::formatv("{0}-{1,0+2}-{2,0+2} {3,0+2}:{4,0+2}:{5,0+2}{6}",
                       static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()), time.hours().count(),
                       time.minutes().count(), time.seconds().count(), utc ? " UTC" : "")
      .str();
}

std::string ProjectTitle(const Report &report) {
  const llvm::StringRef name = llvm::StringRef(report.project->root).rtrim('/').rsplit('/').second;
  return name.empty() ? report.root_shown : name.str();
}

std::vector<const Suite *> SlowestSuites(const Joined &joined) {
  constexpr size_t kMost = 10;
  std::vector<const Suite *> timed;
  for (const Suite &suite : joined.suites) {
    if (suite.seconds) {
      timed.push_back(&suite);
    }
  }
  llvm::stable_sort(timed,
                    [](const Suite *a, const Suite *b) { return *a->seconds > *b->seconds; });
  timed.resize(std::min(timed.size(), kMost));
  return timed;
}

static std::string RootsText(const Project &project) {
  std::vector<std::string> roots;
  for (const SourceRoot &root : project.roots) {
    roots.push_back((root.path.empty() ? "." : root.path) + " (" + root.because + ")");
  }
  return roots.empty() ? "none" : llvm::join(roots, ", ");
}

Facts ProjectFacts(const Report &report) {
  const Project &project = *report.project;
  const LinkStats &stats = project.stats;
  Facts facts;
  facts.push_back({"root", report.root_shown + " (" + report.root_because + ")"});
  if (!report.paths.empty()) {
    facts.push_back({"reported on", llvm::join(report.paths, ", ")});
  }
  facts.push_back({"source roots", RootsText(project)});
  facts.push_back(
      {"size", Counted(report.stats.files, "file") + ", " + Counted(report.stats.lines, "line")});
  facts.push_back({"imports", WithCommas(stats.resolved) + " resolved, " +
                                  WithCommas(stats.missing) + " missing, " +
                                  WithCommas(stats.unknown) + " unknown, " +
                                  WithCommas(stats.external) + " of other projects"});
  facts.push_back({"Python", std::to_string(project.target.major) + "." +
                                 std::to_string(project.target.minor) + " (the version aimed at)"});
  facts.push_back({"environment",
                   project.environment.empty()
                       ? "none: " + Counted(project.third_party_unchecked, "third-party import") +
                             " not checked"
                       : project.environment});
  facts.push_back(
      {"analysis", report.complete ? "complete" : "incomplete: see the problems below"});
  return facts;
}

static std::string Text(const std::optional<Recorded> &recorded) {
  if (!recorded || recorded->text.empty()) {
    return kNotRecorded;
  }
  return recorded->from.empty() ? recorded->text : recorded->text + " (" + recorded->from + ")";
}

static std::string SourcesText(const RunHeader &run) {
  std::vector<std::string> sources;
  for (const SourceRead &source : run.sources) {
    sources.push_back(source.path + " (" + SourceKindName(source.kind) +
                      (source.complete ? ")" : ", ends early)"));
  }
  return llvm::join(sources, ", ");
}

Facts RunFacts(const RunHeader &run) {
  if (run.sources.empty()) {
    return {};
  }
  Facts facts;
  facts.push_back({"read from", SourcesText(run)});
  facts.push_back({"revision", Text(run.revision)});
  facts.push_back({"branch", Text(run.branch)});
  facts.push_back({"Python", Text(run.python)});
  facts.push_back({"test framework", Text(run.framework)});
  facts.push_back({"platform", Text(run.platform)});
  facts.push_back({"host", Text(run.host)});
  facts.push_back(
      {"started", run.started ? TimeText(*run.started, run.started_is_utc) : kNotRecorded});
  facts.push_back({"duration", run.seconds ? DurationText(*run.seconds) : kNotRecorded});
  facts.push_back({"peak memory", run.peak_memory ? MemoryText(*run.peak_memory) : kNotRecorded});
  facts.push_back(
      {"exit status", run.exit_status ? std::to_string(*run.exit_status) : kNotRecorded});
  std::vector<std::string> sums;
  for (const Recorded &declared : run.declared) {
    sums.push_back(declared.text + " (" + declared.from + ")");
  }
  if (!sums.empty()) {
    facts.push_back({"its own sums", llvm::join(sums, "; ")});
  }
  if (run.stale) {
    facts.push_back({"up to date", "no: " + run.stale_because});
  } else if (!run.changed.empty()) {
    const Place &first = run.changed.front();
    facts.push_back(
        {"up to date",
         "no: since then `" + PlaceText(first.path, first.line) + "`" +
             (run.changed.size() == 1 ? " has changed"
                                      : " and " + Counted(run.changed.size() - 1, "other line") +
                                            " that failures show have changed")});
  }
  return facts;
}

} // namespace pydefrag
