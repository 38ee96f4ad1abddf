#include "report/text/render_tests_text.h"

#include "join/next_steps.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {
namespace {

constexpr size_t kMaxSamples = 3; // tests named under a cluster

class SectionWriter {
public:
  SectionWriter(llvm::raw_ostream &os, const Joined &joined, const TestTextOptions &options)
      : os_(os), joined_(joined), options_(options) {}

  void Clusters();
  void Related();
  void Warnings();
  void Disagreements();
  void Plan();
  void Steps();

private:
  void Title(const llvm::Twine &text) {
    os_ << options_.palette->Paint(Ink::Strong, text.str()) << '\n';
  }
  std::string Shown(const Place &place) const {
    if (place.path.empty()) {
      return "";
    }
    return options_.path_prefix + place.path +
           (place.line > 0 ? ":" + std::to_string(place.line) : "");
  }
  size_t Limit(size_t size) const {
    return options_.max_items == 0 ? size : std::min(size, options_.max_items);
  }
  void More(size_t size) {
    if (size > Limit(size)) {
      os_ << "  and " << WithCommas(size - Limit(size)) << " more: --all\n";
    }
  }
  void Samples(llvm::ArrayRef<std::string> ids);
  std::string PlannedText(const std::optional<PlanState> &planned) const;

  llvm::raw_ostream &os_;
  const Joined &joined_;
  const TestTextOptions &options_;
};

std::string Blocked(size_t tests, size_t files) {
  std::string text = tests > 0 ? Counted(tests, "test") : "";
  if (files > 0) {
    text += (text.empty() ? "" : " and ") + Counted(files, "test module");
  }
  return text;
}

std::string CountsText(const TestCounts &counts) {
  std::string text = Counted(counts.Tests(), "test") + ": " + WithCommas(counts.passed) + " passed";
  const std::pair<uint32_t, const char *> others[] = {
      {counts.failed, " failed"},   {counts.errors, " errors"},   {counts.skipped, " skipped"},
      {counts.xfailed, " xfailed"}, {counts.not_run, " not run"},
  };
  for (const auto &[number, word] : others) {
    text += number > 0 ? ", " + WithCommas(number) + word : "";
  }
  if (counts.uncollected > 0) {
    text += "; " + Counted(counts.uncollected, "test module") + " not collected";
  }
  return text;
}

} // namespace

std::vector<std::pair<std::string, std::string>> TestHeaderLines(const Joined &joined) {
  std::vector<std::pair<std::string, std::string>> lines;
  if (!joined.forecast.sentence.empty()) {
    lines.push_back({"forecast", joined.forecast.sentence});
  }
  if (!joined.with_outcomes) {
    return lines;
  }
  std::string with = joined.run.framework ? joined.run.framework->text : "";
  if (joined.run.python) {
    with += (with.empty() ? "Python " : ", Python ") + joined.run.python->text;
  }
  lines.push_back({"tests", CountsText(joined.counts) + (with.empty() ? "" : " (" + with + ")")});
  for (const LevelResult &level : joined.levels) {
    if (joined.levels.size() > 1) {
      lines.push_back({"  " + level.level, CountsText(level.counts)});
    }
  }
  lines.push_back({"verdict", joined.verdict});
  return lines;
}

static std::string PredictedText(const RootCause &cause) {
  return "predicted: " + Counted(cause.modules_blocked, "test module") + " cannot be collected (" +
         Counted(cause.tests_blocked, "test") + "); " + cause.state_because;
}

std::string TestNote(const RootCause &cause) {
  switch (cause.state) {
  case CauseState::None:
    return "";
  case CauseState::Confirmed:
  case CauseState::Stale: {
    if (cause.failed_tests.empty() && cause.uncollected.empty() && !cause.predicted.empty()) {
      return PredictedText(cause);
    }
    const std::string word =
        cause.state == CauseState::Stale ? "seen in a run of older code: " : "confirmed: ";
    std::string text = Blocked(cause.failed_tests.size(), 0);
    text += text.empty() ? "" : " failed with this";
    if (!cause.uncollected.empty()) {
      text += (text.empty() ? "" : ", ") + Counted(cause.uncollected.size(), "test module") +
              " could not be collected (" + Counted(cause.tests_blocked, "test") + " blocked)";
    }
    return word + (text.empty() ? "the tests warn of it" : text) +
           (cause.state_because.empty() ? "" : "; " + cause.state_because);
  }
  case CauseState::Predicted:
    return PredictedText(cause);
  case CauseState::Masked:
    return "masked: " + Counted(cause.masked_tests.size(), "test") + " skipped because of this";
  case CauseState::Refuted:
    return "refuted: " + cause.state_because;
  }
  return "";
}

void SectionWriter::Samples(llvm::ArrayRef<std::string> ids) {
  for (const std::string &id : ids.take_front(kMaxSamples)) {
    os_ << "    " << options_.path_prefix + id << '\n';
  }
  if (ids.size() > kMaxSamples) {
    os_ << "    and " << WithCommas(ids.size() - kMaxSamples) << " more\n";
  }
}

std::string SectionWriter::PlannedText(const std::optional<PlanState> &planned) const {
  return planned ? std::string(" [plan: ") + PlanStateName(*planned) + "]" : "";
}

