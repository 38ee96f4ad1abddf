#include "page/markdown.h"

#include "join/next_steps.h"
#include "page/markdown_parts.h"
#include "report/text/style.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

static constexpr size_t kMaxCauses = 50;
static constexpr size_t kMaxListed = 8;

std::string MarkdownPlace(llvm::StringRef path, uint32_t line) {
  return path.empty() ? "" : MarkdownCode(PlaceText(path, line));
}

std::string MarkdownReason(const ReasonRef &reason) {
  const std::string number = std::to_string(reason.index + 1);
  switch (reason.kind) {
  case ReasonKind::Cause:
    return "root cause " + number;
  case ReasonKind::Cluster:
    return "unexplained " + number;
  case ReasonKind::Related:
    return "related " + number;
  case ReasonKind::None:
    return "";
  }
  return "";
}

static void WriteFacts(llvm::raw_ostream &os, llvm::StringRef title, const Facts &facts) {
  if (facts.empty()) {
    return;
  }
  os << "| " << title << " | |\n|---|---|\n";
  for (const auto &[label, text] : facts) {
    os << "| " << MarkdownProse(label) << " | " << MarkdownProse(text) << " |\n";
  }
  os << '\n';
}

static void WriteHeader(llvm::raw_ostream &os, const Page &page) {
  os << "# " << MarkdownProse(page.title) << ": import report\n\n**" << MarkdownProse(page.verdict)
     << "**\n\n";
  for (const Figure &figure : page.figures) {
    os << "- " << figure.number << ' ' << figure.label
       << (figure.note.empty() ? "" : " (" + figure.note + ")") << '\n';
  }
  os << '\n';
  WriteFacts(os, "The run of the tests", page.run);
  WriteFacts(os, "The code", page.project);
}

static void WriteEvidence(llvm::raw_ostream &os, const CauseCard &card) {
  if (card.joined && !card.joined->evidence.empty()) {
    os << "- **Evidence:** " << MarkdownCode(card.joined->evidence);
    if (!card.joined->evidence_test.empty()) {
      os << " in " << MarkdownCode(card.joined->evidence_test);
    }
    os << '\n';
  } else if (!card.message.empty()) {
    os << "- **Evidence:** " << MarkdownProse(card.message) << '\n';
  } else if (!card.note.empty()) {
    os << "- **Evidence:** " << MarkdownProse(card.note) << '\n';
  }
  if (card.joined && card.joined->chain.size() > 1) {
    os << "- **Reached by:** ";
    for (size_t i = 0; i < card.joined->chain.size(); ++i) {
      const Place &place = card.joined->chain[i];
      os << (i == 0 ? "" : " → ") << MarkdownPlace(place.path, place.line);
    }
    os << '\n';
  }
}

static void WritePlace(llvm::raw_ostream &os, const CauseCard &card) {
  if (card.sites.empty()) {
    return;
  }
  const SourceExcerpt &site = card.sites.front();
  os << "- **Place:** " << MarkdownPlace(site.path, site.line);
  const std::string line = site.before + site.marked + site.after;
  if (!line.empty()) {
    os << ": " << MarkdownCode(llvm::StringRef(line).trim());
  }
  for (size_t i = 1; i < card.sites.size(); ++i) {
    os << ", " << MarkdownPlace(card.sites[i].path, card.sites[i].line);
  }
  if (card.places > card.sites.size()) {
    os << " and " << WithCommas(card.places - card.sites.size()) << " more";
  }
  os << '\n';
}

static void WriteImpact(llvm::raw_ostream &os, const CauseCard &card) {
  std::vector<std::string> parts;
  if (card.TestsBlocked() > 0) {
    parts.push_back(Counted(card.TestsBlocked(), "test") + " blocked");
  }
  if (card.TestFilesBlocked() > 0) {
    parts.push_back(Counted(card.TestFilesBlocked(), "test module") + " cannot be collected");
  }
  if (card.modules_blocked > 0) {
    parts.push_back(Counted(card.modules_blocked, "module") + " cannot be imported");
  }
  parts.push_back(Counted(card.places, "place") +
                  (card.files > 1 ? " in " + Counted(card.files, "file") : std::string()));
  os << "- **Impact:** ";
  for (size_t i = 0; i < parts.size(); ++i) {
    os << (i == 0 ? "" : ", ") << parts[i];
  }
  if (card.joined && card.joined->planned) {
    os << "; plan: " << PlanStateName(*card.joined->planned);
  }
  os << '\n';
}

