// What one pytest session in a log said, piece by piece, and the TestRun made of it. Filled by
// terminal_log; entry point: LogSession::Finish, which ties failure blocks, whose titles are no
// test ids, to the ids of the short summary.
#pragma once

#include "outcomes/logs/log_lines.h"
#include "outcomes/outcome.h"
#include "outcomes/test_ids.h"
#include "outcomes/warnings.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <string>
#include <vector>

namespace pydefrag {

struct LogBlock {
  LogSection section = LogSection::None;
  std::string title;
  TestPhase phase = TestPhase::Call;
  bool is_error = false;
  std::string text;
};

struct LogEntry { // a line of the short summary
  SummaryWord word = SummaryWord::Failed;
  std::string id;
  std::string subtest;
  std::string message; // with the lines that go on with it
  bool used = false;   // a block has been tied to it
};

struct LogVerbose {
  std::string id;
  TestOutcome outcome = TestOutcome::NotRun;
  bool rerun = false;
  std::string reason;
};

class LogSession {
public:
  explicit LogSession(TestIdResolver &ids);

  RunInfo &info() { return run_.info; }
  bool empty() const; // nothing of pytest's was seen

  void AddBlock(LogBlock block);
  // "/a/b.py:3: ValueError: no", which is all that --tb=line prints of a failure.
  void AddPlace(llvm::StringRef path, uint32_t line, llvm::StringRef message);
  void AddSummary(const SummaryLine &line);
  void ContinueSummary(llvm::StringRef line);
  void AddSkip(const SkipLine &skip);
  void AddVerbose(const VerboseLine &line);
  void AddProgress(llvm::StringRef path, llvm::StringRef letters);
  void AddDuration(const DurationLine &line);
  void AddWarning(WarningRecord warning) { warnings_.Add(std::move(warning)); }
  void AddSessionError(SessionError error);
  void AddInternal(llvm::StringRef line);

  TestRun Finish(const std::string &read_error);

private:
  LogEntry *FindEntry(const LogBlock &block, const ErrorChain &chain);
  LogEntry *FindTitled(llvm::StringRef kind, llvm::StringRef title, const ErrorChain &chain);
  void TieBlock(const LogBlock &block);
  void AddFailure(const LogBlock &block, ErrorChain chain, const LogEntry *entry);
  void AddUntied();
  void AddSeen();
  void AddTallies();
  std::optional<Frame> TakePlace(llvm::StringRef message);
  std::string IdFromFrames(const LogBlock &block, const ErrorChain &chain) const;

  TestIdResolver &ids_;
  TestRun run_;
  std::vector<LogBlock> blocks_;
  std::vector<LogEntry> entries_;
  std::vector<LogVerbose> verbose_;
  struct LinePlace {
    Frame frame;
    std::string message; // its first line
    bool used = false;
  };
  std::vector<LinePlace> line_places_;
  llvm::StringMap<float> seconds_;                // by test id
  llvm::StringSet<> titles_;                      // of blocks
  llvm::StringMap<std::vector<size_t>> by_title_; // kind + title -> entries
  llvm::StringMap<FileTally> tallies_;
  llvm::StringSet<> explained_; // ids that a block or entry spoke of
  WarningTable warnings_;
  std::string internal_;
};

} // namespace pydefrag
