#include "join/causes.h"

#include "join/freshness.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {
namespace {

constexpr size_t kMaxNames = 5; // listed where a missing name has no likely successor

std::vector<std::string> Sorted(const std::set<std::string> &texts) {
  return {texts.begin(), texts.end()};
}

// The files that cannot be collected when `path`, a file, a conftest or a folder, cannot.
std::vector<const ForecastFile *> FilesOf(llvm::StringRef path, const Forecast &forecast) {
  const bool conftest = FileNameOf(path) == "conftest.py";
  const bool folder = !path.ends_with(".py");
  const llvm::StringRef below = conftest ? FolderOf(path) : path;
  std::vector<const ForecastFile *> files;
  for (const ForecastFile &file : forecast.files) {
    const bool hit = conftest || folder ? IsInFolder(file.path, below) : file.path == path;
    if (hit && !file.conftest) {
      files.push_back(&file);
    }
  }
  return files;
}

// Public classes and functions that a module defines, for a reader who looks for what a missing
// name became.
std::string DefinedIn(const Project &project, llvm::StringRef symbol) {
  const auto [module, missing] = symbol.rsplit(':');
  std::vector<std::string> names;
  for (const Definition &definition : project.definitions) {
    const llvm::StringRef name = project.Text(definition.name);
    if (definition.kind != DefinitionKind::Constant && !name.starts_with("_") &&
        project.Text(project.modules[definition.module].name) == module) {
      names.push_back(("`" + name + "`").str());
    }
  }
  if (names.empty()) {
    return "";
  }
  const size_t shown = std::min(names.size(), kMaxNames);
  return ("import a name that `" + module + "` defines instead of `" + missing +
          "`: " + llvm::join(llvm::ArrayRef(names).take_front(shown), ", ") +
          (names.size() > shown ? "..." : ""))
      .str();
}

std::string FixOf(const Finding &finding) {
  return finding.fixes.empty() ? finding.help : finding.fixes.front().title;
}

// Findings that matter even where no test meets them.
bool IsCauseByItself(const Finding &finding) {
  return finding.severity == Severity::Error;
}

TestState StateOf(CauseState state) {
  switch (state) {
  case CauseState::None:
    return TestState::None;
  case CauseState::Confirmed:
    return TestState::Confirmed;
  case CauseState::Predicted:
  case CauseState::Stale:
    return TestState::Predicted;
  case CauseState::Masked:
    return TestState::Masked;
  case CauseState::Refuted:
    return TestState::Refuted;
  }
  return TestState::None;
}

} // namespace

RunReach ReachOf(const TestResults &results, bool with_outcomes) {
  RunReach reach;
  for (const TestCase &test : results.tests) {
    const llvm::StringRef file = SplitTestId(test.id).file;
    const bool whole_file =
        test.outcome == TestOutcome::Skipped && test.phase == TestPhase::Collect;
    if (test.outcome != TestOutcome::NotRun && !whole_file) {
      reach.collected.insert(file);
    }
    ++reach.known[file];
  }
  for (const std::string &id : results.inventory) {
    if (results.Find(id) == nullptr) {
      ++reach.known[SplitTestId(id).file];
    }
  }
  for (const FileTally &tally : results.tallies) {
    reach.collected.insert(tally.path);
  }
  const bool stopped = llvm::any_of(results.session_errors, [](const SessionError &error) {
    return error.kind != SessionErrorKind::Interrupted;
  });
  if (!with_outcomes) {
    reach.because = "no report of a test run was given";
  } else if (stopped) {
    reach.because = "the run ended before any test";
  } else if (!results.collection_errors.empty()) {
    reach.because = "the run was interrupted by what could not be collected";
  } else {
    reach.because = "no report names it";
  }
  return reach;
}

CauseTable::CauseTable(const FindingIndex &findings, PlaceTable &places)
    : findings_(findings), places_(places) {
  for (size_t i = 0; i < findings.findings().size(); ++i) {
    if (IsCauseByItself(findings.At(i))) {
      Of(i);
    }
  }
}

size_t CauseTable::Of(size_t finding) {
  const std::string &cause = findings_.At(finding).cause;
  auto [place, added] = by_cause_.try_emplace(cause, entries_.size());
  if (added) {
    entries_.emplace_back();
    AddAll(cause);
  }
  return place->second;
}

