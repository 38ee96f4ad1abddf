// Blocks and summary lines come in the same order, so that of several entries with one title (the
// same function name in two files) the one whose file stands in the block's frames is taken, else
// the first that no block has claimed.
#include "outcomes/logs/log_session.h"

#include "outcomes/errors/python_errors.h"
#include "outcomes/errors/skip_reasons.h"
#include "outcomes/errors/traceback.h"
#include "outcomes/fold.h"
#include "outcomes/phase_report.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <utility>

namespace pydefrag {
namespace {

llvm::StringRef KindOf(SummaryWord word) {
  switch (word) {
  case SummaryWord::Failed:
  case SummaryWord::SubFail:
    return "F";
  case SummaryWord::Error:
    return "E";
  case SummaryWord::XFail:
    return "x";
  case SummaryWord::XPass:
  case SummaryWord::Rerun:
    return "-";
  }
  return "-";
}

llvm::StringRef KindOf(const LogBlock &block) {
  if (block.section == LogSection::XFailures) {
    return "x";
  }
  return block.is_error ? "E" : "F";
}

bool HoldsFile(const ErrorChain &chain, llvm::StringRef file) {
  return llvm::any_of(chain.segments, [&](const ErrorSegment &segment) {
    return llvm::any_of(segment.frames, [&](const Frame &frame) { return frame.path == file; });
  });
}

// "[doctest] shop.cart.Cart" is shop/cart.py::shop.cart.Cart.
llvm::StringRef WithoutDoctest(llvm::StringRef title) {
  title.consume_front("[doctest] ");
  return title;
}

} // namespace

LogSession::LogSession(TestIdResolver &ids) : ids_(ids) {
  run_.info.kind = SourceKind::TerminalLog;
}

bool LogSession::empty() const {
  return run_.info.producer.empty() && entries_.empty() && blocks_.empty() && verbose_.empty() &&
         run_.results.session_errors.empty() && internal_.empty() && !run_.info.complete;
}

void LogSession::AddBlock(LogBlock block) {
  titles_.insert(WithoutDoctest(block.title));
  blocks_.push_back(std::move(block));
}

void LogSession::AddPlace(llvm::StringRef path, uint32_t line, llvm::StringRef message) {
  LinePlace place;
  ResolvedPath located = ids_.FromPath(path);
  place.frame.path = std::move(located.path);
  place.frame.in_project = located.in_project;
  place.frame.line = line;
  place.message = message.str();
  line_places_.push_back(std::move(place));
}

std::optional<Frame> LogSession::TakePlace(llvm::StringRef message) {
  for (LinePlace &place : line_places_) {
    if (!place.used && place.message == message.split('\n').first) {
      place.used = true;
      return place.frame;
    }
  }
  return std::nullopt;
}

void LogSession::AddSummary(const SummaryLine &line) {
  IdAndMessage parts = SplitSummary(line.rest, titles_);
  if (line.word == SummaryWord::XPass && parts.message.empty()) {
    // pytest 7 writes "XPASS id reason".
    const size_t bracket = parts.id.rfind(']');
    const size_t blank = parts.id.find(' ', bracket == llvm::StringRef::npos ? 0 : bracket);
    parts.message = parts.id.substr(blank).ltrim();
    parts.id = parts.id.take_front(blank);
  }
  if (line.word == SummaryWord::Error && line.rest.starts_with("- ")) {
    parts = {"", line.rest.drop_front(2)}; // pytest 7: an error of the session itself
  }
  LogEntry entry;
  entry.word = line.word;
  entry.id = ids_.FromNodeId(parts.id.trim()).id;
  entry.subtest = line.subtest;
  entry.message = CutMessage(parts.message);
  const llvm::StringRef kind = KindOf(line.word);
  std::string title = TitleOfId(parts.id.trim());
  if (title.empty()) {
    title = parts.id.trim().str();
  }
  if (!entry.subtest.empty()) {
    title += " " + entry.subtest;
  }
  by_title_[(kind + title).str()].push_back(entries_.size());
  entries_.push_back(std::move(entry));
}

void LogSession::ContinueSummary(llvm::StringRef line) {
  if (!entries_.empty() && entries_.back().message.size() < kMaxMessage) {
    entries_.back().message += "\n" + line.str();
  }
}

// Skips are listed by place, not by test: only a whole module's is of use.
void LogSession::AddSkip(const SkipLine &skip) {
  if (!SkippedForModule(skip.reason)) {
    return;
  }
  const ResolvedPath path = ids_.FromPath(skip.path);
  AddSkippedModule({path.path, path.in_project}, skip.reason.str(), run_.results);
}

void LogSession::AddVerbose(const VerboseLine &line) {
  if (line.subtest) {
    return;
  }
  LogVerbose verbose;
  verbose.id = ids_.FromNodeId(line.id).id;
  verbose.outcome = line.outcome;
  verbose.rerun = line.rerun;
  verbose.reason = line.reason.str();
  verbose_.push_back(std::move(verbose));
}

void LogSession::AddProgress(llvm::StringRef path, llvm::StringRef letters) {
  FileTally &tally = tallies_[path];
  tally.path = path.str();
  for (char letter : letters) {
    tally.passed += letter == '.' ? 1 : 0;
    tally.failed += letter == 'F' ? 1 : 0;
    tally.errors += letter == 'E' ? 1 : 0;
    tally.skipped += letter == 's' ? 1 : 0;
    tally.xfailed += letter == 'x' ? 1 : 0;
    tally.xpassed += letter == 'X' ? 1 : 0;
  }
}

void LogSession::AddDuration(const DurationLine &line) {
  seconds_[ids_.FromNodeId(line.id).id] += line.seconds;
}

void LogSession::AddSessionError(SessionError error) {
  // Python prints a failed plugin import twice: once as the cause of what follows.
  const bool known = llvm::any_of(run_.results.session_errors, [&](const SessionError &other) {
    return other.kind == error.kind && other.text == error.text;
  });
  if (known) {
    return;
  }
  run_.results.session_errors.push_back(std::move(error));
}

void LogSession::AddInternal(llvm::StringRef line) {
  if (internal_.size() < 256 * 1024) {
    internal_ += line.str() + "\n";
  }
}

LogEntry *LogSession::FindTitled(llvm::StringRef kind, llvm::StringRef title,
                                 const ErrorChain &chain) {
  auto it = by_title_.find((kind + title).str());
  if (it == by_title_.end()) {
    return nullptr;
  }
  LogEntry *first = nullptr;
  for (size_t index : it->getValue()) {
    LogEntry &entry = entries_[index];
    if (entry.used) {
      continue;
    }
    if (HoldsFile(chain, SplitTestId(entry.id).file)) {
      return &entry;
    }
    first = first == nullptr ? &entry : first;
  }
  return first;
}

LogEntry *LogSession::FindEntry(const LogBlock &block, const ErrorChain &chain) {
  const llvm::StringRef kind = KindOf(block);
  const llvm::StringRef title = WithoutDoctest(block.title);
  if (!chain.empty() && chain.segments.back().frames.empty()) {
    // A dead worker's block is titled by the file; its text names the test.
    const PythonError error = ClassifyError(chain.segments.back());
    if (error.rule == ErrorRule::WorkerCrash) {
      return FindTitled(kind, TitleOfId(error.subject), chain);
    }
  }
  if (LogEntry *entry = FindTitled(kind, title, chain)) {
    return entry;
  }
  // "test_rounds [round] (n=0)" of a summary line that does not name the subtest.
  for (size_t at = title.find(' '); at != llvm::StringRef::npos; at = title.find(' ', at + 1)) {
    if (LogEntry *entry = FindTitled(kind, title.take_front(at), chain)) {
      entry->subtest = title.drop_front(at + 1).str();
      return entry;
    }
  }
  return nullptr;
}

// A test function's own frame comes first; fixtures and helpers follow.
std::string LogSession::IdFromFrames(const LogBlock &block, const ErrorChain &chain) const {
  llvm::StringRef title = WithoutDoctest(block.title);
  const size_t bracket = title.find('[');
  const llvm::StringRef params = title.substr(bracket);
  std::string id;
  for (const ErrorSegment &segment : chain.segments) {
    for (const Frame &frame : segment.frames) {
      if (id.empty() && frame.in_project) {
        id = frame.path;
      }
    }
  }
  llvm::StringRef names = title.take_front(bracket);
  while (!names.empty()) {
    llvm::StringRef name;
    std::tie(name, names) = names.split('.');
    id += "::" + name.str();
  }
  return id + (bracket == llvm::StringRef::npos ? "" : params.str());
}

void LogSession::TieBlock(const LogBlock &block) {
  ErrorChain chain = ParseErrorText(block.text);
  LocateFrames(chain, ids_);
  LogEntry *entry = nullptr;
  if (block.phase == TestPhase::Collect) {
    const std::string reported = block.title == "test session" ? std::string() : block.title;
    const ResolvedId id = ids_.FromNodeId(reported);
    for (LogEntry &candidate : entries_) {
      if (candidate.word == SummaryWord::Error && candidate.id == id.id && !candidate.used) {
        entry = &candidate;
        break;
      }
    }
    AddUncollected(id, std::move(chain), run_.results);
  } else {
    entry = FindEntry(block, chain);
    AddFailure(block, std::move(chain), entry);
  }
  if (entry != nullptr) {
    entry->used = true;
  }
}

void LogSession::AddFailure(const LogBlock &block, ErrorChain chain, const LogEntry *entry) {
  ResolvedId id;
  if (entry != nullptr) {
    id.id = entry->id;
  } else {
    id.id = IdFromFrames(block, chain);
    id.resolved = false;
  }
  PhaseReport report;
  report.phase = block.phase;
  report.outcome = "failed";
  if (block.section == LogSection::XFailures) {
    report.outcome = "skipped";
    report.xfail_reason = entry != nullptr ? entry->message : std::string();
  }
  const bool bare = chain.segments.size() == 1 && chain.segments.front().type.empty() &&
                    chain.segments.front().frames.empty();
  if (entry != nullptr && bare && !entry->message.empty()) {
    chain = ParseErrorMessage(entry->message);
  }
  report.crashed =
      !chain.empty() && ClassifyError(chain.segments.back()).rule == ErrorRule::WorkerCrash;
  report.subtest = entry != nullptr ? entry->subtest : std::string();
  report.error.chain = std::move(chain);
  explained_.insert(id.id);
  AddPhase(id, std::move(report), run_.results);
}

// Summary lines without a block: tb=no, or kinds that have none.
void LogSession::AddUntied() {
  for (const LogEntry &entry : entries_) {
    if (entry.used) {
      continue;
    }
    const ResolvedId id{entry.id, true};
    PhaseReport report;
    ErrorChain chain = ParseErrorMessage(entry.message);
    if (const std::optional<Frame> place = TakePlace(entry.message); place && !chain.empty()) {
      chain.segments.back().frames.push_back(*place);
    }
    switch (entry.word) {
    case SummaryWord::Error:
      if (SplitTestId(entry.id).function.empty()) {
        AddUncollected(id, std::move(chain), run_.results);
        continue;
      }
      report.phase = TestPhase::Setup;
      [[fallthrough]];
    case SummaryWord::Failed:
    case SummaryWord::SubFail:
      report.outcome = "failed";
      report.error.chain = std::move(chain);
      report.subtest = entry.subtest;
      break;
    case SummaryWord::XFail:
      report.outcome = "skipped";
      report.xfail_reason = entry.message;
      break;
    case SummaryWord::XPass:
      report.outcome = "passed";
      report.xfail_reason = entry.message;
      break;
    case SummaryWord::Rerun:
      report.outcome = "rerun";
      break;
    }
    explained_.insert(id.id);
    AddPhase(id, std::move(report), run_.results);
  }
}

// What -v printed line by line; failures only where no block or summary line said more.
void LogSession::AddSeen() {
  for (LogVerbose &verbose : verbose_) {
    if (IsFailure(verbose.outcome) && explained_.contains(verbose.id)) {
      continue;
    }
    TestCase test;
    test.id = verbose.id;
    test.outcome = verbose.outcome;
    test.phase = verbose.outcome == TestOutcome::Error ? TestPhase::Setup : TestPhase::Call;
    test.reruns = verbose.rerun ? 1 : 0;
    if (!verbose.reason.empty()) {
      run_.results.DetailOf(test).reason = std::move(verbose.reason);
    }
    run_.results.tests.push_back(std::move(test));
  }
  for (TestCase &test : run_.results.tests) {
    auto it = seconds_.find(test.id);
    if (it != seconds_.end()) {
      test.seconds = it->getValue();
      seconds_.erase(it); // once: folding adds up
    }
  }
}

void LogSession::AddTallies() {
  for (auto &tally : tallies_) {
    run_.results.tallies.push_back(tally.getValue());
  }
  llvm::sort(run_.results.tallies,
             [](const FileTally &a, const FileTally &b) { return a.path < b.path; });
}

TestRun LogSession::Finish(const std::string &read_error) {
  for (const LogBlock &block : blocks_) {
    TieBlock(block);
  }
  AddUntied();
  AddSeen();
  AddTallies();
  if (!internal_.empty()) {
    SessionError error;
    error.kind = SessionErrorKind::Internal;
    error.text = "pytest or one of its plugins crashed";
    error.chain = ParseErrorText(internal_);
    LocateFrames(error.chain, ids_);
    AddSessionError(std::move(error));
  }
  const bool never_began = llvm::any_of(run_.results.session_errors, [](const SessionError &error) {
    return error.kind == SessionErrorKind::Conftest || error.kind == SessionErrorKind::Plugin ||
           error.kind == SessionErrorKind::Usage;
  });
  run_.info.complete = run_.info.complete || never_began;
  if (!read_error.empty()) {
    AddProblem(run_, read_error);
  } else if (!run_.info.complete) {
    AddProblem(run_, "the log ends before pytest's last line; what it holds was used");
  }
  run_.results.warnings = warnings_.Take();
  run_.results = FoldTests(std::move(run_.results));
  return std::move(run_);
}

} // namespace pydefrag
