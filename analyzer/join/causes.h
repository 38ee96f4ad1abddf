// Causes: gathers what a run and the forecast say of each finding into root causes, numbered worst
// first, and tells each finding what became of it. Entry point: CauseTable.
#pragma once

#include "join/blast.h"
#include "join/explain.h"
#include "join/forecast.h"
#include "join/joined.h"
#include "join/levels.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pydefrag {

// What of the project a run reached.
struct RunReach {
  llvm::StringSet<> collected;           // files of which some test ran
  llvm::StringMap<uint32_t> known;       // files -> tests that some source names
  std::string because;                   // why a file may be in no report
  llvm::StringMap<std::string> outdated; // files -> why what a report says of them is old news
};
RunReach ReachOf(const TestResults &results, bool with_outcomes);

class CauseTable {
public:
  CauseTable(const FindingIndex &findings, PlaceTable &places);

  // The cause of a finding, added when it is new.
  size_t Of(size_t finding);
  // `changed`: a line that the failure shows and that reads otherwise now.
  void Confirm(const RunFailure &failure, const Explanation &told,
               const std::optional<Place> &changed);
  void ConfirmByWarning(size_t finding, const JoinedWarning &warning);
  void Mask(size_t finding, const std::string &id);
  void Predict(const ForecastFile &file, const RunReach &reach, Joined &joined);

  // Decides states, counts what is blocked, numbers the causes and fills joined.causes. Returns the
  // place in joined.causes of each index that Of gave.
  std::vector<size_t> Finish(const RunReach &reach, const LevelTable &levels, Joined &joined);

private:
  struct Entry {
    RootCause cause;
    std::vector<size_t> findings;
    std::set<std::string> failed, uncollected, masked, predicted;
    std::set<std::string> refuted_by;
    std::set<size_t> refuted_at; // findings
    bool warned = false;
    bool up_to_date = false; // some failure shows no line that has changed
    Place changed;           // the first line that has
    llvm::DenseMap<size_t, std::set<std::string>> observed_at, predicted_at; // by finding
  };

  void AddAll(const std::string &cause);
  void Decide(Entry &entry, const RunReach &reach, const Joined &joined) const;
  void CountBlocked(Entry &entry, const RunReach &reach, const Joined &joined) const;
  void TellFindings(const Entry &entry, bool stale) const;
  void FillPlaces(Entry &entry);

  const FindingIndex &findings_;
  PlaceTable &places_;
  std::vector<Entry> entries_;
  llvm::StringMap<size_t> by_cause_;
};

} // namespace pydefrag