void CauseTable::AddAll(const std::string &cause) {
  Entry &entry = entries_.back();
  const auto [code, key] = llvm::StringRef(cause).split(':');
  entry.findings = findings_.WithKey({code}, key);
  const Finding &first = findings_.At(entry.findings.front());
  entry.cause.cause = cause;
  entry.cause.code = first.code;
  entry.cause.name = first.name;
  entry.cause.message = first.message;
  entry.cause.severity = first.severity;
  for (size_t i : entry.findings) {
    const Finding &finding = findings_.At(i);
    entry.cause.severity = std::max(entry.cause.severity, finding.severity);
    entry.cause.findings.push_back(finding.id);
    entry.cause.fix = entry.cause.fix.empty() ? FixOf(finding) : entry.cause.fix;
  }
}

void CauseTable::Confirm(const RunFailure &failure, const Explanation &told,
                         const std::optional<Place> &changed) {
  Entry &entry = entries_[Of(told.findings.front())];
  entry.up_to_date = entry.up_to_date || !changed;
  entry.changed = changed && entry.changed.path.empty() ? *changed : entry.changed;
  (failure.uncollected ? entry.uncollected : entry.failed).insert(failure.id);
  entry.observed_at[told.findings.front()].insert(failure.id);
  if (entry.cause.evidence.empty() || (told.at_site && entry.cause.chain.empty())) {
    ErrorChain alone;
    alone.segments.push_back(*told.segment);
    entry.cause.evidence = HeadlineOfChain(alone);
    entry.cause.evidence_test = failure.id;
    entry.cause.chain = FramesOf(*told.segment);
  }
}

void CauseTable::ConfirmByWarning(size_t finding, const JoinedWarning &warning) {
  Entry &entry = entries_[Of(finding)];
  entry.warned = true;
  if (entry.cause.evidence.empty()) {
    const llvm::StringRef line = llvm::StringRef(warning.message).split('\n').first;
    entry.cause.evidence = warning.category + ": " + line.str();
    entry.cause.evidence_test = warning.tests.empty() ? "" : warning.tests.front();
  }
}

void CauseTable::Mask(size_t finding, const std::string &id) {
  entries_[Of(finding)].masked.insert(id);
}

void CauseTable::Predict(const ForecastFile &file, const RunReach &reach, Joined &joined) {
  if (file.status != ForecastStatus::Fails) {
    return;
  }
  std::optional<size_t> finding;
  if (!file.cause.empty() && !file.chain.empty()) {
    for (size_t i : findings_.OnLine(file.chain.back().path, file.chain.back().line)) {
      finding = !finding && findings_.At(i).cause == file.cause ? std::optional(i) : finding;
    }
  }
  if (reach.collected.contains(file.path)) {
    Disagreement wrong;
    wrong.cause = file.cause;
    wrong.message = file.reason;
    wrong.place = file.chain.empty() ? Place{file.path, 0} : file.chain.back();
    wrong.id = file.path;
    wrong.because = "its tests ran";
    joined.disagreements.push_back(std::move(wrong));
    if (finding) {
      Entry &entry = entries_[Of(*finding)];
      entry.refuted_by.insert(file.path);
      entry.refuted_at.insert(*finding);
    }
    return;
  }
  if (finding) {
    Entry &entry = entries_[Of(*finding)];
    if (!file.conftest) {
      entry.predicted.insert(file.path);
      entry.predicted_at[*finding].insert(file.path);
    }
    if (entry.cause.chain.empty()) {
      entry.cause.chain = file.chain;
    }
  }
}

void CauseTable::Decide(Entry &entry, const RunReach &reach, const Joined &joined) const {
  RootCause &cause = entry.cause;
  const bool failed = !entry.failed.empty() || !entry.uncollected.empty();
  if (failed || entry.warned) {
    const bool changed = failed && !entry.up_to_date && !entry.warned;
    cause.state = joined.run.stale || changed ? CauseState::Stale : CauseState::Confirmed;
    cause.state_because = joined.run.stale ? joined.run.stale_because
                          : changed        ? ReadsOtherwiseNow(entry.changed)
                                           : "";
  } else if (!entry.masked.empty()) {
    cause.state = CauseState::Masked;
  } else if (!entry.refuted_by.empty() && entry.predicted.empty()) {
    cause.state = joined.run.stale ? CauseState::Stale : CauseState::Refuted;
    cause.state_because = joined.run.stale ? joined.run.stale_because
                                           : "the tests of " + *entry.refuted_by.begin() + " ran";
  } else if (!entry.predicted.empty()) {
    const auto outdated = llvm::find_if(
        entry.predicted, [&](const std::string &path) { return reach.outdated.contains(path); });
    const bool stale = outdated != entry.predicted.end();
    cause.state = stale ? CauseState::Stale : CauseState::Predicted;
    cause.state_because = stale ? reach.outdated.lookup(*outdated) : reach.because;
  }
}

