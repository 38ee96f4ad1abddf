#include "report/ci/render_github.h"

#include "report/groups.h"
#include "report/places.h"
#include "report/text/style.h"

#include <map>

namespace pydefrag {

static constexpr size_t kMostPerLevel = 10;

std::string EscapeGithubData(llvm::StringRef text) {
  std::string escaped;
  for (char c : text) {
    switch (c) {
    case '%':
      escaped += "%25";
      break;
    case '\r':
      escaped += "%0D";
      break;
    case '\n':
      escaped += "%0A";
      break;
    default:
      escaped += c;
    }
  }
  return escaped;
}

std::string EscapeGithubProperty(llvm::StringRef text) {
  std::string escaped;
  for (char c : EscapeGithubData(text)) {
    if (c == ':') {
      escaped += "%3A";
    } else if (c == ',') {
      escaped += "%2C";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

static llvm::StringRef LevelOf(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "error";
  case Severity::Warning:
    return "warning";
  case Severity::Note:
  case Severity::Off:
    return "notice";
  }
  return "notice";
}

// The first finding of each cause, worst cause first, then all others: ten annotations should speak
// of ten things.
static std::vector<const Finding *> ByWeight(const Report &report) {
  const std::vector<CauseGroup> groups = GroupByCause(report);
  std::vector<const Finding *> findings;
  for (const CauseGroup &group : groups) {
    findings.push_back(&report.findings[group.findings.front()]);
  }
  for (const CauseGroup &group : groups) {
    for (size_t index : llvm::ArrayRef(group.findings).drop_front()) {
      findings.push_back(&report.findings[index]);
    }
  }
  return findings;
}

// Columns only mean something within one line.
static void WritePlace(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                       Location where, llvm::StringRef path_prefix) {
  const std::string path = (path_prefix + report.project->PathOf(where.file)).str();
  os << "file=" << EscapeGithubProperty(path);
  if (const std::optional<TextRange> range = RangeOf(sources, FirstLineOf(sources, where))) {
    os << ",line=" << range->begin.line << ",endLine=" << range->end.line
       << ",col=" << range->begin.column << ",endColumn=" << range->end.column;
  }
}

static void WriteCommand(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                         const Finding &finding, llvm::StringRef path_prefix) {
  os << "::" << LevelOf(finding.severity) << ' ';
  WritePlace(os, report, sources, finding.where, path_prefix);
  os << ",title=" << EscapeGithubProperty(finding.code + " " + finding.name);
  std::string text = finding.message;
  const std::string &help = finding.fixes.empty() ? finding.help : finding.fixes.front().title;
  if (!help.empty()) {
    text += "\nhelp: " + help;
  }
  if (!finding.note.empty()) {
    text += "\nnote: " + finding.note;
  }
  os << "::" << EscapeGithubData(text) << '\n';
}

void RenderGithub(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                  llvm::StringRef path_prefix) {
  std::map<Severity, size_t, std::greater<>> written;
  std::map<Severity, size_t, std::greater<>> left;
  for (const Finding *finding : ByWeight(report)) {
    if (written[finding->severity] == kMostPerLevel) {
      ++left[finding->severity];
      continue;
    }
    ++written[finding->severity];
    WriteCommand(os, report, sources, *finding, path_prefix);
  }
  for (const auto &[severity, count] : left) {
    os << Counted(count, ("more " + llvm::Twine(SeverityName(severity))).str())
       << " without an annotation: GitHub shows " << kMostPerLevel << " a step\n";
  }
}

} // namespace pydefrag