static void WriteDiff(llvm::raw_ostream &os, llvm::ArrayRef<DiffLine> diff) {
  if (diff.empty()) {
    return;
  }
  std::string fence = "```";
  while (llvm::any_of(
      diff, [&](const DiffLine &line) { return line.text.find(fence) != std::string::npos; })) {
    fence += '`';
  }
  os << "\n  " << fence << "diff\n";
  for (const DiffLine &line : diff) {
    os << "  " << line.sign << ' ' << line.text << '\n';
  }
  os << "  " << fence << "\n";
}

static void WriteNames(llvm::raw_ostream &os, llvm::StringRef label,
                       llvm::ArrayRef<std::string> names) {
  if (names.empty()) {
    return;
  }
  os << "- **" << label << "** ";
  for (size_t i = 0; i < std::min(names.size(), kMaxListed); ++i) {
    os << (i == 0 ? "" : ", ") << MarkdownCode(names[i]);
  }
  if (names.size() > kMaxListed) {
    os << " and " << WithCommas(names.size() - kMaxListed) << " more";
  }
  os << '\n';
}

static void WriteCauseCard(llvm::raw_ostream &os, const CauseCard &card) {
  os << "### Root cause " << card.number << ": " << MarkdownProse(card.headline) << "\n\n"
     << SeverityName(card.severity) << ' ' << card.code << ' ' << card.rule;
  if (card.State() != CauseState::None) {
    os << ", " << MarkdownProse(CauseStateText(card.State()));
  }
  if (card.joined && !card.joined->state_because.empty()) {
    os << ": " << MarkdownProse(card.joined->state_because);
  }
  os << "\n\n";
  WriteEvidence(os, card);
  WritePlace(os, card);
  WriteImpact(os, card);
  if (card.joined) {
    WriteNames(os, "Failed:", card.joined->failed_tests);
    WriteNames(os, "Not collected:", card.joined->uncollected);
    WriteNames(os, "Skipped:", card.joined->masked_tests);
    WriteNames(os, "Perhaps why these failed:", card.joined->related_tests);
    WriteNames(os, "Going to be blocked:", StillToCome(*card.joined));
  }
  if (!card.fix.empty()) {
    os << "- **Fix:** " << MarkdownProse(card.fix) << '\n';
  }
  WriteDiff(os, card.diff);
  os << '\n';
}

static void WriteCauseCards(llvm::raw_ostream &os, const Page &page) {
  if (page.causes.empty()) {
    return;
  }
  os << "## Root causes\n\nEach is one conflict: how it shows, where it stands, what it holds up, "
        "and the change that ends it.\n\n";
  for (const CauseCard &card : llvm::ArrayRef(page.causes).take_front(kMaxCauses)) {
    WriteCauseCard(os, card);
  }
  if (page.causes.size() > kMaxCauses) {
    os << Counted(page.causes.size() - kMaxCauses, "more root cause")
       << ": `pydefrag check --all`\n\n";
  }
}

static void WriteFragments(llvm::raw_ostream &os, const Page &page) {
  if (page.fans.total == 0) {
    return;
  }
  os << "## One thing, several import paths\n\n| defined | import it as | imports | stray | "
        "paths |\n|---|---|--:|--:|---|\n";
  for (const Fan &fan : page.fans.fans) {
    os << "| " << MarkdownPlace(fan.file, fan.line) << " | "
       << MarkdownCellCode(fan.paths.front().path) << " | " << fan.canonical_uses << " | "
       << fan.stray_uses << " |";
    for (const FanPath &path : llvm::ArrayRef(fan.paths).drop_front()) {
      os << ' ' << MarkdownCellCode(path.path) << " ×" << path.uses;
    }
    os << " |\n";
  }
  os << '\n';
  if (page.fans.total > page.fans.fans.size()) {
    os << WithCommas(page.fans.total - page.fans.fans.size()) << " more\n\n";
  }
}