void CauseTable::CountBlocked(Entry &entry, const RunReach &reach, const Joined &joined) const {
  std::set<std::string> files;
  uint32_t tests = static_cast<uint32_t>(entry.failed.size());
  auto add = [&](const ForecastFile &file) {
    if (files.insert(file.path).second && !reach.collected.contains(file.path)) {
      const uint32_t known = reach.known.lookup(file.path);
      tests += known > 0 ? known : file.tests;
    }
  };
  for (const std::string &path : entry.uncollected) {
    for (const ForecastFile *file : FilesOf(path, joined.forecast)) {
      add(*file);
    }
  }
  for (const std::string &path : entry.predicted) {
    for (const ForecastFile *file : FilesOf(path, joined.forecast)) {
      add(*file);
    }
  }
  entry.cause.tests_blocked = tests;
  entry.cause.modules_blocked = static_cast<uint32_t>(files.size());
}

// A finding that a passing test refutes is refuted, though others of its cause are not.
void CauseTable::TellFindings(const Entry &entry, bool stale) const {
  for (size_t i : entry.findings) {
    Finding &finding = *findings_.findings()[i];
    auto observed = entry.observed_at.find(i);
    auto predicted = entry.predicted_at.find(i);
    if (observed != entry.observed_at.end()) {
      finding.observed_tests = Sorted(observed->second);
    }
    if (predicted != entry.predicted_at.end()) {
      finding.predicted_tests = Sorted(predicted->second);
    }
    const bool refuted = entry.refuted_at.count(i) > 0;
    const bool seen = observed != entry.observed_at.end() || predicted != entry.predicted_at.end();
    const bool other = entry.cause.state == CauseState::Refuted && !refuted;
    finding.test_state = refuted && !seen && !stale ? TestState::Refuted
                         : other                    ? TestState::None
                                                    : StateOf(entry.cause.state);
  }
}

void CauseTable::FillPlaces(Entry &entry) {
  for (size_t i : entry.findings) {
    entry.cause.places.push_back(places_.Of(findings_.At(i).where));
  }
}

std::vector<size_t> CauseTable::Finish(const RunReach &reach, const LevelTable &levels,
                                       Joined &joined) {
  const BlastTable blasts(places_.project());
  for (Entry &entry : entries_) {
    Decide(entry, reach, joined);
    CountBlocked(entry, reach, joined);
    TellFindings(entry, joined.run.stale);
    FillPlaces(entry);
    entry.cause.failed_tests = Sorted(entry.failed);
    entry.cause.uncollected = Sorted(entry.uncollected);
    entry.cause.masked_tests = Sorted(entry.masked);
    entry.cause.predicted = Sorted(entry.predicted);
    std::vector<FileId> files;
    std::set<std::string> suites;
    for (size_t i : entry.findings) {
      files.push_back(findings_.At(i).where.file);
    }
    if (entry.cause.state != CauseState::None) {
      entry.cause.importers = blasts.Of(files).modules;
      const Finding &first = findings_.At(entry.findings.front());
      if (entry.cause.fix.empty() && first.code == "DFG202" && !first.symbols.empty()) {
        entry.cause.fix = DefinedIn(places_.project(), first.symbols.front());
      }
    }
    for (const auto *ids : {&entry.failed, &entry.uncollected, &entry.predicted}) {
      for (const std::string &id : *ids) {
        suites.insert(levels.Of(SplitTestId(id).file).folder);
      }
    }
    entry.cause.suites = Sorted(suites);
  }
  std::vector<size_t> order(entries_.size());
  for (size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  llvm::stable_sort(order, [&](size_t a, size_t b) {
    auto worse = [&](size_t i) {
      const RootCause &cause = entries_[i].cause;
      const bool told = cause.state != CauseState::None && cause.state != CauseState::Refuted;
      return std::make_tuple(told, cause.tests_blocked + cause.modules_blocked, cause.severity,
                             cause.importers);
    };
    return worse(a) > worse(b);
  });
  std::vector<size_t> place(entries_.size());
  for (size_t at = 0; at < order.size(); ++at) {
    place[order[at]] = at;
    joined.causes.push_back(std::move(entries_[order[at]].cause));
    joined.causes.back().number = static_cast<uint32_t>(at + 1);
  }
  return place;
}

} // namespace pydefrag
