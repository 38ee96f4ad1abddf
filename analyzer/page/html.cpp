#include "page/html.h"

#include "page/assets.h"
#include "page/html_parts.h"
#include "page/html_text.h"
#include "report/json/render_json.h"

namespace pydefrag {

// Nothing may be loaded from anywhere, and nothing sent.
static constexpr const char *kPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'";

// The shapes of the states, and the heads of arrows; used by reference.
static constexpr const char *kShapes =
    R"(<svg width="0" height="0" class="shapes" aria-hidden="true">
<symbol id="icon-broken" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/><path d="M4 8h8" class="cut"/></symbol>
<symbol id="icon-error" viewBox="0 0 16 16"><path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z"/><path d="M5.5 5.5l5 5m0-5l-5 5" class="cut"/></symbol>
<symbol id="icon-warning" viewBox="0 0 16 16"><path d="M8 1l7.5 14H.5z"/><path d="M8 6v4.5m0 1.2v1.3" class="cut"/></symbol>
<symbol id="icon-note" viewBox="0 0 16 16"><rect x="2" y="2" width="12" height="12" rx="2"/><path d="M8 7v5m0-8v1.5" class="cut"/></symbol>
<symbol id="icon-clean" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/><path d="M4.5 8.5l2.5 2.5 4.5-5.5" class="cut"/></symbol>
<defs><marker id="arrow" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0l8 4-8 4z"/></marker>
<marker id="arrow-way" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="4" markerHeight="4" orient="auto"><path d="M0 0l8 4-8 4z" class="way-head"/></marker></defs>
</svg>
)";

void OpenSection(llvm::raw_ostream &os, llvm::StringRef id, llvm::StringRef title,
                 llvm::StringRef lead) {
  os << "<section id=\"" << id << "\">\n<h2>" << title << "</h2>\n<p class=\"lead\">"
     << HtmlProse(lead) << "</p>\n";
}

static void WriteHead(llvm::raw_ostream &os, const Page &page) {
  os << "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
     << "<meta http-equiv=\"Content-Security-Policy\" content=\"" << kPolicy << "\">\n"
     << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
     << "<meta name=\"color-scheme\" content=\"light dark\">\n"
     << "<meta name=\"generator\" content=\"pydefrag " << ToolVersion() << "\">\n"
     << "<title>" << HtmlText(page.title) << ": import report</title>\n<style>\n"
     << PageStyle() << "</style>\n</head>\n<body>\n"
     << kShapes;
}

static void WriteVerdict(llvm::raw_ostream &os, const Page &page) {
  os << "<header class=\"verdict " << HealthName(page.health) << "\">\n<p class=\"title\">"
     << HtmlText(page.title) << " <span>import report by pydefrag</span></p>\n<h1>"
     << HealthIcon(page.health) << ' ' << HtmlProse(page.verdict) << "</h1>\n"
     << "<p class=\"intro\">pydefrag reads the code without running it and follows every import to "
        "the class, function or module it reaches. A <em>root cause</em> is one thing to put "
        "right: "
        "several broken or stray imports, and the tests they stop, often come from the same "
        "one.</p>\n<ul class=\"figures\">\n";
  for (const Figure &figure : page.figures) {
    const bool linked = !figure.section.empty();
    os << "<li>" << (linked ? "<a href=\"#" + figure.section + "\">" : std::string("<div>"))
       << HealthIcon(figure.health) << "<strong>" << HtmlText(figure.number) << "</strong><span>"
       << HtmlText(figure.label) << "</span><small>" << HtmlText(figure.note) << "</small>"
       << (linked ? "</a>" : "</div>") << "</li>\n";
  }
  os << "</ul>\n</header>\n";
}

static void WriteFacts(llvm::raw_ostream &os, llvm::StringRef title, const Facts &facts) {
  if (facts.empty()) {
    return;
  }
  os << "<h3>" << title << "</h3><dl class=\"facts\">\n";
  for (const auto &[label, text] : facts) {
    os << "<dt>" << HtmlText(label) << "</dt><dd" << (text == "not recorded" ? " class=\"by\"" : "")
       << '>' << HtmlText(text) << "</dd>\n";
  }
  os << "</dl>\n";
}

static void WriteProblems(llvm::raw_ostream &os, llvm::StringRef title,
                          llvm::ArrayRef<Problem> problems) {
  constexpr size_t kMost = 200;
  if (problems.empty()) {
    return;
  }
  os << "<h3>" << title << "</h3><ul>\n";
  for (const Problem &problem : problems.take_front(kMost)) {
    os << "<li>" << HtmlPlace(problem.path, problem.line) << ' ' << HtmlProse(problem.message)
       << "</li>\n";
  }
  os << "</ul>\n";
  if (problems.size() > kMost) {
    os << "<p>" << problems.size() - kMost << " more</p>\n";
  }
}

void WriteRun(llvm::raw_ostream &os, const Page &page) {
  OpenSection(os, "run", "What was looked at",
              page.run.empty() ? "No report of a test run was given: `--tests FILE` joins one."
                               : "The code, and the run of its tests.");
  WriteFacts(os, "The run of the tests", page.run);
  WriteFacts(os, "The code", page.project);
  WriteProblems(os, "What could not be read", page.report->problems);
  WriteProblems(os, "What was wrong with the test reports", page.report->joined.problems);
  os << "</section>\n";
}

void RenderHtml(llvm::raw_ostream &os, const Page &page) {
  WriteHead(os, page);
  WriteVerdict(os, page);
  os << "<nav id=\"contents\" class=\"contents needs-script\" "
        "aria-label=\"contents\"></nav>\n<main>\n";
  using Part = void (*)(llvm::raw_ostream &, const Page &);
  constexpr Part kParts[] = {
      WriteSteps, WriteSuites,  WriteCauses,   WriteClusters,      WriteForecast, WritePlan,
      WriteFans,  WriteTreemap, WriteMatrix,   WriteCycles,        WriteExplorer, WriteRisks,
      WriteTests, WriteSlowest, WriteWarnings, WriteDisagreements, WriteRun};
  for (const Part part : kParts) {
    part(os, page);
  }
  os << "</main>\n";
  WritePageData(os, page);
  os << "<script>\n" << PageScript() << "</script>\n</body>\n</html>\n";
}

} // namespace pydefrag