void SectionWriter::Clusters() {
  if (joined_.clusters.empty()) {
    return;
  }
  Title("Failures that no finding explains: " + Counted(joined_.clusters.size(), "reason"));
  for (const Cluster &cluster :
       llvm::ArrayRef(joined_.clusters).take_front(Limit(joined_.clusters.size()))) {
    os_ << "  " << options_.palette->Paint(Ink::Strong, cluster.title)
        << PlannedText(cluster.planned) << '\n';
    os_ << "    " << Blocked(cluster.failed_tests.size(), cluster.uncollected.size());
    const std::string site = Shown(cluster.site);
    os_ << (site.empty() ? "" : ", raised at " + site)
        << (cluster.site_text.empty() ? "" : ": " + cluster.site_text)
        << (cluster.outdated ? "; the code has changed since" : "") << '\n';
    for (size_t cause : cluster.related) {
      os_ << "    goes through a line with a finding: " << joined_.causes[cause].message << '\n';
    }
    Samples(cluster.uncollected);
    Samples(cluster.failed_tests);
  }
  More(joined_.clusters.size());
  os_ << '\n';
}

void SectionWriter::Related() {
  if (joined_.related.empty()) {
    return;
  }
  Title("Assertions related to findings: " + WithCommas(joined_.related.size()));
  for (const RelatedAssertion &related :
       llvm::ArrayRef(joined_.related).take_front(Limit(joined_.related.size()))) {
    os_ << "  " << options_.path_prefix + related.id << PlannedText(related.planned) << '\n'
        << "    " << related.error << '\n'
        << "    " << related.because << ": " << joined_.causes[related.causes.front()].message
        << '\n';
  }
  More(joined_.related.size());
  os_ << '\n';
}

void SectionWriter::Warnings() {
  if (joined_.warnings.empty()) {
    return;
  }
  Title("Warnings of the run: " + WithCommas(joined_.warnings.size()));
  for (const JoinedWarning &warning :
       llvm::ArrayRef(joined_.warnings).take_front(Limit(joined_.warnings.size()))) {
    os_ << "  " << Shown(warning.place) << ": " << warning.category << ": "
        << llvm::StringRef(warning.message).split('\n').first;
    os_ << (warning.count > 1 ? " (" + WithCommas(warning.count) + " times)" : "") << '\n';
    if (warning.cause) {
      os_ << "    explained by: " << joined_.causes[*warning.cause].message << '\n';
    }
  }
  More(joined_.warnings.size());
  os_ << '\n';
}

void SectionWriter::Disagreements() {
  if (joined_.disagreements.empty()) {
    return;
  }
  Title("Where pydefrag was wrong: " + WithCommas(joined_.disagreements.size()));
  for (const Disagreement &wrong :
       llvm::ArrayRef(joined_.disagreements).take_front(Limit(joined_.disagreements.size()))) {
    os_ << "  " << options_.path_prefix + wrong.id << ": " << wrong.because
        << ", though this was forecast at " << Shown(wrong.place) << ": " << wrong.message << '\n';
  }
  More(joined_.disagreements.size());
  os_ << '\n';
}

void SectionWriter::Plan() {
  const PlanResult &plan = joined_.plan;
  if (plan.tests.empty() && plan.without_test.empty()) {
    return;
  }
  const std::pair<PlanState, const char *> states[] = {
      {PlanState::AsPlanned, "failing as planned"},
      {PlanState::WrongReason, "right test, wrong reason"},
      {PlanState::Stale, "stale plan: it passes"},
      {PlanState::Expired, "expired plan"},
      {PlanState::Unverifiable, "expected, cause unverifiable: use --report-log"},
      {PlanState::NotRun, "planned, not run"},
  };
  Title("Expected failures" + (plan.path.empty() ? "" : " (" + plan.path + ")"));
  for (const auto &[state, words] : states) {
    const uint32_t count = plan.Count(state);
    if (count == 0) {
      continue;
    }
    os_ << "  " << words << ": " << WithCommas(count) << '\n';
    size_t shown = 0;
    for (const PlannedTest &test : plan.tests) {
      if (test.state != state || shown == Limit(count)) {
        continue;
      }
      ++shown;
      os_ << "    " << options_.path_prefix + test.id;
      if (state != PlanState::AsPlanned) {
        os_ << (test.expected.empty() ? "" : ": expected " + test.expected)
            << (test.seen.empty() ? "" : ", saw " + test.seen)
            << (state == PlanState::Expired ? ", until " + test.until : "");
      } else if (!test.reason.empty()) {
        os_ << ": " << test.reason;
      }
      os_ << (test.hides_import_error ? " (the mark hides an import error)" : "") << '\n';
    }
    if (count > shown) {
      os_ << "    and " << WithCommas(count - shown) << " more: --all\n";
    }
  }
  for (uint32_t line : plan.without_test) {
    os_ << "  no test matches " << plan.path << ':' << line << '\n';
  }
  os_ << '\n';
}

void SectionWriter::Steps() {
  if (joined_.steps.empty()) {
    return;
  }
  Title("What to do, in this order");
  const size_t limit = Limit(joined_.steps.size());
  for (size_t i = 0; i < limit; ++i) {
    const NextStep &step = joined_.steps[i];
    os_ << "  " << i + 1 << ". ";
    const std::string place = Shown(step.place);
    os_ << (place.empty() ? "" : place + ": ") << step.text;
    const std::string gain = GainText(step);
    os_ << (gain.empty() ? "" : " (unblocks " + gain + ")")
        << (step.planned ? ", expected to fail until then" : "") << '\n';
    if (!step.rerun.empty()) {
      os_ << "     " << options_.palette->Paint(Ink::Faint, step.rerun) << '\n';
    }
  }
  More(joined_.steps.size());
  os_ << '\n';
}

void RenderTestSections(llvm::raw_ostream &os, const Joined &joined,
                        const TestTextOptions &options) {
  if (!joined.with_outcomes) {
    return;
  }
  SectionWriter writer(os, joined, options);
  writer.Clusters();
  writer.Related();
  writer.Warnings();
  writer.Disagreements();
  writer.Plan();
  writer.Steps();
}

} // namespace pydefrag
