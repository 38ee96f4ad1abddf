// Layout of a block: headline, code frame of the first site, the next sites, help and notes.
#include "report/text/render_full.h"

#include "report/groups.h"
#include "report/text/code_frame.h"
#include "report/text/render_tests_text.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <map>
#include <set>

namespace pydefrag {

static constexpr size_t kMaxAttached = 3; // places elsewhere shown with their code
static constexpr size_t kMaxRoots = 6;    // source roots in the header
static constexpr size_t kMaxReasons = 3;  // unknown reasons in the header
static constexpr size_t kMaxProblems = 10;
static constexpr size_t kMaxStale = 5; // baseline entries named

namespace {

class FullRenderer {
public:
  FullRenderer(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
               const FullOptions &options)
      : os_(os), report_(report), options_(options), palette_(options.color),
        frame_{.project = report.project,
               .sources = &sources,
               .palette = &palette_,
               .path_prefix = options.path_prefix,
               .links = options.links,
               .width = options.width} {}

  void Header();
  void Block(const CauseGroup &group);
  void Footer(const std::vector<CauseGroup> &groups, size_t shown);

private:
  void HeaderLine(llvm::StringRef label, const llvm::Twine &text) {
    os_ << palette_.Paint(Ink::Gutter, llvm::formatv("{0,-14}", label).str()) << text << '\n';
  }
  void Sites(const CauseGroup &group);
  void Notes(const CauseGroup &group);
  void Line(Ink ink, llvm::StringRef word, const llvm::Twine &text) {
    os_ << palette_.Paint(ink, (word + ":").str()) << ' ' << text << '\n';
  }
  std::string Roots() const;
  std::string Imports() const;
  std::string ShowAllCommand(const CauseGroup &group) const;

