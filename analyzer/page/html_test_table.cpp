// The table of tests: failures first in the page itself, all of them once the script runs.
#include "page/html_parts.h"

#include "page/html_text.h"
#include "report/text/style.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

static constexpr size_t kMaxRows = 200;

llvm::StringRef OutcomeText(const TestRow &test) {
  return test.uncollected ? "not collected" : TestOutcomeName(test.outcome);
}

static bool Fails(const TestRow &test) {
  return test.uncollected || IsFailure(test.outcome);
}

static void WriteRow(llvm::raw_ostream &os, const TestRow &test) {
  os << "<tr><td><code>" << HtmlText(test.id) << "</code></td><td>"
     << HealthIcon(Fails(test) ? Health::Broken : Health::Clean) << ' ' << OutcomeText(test)
     << "</td><td>" << ReasonLink(test.reason) << "</td><td>"
     << (test.seconds < 0 ? "not recorded" : DurationText(double(test.seconds))) << "</td></tr>\n";
}

void WriteTests(llvm::raw_ostream &os, const Page &page) {
  const std::vector<TestRow> &tests = page.report->joined.tests;
  if (tests.empty()) {
    return;
  }
  OpenSection(os, "tests", "All tests",
              "Every test that a report names, and every file that could not be collected.");
  os << "<form class=\"filters needs-script\" id=\"tests-filter\"><label>search <input "
        "type=\"search\" id=\"tests-search\" autocomplete=\"off\"></label><label>outcome <select "
        "id=\"tests-outcome\"><option value=\"\">all</option></select></label>"
        "<output id=\"tests-shown\" aria-live=\"polite\"></output></form>\n"
        "<div id=\"tests-view\" class=\"scroll\" tabindex=\"0\"><table id=\"tests-table\"><thead>"
        "<tr><th>test</th><th>outcome</th><th>explained by</th><th>time</th></tr></thead><tbody>\n";
  size_t rows = 0;
  for (bool failing : {true, false}) {
    for (const TestRow &test : tests) {
      if (Fails(test) == failing && rows < kMaxRows) {
        WriteRow(os, test);
        ++rows;
      }
    }
  }
  os << "</tbody></table></div>\n";
  if (tests.size() > rows) {
    os << "<p class=\"without-script\">" << WithCommas(tests.size() - rows)
       << " more tests need the page's script</p>\n";
  }
  os << "</section>\n";
}

} // namespace pydefrag
