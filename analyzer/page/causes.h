// One card for each root cause: what is wrong, where, what it holds up, what to change. What the
// tests say of it comes from Joined, the rest from the findings. Entry point: BuildCauses.
#pragma once

#include "page/excerpts.h"
#include "report/report.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pydefrag {

constexpr size_t kMaxCardSites = 5;
constexpr size_t kMaxDiffLines = 12;

struct CauseNote { // a place elsewhere that belongs to the first one
  SourceExcerpt excerpt;
  std::string message;
};

struct CauseCard {
  uint32_t number = 0; // from 1, as in Joined::causes; later ones are what no test is held up by
  std::string cause, code, rule;
  Severity severity = Severity::Error;
  std::string headline;       // one line; names in backticks
  std::string message;        // of the first finding, when the headline says something else
  std::string package;        // first component of the module it stands in
  std::string fix;            // what to do; "" when nothing can be said
  std::vector<DiffLine> diff; // of the first finding's fix
  std::string note;
  std::vector<SourceExcerpt> sites; // the first kMaxCardSites findings
  std::vector<CauseNote> related;   // of the first finding
  size_t places = 0;                // findings
  size_t files = 0;
  size_t modules_blocked = 0;        // of the project, that cannot be imported because of it
  const RootCause *joined = nullptr; // none: the tests say nothing of it

  CauseState State() const { return joined ? joined->state : CauseState::None; }
  uint32_t TestsBlocked() const { return joined ? joined->tests_blocked : 0; }
  uint32_t TestFilesBlocked() const { return joined ? joined->modules_blocked : 0; }
};

// For people: "confirmed by a run"; "" when the tests say nothing.
llvm::StringRef CauseStateText(CauseState state);

// Test files that the forecast says it blocks and no run has met.
std::vector<std::string> StillToCome(const RootCause &cause);

// Points into `report`. In the order of Joined::causes, then worst first.
std::vector<CauseCard> BuildCauses(const Report &report, SourceCache &sources);

} // namespace pydefrag