  llvm::raw_ostream &os_;
  const Report &report_;
  const FullOptions &options_;
  Palette palette_;
  FrameOptions frame_;
};

} // namespace

std::string FullRenderer::Roots() const {
  std::vector<std::string> roots;
  const std::vector<SourceRoot> &all = report_.project->roots;
  const size_t limit = options_.how_much == HowMuch::Verbose ? all.size() : kMaxRoots;
  for (const SourceRoot &root : llvm::ArrayRef(all).take_front(limit)) {
    const std::string path = root.path.empty() ? "." : root.path;
    roots.push_back(path + " (" + root.because + ")");
  }
  if (all.size() > limit) {
    roots.push_back(WithCommas(all.size() - limit) + " more (-v)");
  }
  return roots.empty() ? "none" : llvm::join(roots, ", ");
}

std::string FullRenderer::Imports() const {
  const LinkStats &stats = report_.project->stats;
  std::string text = WithCommas(stats.resolved) + " resolved, " + WithCommas(stats.missing) +
                     " missing, " + WithCommas(stats.unknown) + " unknown";
  const size_t limit =
      options_.how_much == HowMuch::Verbose ? stats.unknown_reasons.size() : kMaxReasons;
  std::vector<std::string> reasons;
  for (const auto &[reason, count] : llvm::ArrayRef(stats.unknown_reasons).take_front(limit)) {
    reasons.push_back(WithCommas(count) + " " + reason);
  }
  if (stats.unknown_reasons.size() > limit) {
    reasons.push_back("...");
  }
  if (!reasons.empty()) {
    text += " (" + llvm::join(reasons, "; ") + ")";
  }
  return text + ", " + WithCommas(stats.external) + " external";
}

void FullRenderer::Header() {
  const Project &project = *report_.project;
  HeaderLine("root", report_.root_shown + " (" + report_.root_because +
                         "): " + Counted(report_.stats.files, "file") + ", " +
                         Counted(report_.stats.lines, "line"));
  HeaderLine("source roots", Roots());
  if (project.environment.empty()) {
    HeaderLine("environment",
               "none: " + Counted(project.third_party_unchecked, "third-party import") +
                   " not checked");
  } else {
    HeaderLine("environment", project.environment);
  }
  HeaderLine("imports", Imports());
  for (const auto &[label, text] : TestHeaderLines(report_.joined)) {
    HeaderLine(label, text);
  }
  os_ << '\n';
}

// The command that shows what a block leaves out.
std::string FullRenderer::ShowAllCommand(const CauseGroup &group) const {
  const Finding &finding = report_.findings[group.findings.front()];
  if (group.fragment.valid()) {
    return "pydefrag trace " + finding.symbols.front();
  }
  return "pydefrag check --select " + finding.code + " --output-format concise";
}

void FullRenderer::Sites(const CauseGroup &group) {
  const size_t limit = options_.max_sites == 0 ? group.findings.size() : options_.max_sites;
  for (size_t i = 1; i < std::min(limit, group.findings.size()); ++i) {
    os_ << "  also at " << PlaceText(frame_, report_.findings[group.findings[i]].where) << '\n';
  }
  if (group.findings.size() > limit) {
    os_ << "  and " << WithCommas(group.findings.size() - limit)
        << " more: " << palette_.Paint(Ink::Strong, ShowAllCommand(group)) << '\n';
  }
}

static llvm::StringRef FixWord(Applicability applicability) {
  switch (applicability) {
  case Applicability::Safe:
    return " (safe fix)";
  case Applicability::Unsafe:
    return " (unsafe fix)";
  case Applicability::Display:
    return "";
  }
  return "";
}

void FullRenderer::Notes(const CauseGroup &group) {
  const Finding &finding = report_.findings[group.findings.front()];
  if (!finding.fixes.empty()) {
    const Fix &fix = finding.fixes.front();
    Line(Ink::Help, "help", fix.title + FixWord(fix.applicability));
  } else if (!finding.help.empty()) {
    Line(Ink::Help, "help", finding.help);
  }
  if (!finding.note.empty()) {
    Line(Ink::Note, "note", finding.note);
  }
  if (const RootCause *cause = group.joined) {
    if (const std::string told = TestNote(*cause); !told.empty()) {
      Line(Ink::Note, "note", told);
    }
  }
  if (group.blocked_modules > 0) {
    Line(Ink::Note, "note",
         Counted(group.blocked_modules, "module") + " cannot be imported because of this");
  }
}

void FullRenderer::Block(const CauseGroup &group) {
  const Finding &finding = report_.findings[group.findings.front()];
  const std::string tag = (llvm::StringRef(SeverityName(group.severity)) + "[" + finding.code +
                           " " + finding.name + "]")
                              .str();
  const std::string headline = HeadlineOf(report_, group);
  os_ << palette_.Paint(InkOf(group.severity), tag) << ": " << palette_.Paint(Ink::Strong, headline)
      << '\n';
  const std::string label = headline == finding.message ? "" : finding.message;
  std::vector<FrameMark> others;
  for (const Related &related : llvm::ArrayRef(finding.related).take_front(kMaxAttached)) {
    others.push_back({.where = related.where, .label = related.message});
  }
  RenderFrames(os_, frame_, {.where = finding.where, .label = label}, others);
  if (finding.related_total > others.size()) {
    os_ << "  and " << WithCommas(finding.related_total - others.size()) << " more places\n";
  }
  Sites(group);
  Notes(group);
  os_ << '\n';
}

// Of all files, or of those below the PATHs.
static std::string NoFindings(const Report &report) {
  const std::string all = Counted(report.stats.files, "file");
  if (report.paths.empty()) {
    return "No findings in " + all + ".";
  }
  size_t asked = 0;
  for (size_t i = 0; i < report.stats.files; ++i) {
    asked += IsInPaths(report.project->PathOf(FileId(i)), report.paths) ? 1 : 0;
  }
  if (asked == 0) {
    return "No findings: there is no Python in what was named.";
  }
  return "No findings in " + WithCommas(asked) + " of " + all + ".";
}

std::string SummaryLine(const Report &report) {
  if (report.findings.empty()) {
    return NoFindings(report);
  }
  std::map<Severity, size_t, std::greater<>> counts;
  std::set<FileId> files;
  for (const Finding &finding : report.findings) {
    ++counts[finding.severity];
    files.insert(finding.where.file);
  }
  std::string text = "Found ";
  size_t left = counts.size();
  for (const auto &[severity, count] : counts) {
    text += Counted(count, SeverityName(severity));
    --left;
    text += left == 0 ? "" : left == 1 ? " and " : ", ";
  }
  return text + " in " + Counted(files.size(), "file") + ".";
}

void RenderKnown(llvm::raw_ostream &os, const Report &report, HowMuch how_much) {
  const KnownFindings &known = report.known;
  if (known.in_baseline > 0) {
    os << Counted(known.in_baseline, "known finding") << " not shown (" << known.baseline << ").\n";
  }
  if (known.earlier > 0) {
    os << Counted(known.earlier, "finding") << " not shown: there since " << known.since
       << " or before.\n";
  }
  if (known.stale.empty()) {
    return;
  }
  os << Counted(known.stale.size(), "entry", "entries") << " of " << known.baseline
     << " no longer found: pydefrag check --write-baseline\n";
  const size_t limit = how_much == HowMuch::Verbose ? known.stale.size() : kMaxStale;
  for (const BaselineEntry &entry : llvm::ArrayRef(known.stale).take_front(limit)) {
    os << "  " << entry.code << ' ' << entry.module << ": " << entry.what << '\n';
  }
  if (known.stale.size() > limit) {
    os << "  and " << WithCommas(known.stale.size() - limit) << " more: -v\n";
  }
}

void FullRenderer::Footer(const std::vector<CauseGroup> &groups, size_t shown) {
  os_ << palette_.Paint(Ink::Strong, SummaryLine(report_));
  if (groups.size() > 1) {
    os_ << ' ' << Counted(groups.size(), "cause") << '.';
  }
  os_ << '\n';
  RenderKnown(os_, report_, options_.how_much);
  if (shown < groups.size()) {
    os_ << Counted(groups.size() - shown, "more cause") << ": "
        << palette_.Paint(Ink::Strong, "pydefrag check --all") << '\n';
  }
  if (!groups.empty()) {
    const Finding &worst = report_.findings[groups.front().findings.front()];
    const std::string command = groups.front().fragment.valid()
                                    ? "pydefrag trace " + worst.symbols.front()
                                    : "pydefrag rule " + worst.code;
    os_ << "Next: " << palette_.Paint(Ink::Strong, command) << '\n';
  }
}

void RenderProblems(llvm::raw_ostream &os, const Report &report, const FullOptions &options) {
  const Palette palette(options.color);
  const size_t limit = options.how_much == HowMuch::Verbose ? report.problems.size() : kMaxProblems;
  for (const Problem &problem : llvm::ArrayRef(report.problems).take_front(limit)) {
    const bool fatal = MakesIncomplete(problem.kind);
    os << palette.Paint(fatal ? Ink::Error : Ink::Warning, "problem") << ": ";
    if (!problem.path.empty()) {
      os << options.path_prefix + problem.path;
      if (problem.line > 0) {
        os << ':' << problem.line;
      }
      os << ": ";
    }
    os << problem.message << '\n';
  }
  if (report.problems.size() > limit) {
    os << "and " << Counted(report.problems.size() - limit, "more problem") << ": -v\n";
  }
}

void RenderStatistics(llvm::raw_ostream &os, const Report &report) {
  std::map<std::pair<std::string, std::string>, size_t> counts;
  for (const Finding &finding : report.findings) {
    ++counts[{finding.code, finding.name}];
  }
  std::vector<std::pair<size_t, std::pair<std::string, std::string>>> order;
  for (const auto &[rule, count] : counts) {
    order.push_back({count, rule});
  }
  llvm::stable_sort(order, [](const auto &a, const auto &b) { return a.first > b.first; });
  for (const auto &[count, rule] : order) {
    os << count << '\t' << rule.first << '\t' << rule.second << '\n';
  }
}

void RenderFull(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                const FullOptions &options) {
  FullRenderer renderer(os, report, sources, options);
  if (options.how_much != HowMuch::Quiet) {
    renderer.Header();
  }
  const std::vector<CauseGroup> groups = GroupByCause(report);
  const size_t shown =
      options.max_blocks == 0 ? groups.size() : std::min(groups.size(), options.max_blocks);
  for (const CauseGroup &group : llvm::ArrayRef(groups).take_front(shown)) {
    renderer.Block(group);
  }
  const Palette palette(options.color);
  TestTextOptions tests{.palette = &palette, .path_prefix = options.path_prefix};
  tests.max_items = options.max_blocks == 0 ? 0 : tests.max_items;
  RenderTestSections(os, report.joined, tests);
  RenderProblems(os, report, options);
  if (!report.complete) {
    os << "The analysis is incomplete.\n";
  }
  if (options.how_much != HowMuch::Quiet) {
    renderer.Footer(groups, shown);
  }
}

} // namespace pydefrag
