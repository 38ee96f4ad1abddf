#include "report/text/render_markdown.h"

#include "report/groups.h"
#include "report/places.h"
#include "report/text/render_full.h"
#include "report/text/style.h"

namespace pydefrag {

static constexpr size_t kOpenRows = 10;         // the rest is folded
static constexpr size_t kMaxBytes = 900 * 1024; // of rows

// Text for a table's cell: no bar ends it, and no tag of the source's is taken for one. Between
// backticks a tag is shown as it is.
static std::string Cell(llvm::StringRef text) {
  std::string cell;
  bool code = false;
  for (char c : text) {
    if (c == '`') {
      code = !code;
    }
    if (c == '|') {
      cell += "\\|";
    } else if (!code && (c == '<' || c == '&')) {
      cell += c == '<' ? "&lt;" : "&amp;";
    } else if (c == '\n' || c == '\r') {
      cell += ' ';
    } else if (!code && (c == '*' || c == '_' || c == '[' || c == ']' || c == '#' || c == '@')) {
      cell += '\\';
      cell += c;
    } else {
      cell += c;
    }
  }
  return cell;
}

static std::string Place(const Report &report, SourceCache &sources, const Finding &finding,
                         llvm::StringRef path_prefix) {
  std::string place = (path_prefix + report.project->PathOf(finding.where.file)).str();
  if (const std::optional<TextRange> range = RangeOf(sources, finding.where)) {
    place += ":" + std::to_string(range->begin.line);
  }
  return Cell("`" + place + "`");
}

static std::string Row(const Report &report, SourceCache &sources, const CauseGroup &group,
                       llvm::StringRef path_prefix) {
  const Finding &first = report.findings[group.findings.front()];
  const std::string &help = first.fixes.empty() ? first.help : first.fixes.front().title;
  std::string row = std::string("| ") + SeverityName(group.severity) + " | " + first.code + " " +
                    first.name + " | " + Cell(HeadlineOf(report, group));
  row += help.empty() ? "" : "<br>" + Cell(help);
  row += " | " + Place(report, sources, first, path_prefix);
  if (group.findings.size() > 1) {
    row += " and " + WithCommas(group.findings.size() - 1) + " more";
  }
  return row + " |\n";
}

static constexpr llvm::StringRef kTableHead =
    "| severity | rule | what | where |\n|---|---|---|---|\n";

static void WriteCauses(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                        llvm::StringRef path_prefix) {
  const std::vector<CauseGroup> groups = GroupByCause(report);
  size_t bytes = 0;
  size_t written = 0;
  for (const CauseGroup &group : groups) {
    if (written == kOpenRows) {
      os << "\n<details><summary>" << Counted(groups.size() - kOpenRows, "more cause")
         << "</summary>\n\n";
    }
    if (written == 0 || written == kOpenRows) {
      os << kTableHead;
    }
    const std::string row = Row(report, sources, group, path_prefix);
    bytes += row.size();
    if (bytes > kMaxBytes) {
      break;
    }
    os << row;
    ++written;
  }
  if (written < groups.size()) {
    os << "\n" << Counted(groups.size() - written, "more cause") << " left out.\n";
  }
  if (groups.size() > kOpenRows) {
    os << "\n</details>\n";
  }
}

void RenderMarkdown(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                    llvm::StringRef path_prefix) {
  os << "## pydefrag\n\n" << SummaryLine(report) << '\n';
  if (!report.complete) {
    os << "\n**The analysis is incomplete.**\n";
  }
  if (!report.findings.empty()) {
    os << '\n';
    WriteCauses(os, report, sources, path_prefix);
  }
  if (!report.problems.empty()) {
    os << "\n<details><summary>" << Counted(report.problems.size(), "problem") << "</summary>\n\n";
    for (const Problem &problem : llvm::ArrayRef(report.problems).take_front(kOpenRows)) {
      os << "- " << (problem.path.empty() ? "" : Cell("`" + problem.path + "`") + ": ")
         << Cell(problem.message) << '\n';
    }
    if (report.problems.size() > kOpenRows) {
      os << "- and " << WithCommas(report.problems.size() - kOpenRows) << " more\n";
    }
    os << "\n</details>\n";
  }
}

} // namespace pydefrag