static void WriteCycles(llvm::raw_ostream &os, const Page &page) {
  if (page.cycles.total == 0) {
    return;
  }
  os << "## Import cycles\n\n";
  for (const CycleCard &card : page.cycles.cards) {
    os << card.number << ". " << Counted(card.modules.size(), "module") << ", "
       << Counted(card.imports, "import") << " between them"
       << (card.crashes ? "; importing one of them fails" : "") << ". A shortest way round: ";
    for (const CycleHop &hop : card.way) {
      os << MarkdownCode(hop.from) << " (" << MarkdownPlace(hop.path, hop.line) << ") → ";
    }
    os << (card.way.empty() ? "" : MarkdownCode(card.way.back().to)) << ". Take out ";
    for (size_t i = 0; i < card.feedback.size(); ++i) {
      os << (i == 0 ? "" : ", ") << MarkdownPlace(card.feedback[i].path, card.feedback[i].line);
    }
    if (card.feedback_total > card.feedback.size()) {
      os << " and " << WithCommas(card.feedback_total - card.feedback.size()) << " more imports";
    }
    os << ".\n";
  }
  if (page.cycles.total > page.cycles.cards.size()) {
    os << '\n' << Counted(page.cycles.total - page.cycles.cards.size(), "more cycle") << '\n';
  }
  os << '\n';
}

static void WriteRisks(llvm::raw_ostream &os, const Page &page) {
  const std::vector<Risk> &risks = page.report->joined.risks;
  if (risks.empty()) {
    return;
  }
  os << "## Risks\n\nBy how much hangs on them.\n\n";
  for (const Risk &risk : risks) {
    os << "- " << MarkdownProse(risk.text) << " (root cause " << risk.cause + 1 << ")\n";
  }
  os << '\n';
}

static void WriteSteps(llvm::raw_ostream &os, const Page &page) {
  const std::vector<NextStep> &steps = page.report->joined.steps;
  constexpr size_t kWorst = 5;
  if (steps.empty() && page.causes.empty()) {
    return;
  }
  os << "## What to do next\n\n";
  uint32_t number = 0;
  for (const NextStep &step : steps) {
    os << ++number << ". " << MarkdownProse(step.text);
    const std::string place = MarkdownPlace(step.place.path, step.place.line);
    os << (place.empty() ? "" : " in " + place);
    const std::string gain = GainText(step);
    os << (gain.empty() ? "" : ": unblocks " + gain);
    const std::string reason = MarkdownReason(step.reason);
    os << (reason.empty() ? "" : " (" + reason + ")");
    os << (step.planned ? ", expected to fail until then" : "");
    os << (step.rerun.empty() ? "" : "; then run " + MarkdownCode(step.rerun)) << '\n';
  }
  for (const CauseCard &card : llvm::ArrayRef(page.causes).take_front(steps.empty() ? kWorst : 0)) {
    os << ++number << ". " << MarkdownProse(card.headline);
    os << (card.sites.empty()
               ? ""
               : " in " + MarkdownPlace(card.sites.front().path, card.sites.front().line))
       << (card.fix.empty() ? "" : ": " + MarkdownProse(card.fix)) << " (root cause " << card.number
       << ")\n";
  }
  os << '\n';
}

void RenderMarkdownReport(llvm::raw_ostream &os, const Page &page) {
  using Part = void (*)(llvm::raw_ostream &, const Page &);
  constexpr Part kParts[] = {
      WriteHeader,  MarkdownSuites,        WriteCauseCards, MarkdownClusters, MarkdownForecast,
      MarkdownPlan, MarkdownWarnings,      MarkdownSlowest, WriteFragments,   WriteCycles,
      WriteRisks,   MarkdownDisagreements, WriteSteps};
  for (const Part part : kParts) {
    part(os, page);
  }
}

} // namespace pydefrag
