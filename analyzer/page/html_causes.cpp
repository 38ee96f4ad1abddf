// Root causes as cards, the filters above them, and what to do next.
#include "page/html_parts.h"

#include "join/next_steps.h"
#include "page/html_text.h"
#include "report/text/style.h"

#include "llvm/ADT/STLExtras.h"

#include <set>

namespace pydefrag {

static constexpr size_t kMaxNames = 8;
static constexpr size_t kMaxSteps = 10;

std::string ReasonLink(const ReasonRef &reason) {
  const std::string number = std::to_string(reason.index + 1);
  switch (reason.kind) {
  case ReasonKind::Cause:
    return "<a href=\"#cause-" + number + "\">root cause " + number + "</a>";
  case ReasonKind::Cluster:
    return "<a href=\"#cluster-" + number + "\">unexplained " + number + "</a>";
  case ReasonKind::Related:
    return "<a href=\"#related-" + number + "\">related " + number + "</a>";
  case ReasonKind::None:
    return "";
  }
  return "";
}

static void WriteImpact(llvm::raw_ostream &os, const CauseCard &card) {
  os << "<ul class=\"impact\">";
  auto item = [&](const std::string &text) { os << "<li>" << text << "</li>"; };
  item(Counted(card.places, "place") +
       (card.files > 1 ? " in " + Counted(card.files, "file") : std::string()));
  if (card.modules_blocked > 0) {
    item(Counted(card.modules_blocked, "module") + " cannot be imported");
  }
  if (card.TestFilesBlocked() > 0) {
    item(Counted(card.TestFilesBlocked(), "test module") + " cannot be collected");
  }
  if (card.TestsBlocked() > 0) {
    item(Counted(card.TestsBlocked(), "test") + " blocked");
  }
  if (card.joined && card.joined->importers > 0) {
    item("imported by " + Counted(card.joined->importers, "module"));
  }
  if (const llvm::StringRef state = CauseStateText(card.State()); !state.empty()) {
    os << "<li class=\"state\">" << state << "</li>";
  }
  if (card.joined && card.joined->planned) {
    os << "<li class=\"state\">plan: " << PlanStateName(*card.joined->planned) << "</li>";
  }
  os << "</ul>";
}

static void WriteDiff(llvm::raw_ostream &os, llvm::ArrayRef<DiffLine> diff) {
  if (diff.empty()) {
    return;
  }
  os << "<pre class=\"diff\">";
  llvm::StringRef path;
  for (const DiffLine &line : diff) {
    if (line.path != path) {
      path = line.path;
      os << "<span class=\"file\">" << HtmlText(PlaceText(path, line.line)) << "</span>\n";
    }
    os << (line.sign == '-' ? "<del>- " : "<ins>+ ") << HtmlText(line.text)
       << (line.sign == '-' ? "</del>\n" : "</ins>\n");
  }
  os << "</pre>\n";
}

static void WriteEvidence(llvm::raw_ostream &os, const RootCause &joined) {
  if (!joined.evidence.empty()) {
    os << "<h4>What the tests printed</h4><pre class=\"error-text\">" << HtmlText(joined.evidence)
       << "</pre>";
    if (!joined.evidence_test.empty()) {
      os << "<p class=\"by\">in <code>" << HtmlText(joined.evidence_test) << "</code></p>\n";
    }
  }
  if (joined.chain.size() > 1) {
    os << "<h4>How it is reached</h4>";
    WriteTrail(os, joined.chain);
  }
  if (!joined.state_because.empty()) {
    os << "<p class=\"by\">" << HtmlProse(joined.state_because) << "</p>\n";
  }
}

static void WriteTestsOf(llvm::raw_ostream &os, const RootCause &joined) {
  WriteNames(os, "Tests that failed of it", joined.failed_tests, kMaxNames);
  WriteNames(os, "Files that could not be collected", joined.uncollected, kMaxNames);
  WriteNames(os, "Tests skipped because of it", joined.masked_tests, kMaxNames);
  WriteNames(os, "Failed assertions that speak of it", joined.related_tests, kMaxNames);
  WriteNames(os, "Test files that it is going to block", StillToCome(joined), kMaxNames);
}

static void WriteFix(llvm::raw_ostream &os, const CauseCard &card) {
  if (card.fix.empty() && card.diff.empty()) {
    return;
  }
  os << "<h4>What to do</h4>";
  if (!card.fix.empty()) {
    os << "<p class=\"fix\">" << HtmlProse(card.fix) << "</p>\n";
  }
  WriteDiff(os, card.diff);
}

static void WritePlaces(llvm::raw_ostream &os, const CauseCard &card) {
  if (card.sites.empty()) {
    return;
  }
  os << "<h4>Where</h4>";
  WriteExcerpt(os, card.sites.front());
  for (const CauseNote &related : card.related) {
    os << "<p class=\"by\">" << HtmlProse(related.message) << ":</p>";
    WriteExcerpt(os, related.excerpt);
  }
  if (card.places == 1) {
    return;
  }
  os << "<details><summary>" << Counted(card.places - 1, "further place") << "</summary>";
  for (const SourceExcerpt &site : llvm::ArrayRef(card.sites).drop_front()) {
    WriteExcerpt(os, site);
  }
  if (card.places > card.sites.size()) {
    os << "<p>" << WithCommas(card.places - card.sites.size())
       << " more: <code>pydefrag check --select " << HtmlText(card.code)
       << " --output-format concise</code></p>";
  }
  os << "</details>\n";
}

static void WriteCard(llvm::raw_ostream &os, const CauseCard &card, bool open) {
  const Health health = HealthOfSeverity(card.severity);
  os << "<details class=\"card " << HealthName(health) << "\" id=\"cause-" << card.number
     << "\" data-rule=\"" << HtmlText(card.code) << "\" data-package=\"" << HtmlText(card.package)
     << "\" data-state=\"" << CauseStateName(card.State()) << "\"" << (open ? " open" : "") << ">\n"
     << "<summary><span class=\"number\">" << card.number << "</span>" << HealthIcon(health)
     << "<span class=\"headline\">" << HtmlProse(card.headline) << "</span>";
  WriteImpact(os, card);
  os << "<span class=\"rule\">" << HtmlText(card.code) << ' ' << HtmlText(card.rule)
     << "</span></summary>\n<div class=\"body\">\n";
  if (!card.message.empty()) {
    os << "<p>" << HtmlProse(card.message) << "</p>\n";
  }
  WritePlaces(os, card);
  if (card.joined) {
    WriteEvidence(os, *card.joined);
  }
  WriteFix(os, card);
  if (!card.note.empty()) {
    os << "<p class=\"note\">" << HtmlProse(card.note) << "</p>\n";
  }
  if (card.joined) {
    WriteTestsOf(os, *card.joined);
  }
  os << "<p class=\"by\">All about this kind of defect: <code>pydefrag rule " << HtmlText(card.code)
     << "</code></p>\n</div></details>\n";
}

static void WriteChoice(llvm::raw_ostream &os, llvm::StringRef name,
                        const std::set<std::pair<std::string, std::string>> &values) {
  if (values.size() < 2) {
    return;
  }
  os << "<label>" << name << " <select data-filter=\"" << name
     << "\"><option value=\"\">all</option>";
  for (const auto &[value, text] : values) {
    os << "<option value=\"" << HtmlText(value) << "\">" << HtmlText(text) << "</option>";
  }
  os << "</select></label>\n";
}

static void WriteFilters(llvm::raw_ostream &os, const Page &page) {
  std::set<std::pair<std::string, std::string>> rules, packages, states;
  for (const CauseCard &card : page.causes) {
    rules.insert({card.code, card.code + " " + card.rule});
    packages.insert({card.package, card.package});
    if (const llvm::StringRef state = CauseStateText(card.State()); !state.empty()) {
      states.insert({CauseStateName(card.State()), state.str()});
    }
  }
  os << "<form class=\"filters needs-script\" role=\"search\">"
     << "<label>search <input type=\"search\" id=\"search\" placeholder=\"press / to search\" "
        "autocomplete=\"off\"></label>\n";
  WriteChoice(os, "rule", rules);
  WriteChoice(os, "package", packages);
  WriteChoice(os, "state", states);
  os << "<output id=\"shown\" aria-live=\"polite\"></output></form>\n";
}

void WriteCauses(llvm::raw_ostream &os, const Page &page) {
  if (page.causes.empty()) {
    return;
  }
  OpenSection(os, "causes", "Root causes",
              "One card for each thing to put right, with all places that it ends. The worst come "
              "first.");
  WriteFilters(os, page);
  const size_t shown = std::min(page.causes.size(), kMaxStaticCards);
  os << "<div id=\"cards\">\n";
  for (const CauseCard &card : llvm::ArrayRef(page.causes).take_front(shown)) {
    WriteCard(os, card, card.number == 1);
  }
  os << "</div>\n";
  if (shown < page.causes.size()) {
    os << "<p id=\"more-causes\">" << Counted(page.causes.size() - shown, "more root cause")
       << ": <code>pydefrag check --all</code></p>\n";
  }
  os << "</section>\n";
}

static void WriteStep(llvm::raw_ostream &os, const NextStep &step) {
  os << "<li><strong>" << HtmlProse(step.text) << "</strong>";
  if (!step.place.path.empty()) {
    os << " in " << HtmlPlace(step.place.path, step.place.line);
  }
  if (const std::string gain = GainText(step); !gain.empty()) {
    os << " <span class=\"gain\">unblocks " << gain << "</span>";
  }
  os << ' ' << ReasonLink(step.reason);
  if (step.planned) {
    os << " <span class=\"by\">expected to fail until then</span>";
  }
  if (!step.rerun.empty()) {
    os << "<br><span class=\"by\">then run <code>" << HtmlText(step.rerun) << "</code></span>";
  }
  os << "</li>\n";
}

// Without a join there are no steps: the worst causes are the next thing to do.
static void WriteWorst(llvm::raw_ostream &os, const Page &page) {
  constexpr size_t kMost = 5;
  for (const CauseCard &card : llvm::ArrayRef(page.causes).take_front(kMost)) {
    os << "<li><strong>" << HtmlProse(card.headline) << "</strong>";
    if (!card.sites.empty()) {
      os << " in " << HtmlPlace(card.sites.front().path, card.sites.front().line);
    }
    os << (card.fix.empty() ? "" : "<br>" + HtmlProse(card.fix));
    os << " <a href=\"#cause-" << card.number << "\">root cause " << card.number << "</a></li>\n";
  }
}

void WriteSteps(llvm::raw_ostream &os, const Page &page) {
  const std::vector<NextStep> &steps = page.report->joined.steps;
  if (steps.empty() && page.causes.empty()) {
    return;
  }
  OpenSection(os, "steps", "What to do next",
              steps.empty() ? "The worst first."
                            : "In this order: what unblocks most tests first.");
  os << "<ol class=\"steps\">\n";
  if (steps.empty()) {
    WriteWorst(os, page);
  }
  for (const NextStep &step : llvm::ArrayRef(steps).take_front(kMaxSteps)) {
    WriteStep(os, step);
  }
  os << "</ol>\n";
  if (steps.size() > kMaxSteps) {
    os << "<details><summary>" << Counted(steps.size() - kMaxSteps, "more step")
       << "</summary><ol class=\"steps\" start=\"" << kMaxSteps + 1 << "\">\n";
    for (const NextStep &step : llvm::ArrayRef(steps).drop_front(kMaxSteps)) {
      WriteStep(os, step);
    }
    os << "</ol></details>\n";
  }
  os << "</section>\n";
}

} // namespace pydefrag
