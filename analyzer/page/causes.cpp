#include "page/causes.h"

#include "report/groups.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

namespace pydefrag {
namespace {

class CauseBuilder {
public:
  CauseBuilder(const Report &report, SourceCache &sources)
      : report_(report), project_(*report.project), sources_(sources),
        last_number_(static_cast<uint32_t>(report.joined.causes.size())) {}

  std::vector<CauseCard> Build() {
    const std::vector<CauseGroup> groups = GroupByCause(report_);
    llvm::StringMap<const CauseGroup *> by_cause;
    for (const CauseGroup &group : groups) {
      by_cause[group.cause] = &group;
    }
    for (const RootCause &joined : report_.joined.causes) {
      const auto group = by_cause.find(joined.cause);
      if (group == by_cause.end() && !WasSeen(joined)) {
        continue;
      }
      Add(group == by_cause.end() ? Silenced(joined) : FromGroup(*group->second), &joined);
      by_cause[joined.cause] = nullptr;
    }
    for (const CauseGroup &group : groups) {
      if (by_cause[group.cause]) {
        Add(FromGroup(group), nullptr);
      }
    }
    return std::move(cards_);
  }

private:
  // Whether a test run met it. Only then is it shown although none of its findings are: they are
  // silenced, or outside the PATHs.
  static bool WasSeen(const RootCause &joined) {
    return !joined.failed_tests.empty() || !joined.uncollected.empty() ||
           !joined.masked_tests.empty();
  }

  void Add(CauseCard card, const RootCause *joined) {
    card.joined = joined;
    if (joined && card.fix.empty()) {
      card.fix = joined->fix;
    }
    card.number = joined ? joined->number : ++last_number_;
    cards_.push_back(std::move(card));
  }

  // A cause whose findings are not shown.
  CauseCard Silenced(const RootCause &joined) {
    CauseCard card;
    card.cause = joined.cause;
    card.code = joined.code;
    card.rule = joined.name;
    card.severity = joined.severity;
    card.headline = joined.message;
    card.places = joined.places.size();
    for (const Place &place : llvm::ArrayRef(joined.places).take_front(kMaxCardSites)) {
      SourceExcerpt site;
      site.path = place.path;
      site.line = place.line;
      card.sites.push_back(std::move(site));
    }
    return card;
  }

  CauseCard FromGroup(const CauseGroup &group) {
    const Finding &first = report_.findings[group.findings.front()];
    CauseCard card;
    card.cause = group.cause;
    card.code = first.code;
    card.rule = first.name;
    card.severity = group.severity;
    card.headline = HeadlineOf(report_, group);
    card.message = card.headline == first.message ? "" : first.message;
    card.package = llvm::StringRef(first.module).split('.').first.str();
    card.note = first.note;
    card.places = group.findings.size();
    card.files = group.files;
    card.modules_blocked = group.blocked_modules;
    card.fix = first.fixes.empty() ? first.help : first.fixes.front().title;
    if (!first.fixes.empty()) {
      card.diff = DiffOf(project_, sources_, first.fixes.front(), kMaxDiffLines);
    }
    for (size_t finding : llvm::ArrayRef(group.findings).take_front(kMaxCardSites)) {
      card.sites.push_back(Excerpt(project_, sources_, report_.findings[finding].where));
    }
    for (const Related &related : first.related) {
      card.related.push_back({Excerpt(project_, sources_, related.where), related.message});
    }
    return card;
  }

  const Report &report_;
  const Project &project_;
  SourceCache &sources_;
  uint32_t last_number_; // those of the join come first, shown or not
  std::vector<CauseCard> cards_;
};

} // namespace

llvm::StringRef CauseStateText(CauseState state) {
  switch (state) {
  case CauseState::None:
    return "";
  case CauseState::Confirmed:
    return "confirmed by a run";
  case CauseState::Predicted:
    return "predicted: not run";
  case CauseState::Masked:
    return "hidden by a skip";
  case CauseState::Stale:
    return "the run is older than the code";
  case CauseState::Refuted:
    return "refuted by a test";
  }
  return "";
}

std::vector<std::string> StillToCome(const RootCause &cause) {
  std::vector<std::string> files;
  llvm::copy_if(cause.predicted, std::back_inserter(files), [&](const std::string &path) {
    return !llvm::is_contained(cause.uncollected, path);
  });
  return files;
}

std::vector<CauseCard> BuildCauses(const Report &report, SourceCache &sources) {
  return CauseBuilder(report, sources).Build();
}

} // namespace pydefrag
