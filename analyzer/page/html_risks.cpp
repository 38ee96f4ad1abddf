// What hangs on the root causes, and which suites take longest.
#include "page/html_parts.h"

#include "page/html_text.h"

namespace pydefrag {

void WriteRisks(llvm::raw_ostream &os, const Page &page) {
  constexpr size_t kMost = 20;
  const std::vector<Risk> &risks = page.report->joined.risks;
  if (risks.empty()) {
    return;
  }
  OpenSection(os, "risks", "Risks", "By how many modules and test files hang on them.");
  os << "<ol>\n";
  for (const Risk &risk : llvm::ArrayRef(risks).take_front(kMost)) {
    os << "<li>" << HtmlProse(risk.text) << " &rarr; "
       << ReasonLink({.kind = ReasonKind::Cause, .index = risk.cause}) << "</li>\n";
  }
  os << "</ol>\n";
  if (risks.size() > kMost) {
    os << "<p>" << risks.size() - kMost << " more</p>\n";
  }
  os << "</section>\n";
}

void WriteSlowest(llvm::raw_ostream &os, const Page &page) {
  const Joined &joined = page.report->joined;
  if (!joined.with_outcomes) {
    return;
  }
  OpenSection(os, "slowest", "Slowest suites", "By the sum of their tests' times.");
  const std::vector<const Suite *> suites = SlowestSuites(joined);
  if (suites.empty()) {
    os << "<p class=\"by\">not recorded</p>\n";
  }
  os << "<ol>\n";
  for (const Suite *suite : suites) {
    os << "<li><code>" << HtmlText(suite->folder) << "</code> " << DurationText(*suite->seconds)
       << "</li>\n";
  }
  os << "</ol>\n</section>\n";
}

} // namespace pydefrag
