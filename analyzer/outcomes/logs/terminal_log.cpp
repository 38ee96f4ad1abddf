// A machine over the lines of a log: which section is open decides how a line is read. A block's
// text is collected until the next title, rule or section; sessions follow one another in one log.
#include "outcomes/logs/terminal_log.h"

#include "outcomes/errors/python_errors.h"
#include "outcomes/errors/traceback.h"
#include "outcomes/logs/clean_line.h"
#include "outcomes/logs/log_lines.h"
#include "outcomes/logs/log_session.h"
#include "outcomes/logs/warnings_section.h"
#include "outcomes/streams/line_reader.h"

#include "llvm/ADT/STLExtras.h"

#include <memory>
#include <utility>

namespace pydefrag {
namespace {

constexpr size_t kMaxLine = 1 << 20;
constexpr size_t kMaxBlock = 1 << 20;

// "---------- generated xml file: ... ----------"
bool IsRule(llvm::StringRef line) {
  return line.starts_with("---") && line.ends_with("---") && line.contains(' ');
}

bool IsUsageError(llvm::StringRef text) {
  for (llvm::StringRef start :
       {"usage:", "file or directory not found:", "not found:", "unrecognized arguments",
        "found no collectors for", "Error importing plugin ", "Missing required plugins"}) {
    if (text.starts_with(start)) {
      return true;
    }
  }
  return false;
}

class LogReader {
public:
  explicit LogReader(TestIdResolver &ids)
      : ids_(ids), session_(std::make_unique<LogSession>(ids)), warnings_(ids) {}

  std::vector<TestRun> Read(ByteStream &bytes) {
    LineReader lines(bytes, kMaxLine);
    while (lines.Next()) {
      Line(CleanLogLine(lines.line()));
    }
    CloseConftest();
    CloseSession(bytes.error());
    if (runs_.empty()) {
      TestRun none;
      none.info.kind = SourceKind::TerminalLog;
      AddProblem(none, "no run of pytest was found in this text");
      runs_.push_back(std::move(none));
    }
    return std::move(runs_);
  }

private:
  void Line(llvm::StringRef line) {
    if (in_conftest_ && ConftestLine(line)) {
      return;
    }
    if (line.starts_with("INTERNALERROR>")) {
      session_->AddInternal(line.drop_front(14).ltrim(" ").empty() ? "" : line.drop_front(15));
      return;
    }
    if (const std::optional<LogSection> section = MatchSection(line)) {
      OpenSection(*section);
      return;
    }
    if (const std::optional<FinalLine> final = MatchFinal(line)) {
      End(*final);
      return;
    }
    if (const std::optional<llvm::StringRef> stop = MatchStop(line)) {
      Stopped(*stop);
      return;
    }
    SectionLine(line);
  }

  void SectionLine(llvm::StringRef line) {
    switch (section_) {
    case LogSection::None:
    case LogSection::Session:
      HeaderLine(line);
      break;
    case LogSection::Errors:
    case LogSection::Failures:
    case LogSection::XFailures:
      BlockLine(line);
      break;
    case LogSection::Warnings:
      ReadWarning(warnings_.Read(line));
      break;
    case LogSection::Summary:
      SummaryText(line);
      break;
    case LogSection::Durations:
      if (const std::optional<DurationLine> duration = MatchDuration(line)) {
        session_->AddDuration(*duration);
      }
      break;
    case LogSection::Other:
      break;
    }
  }

  void OpenSection(LogSection section) {
    CloseBlock();
    if (section == LogSection::Session) {
      CloseSession("");
      session_->info().producer = "pytest";
      began_ = true;
    }
    if (section == LogSection::Errors || section == LogSection::Failures ||
        section == LogSection::Summary) {
      began_ = true;
      session_->info().producer = "pytest";
    }
    section_ = section;
    in_summary_entry_ = false;
  }

  void End(const FinalLine &final) {
    // Without any other sign this is another tool's line.
    if (!began_ && session_->empty()) {
      return;
    }
    CloseBlock();
    DeclaredCounts counts = final.counts;
    counts.collected = session_->info().declared.collected;
    session_->info().declared = counts;
    session_->info().seconds = final.seconds;
    session_->info().complete = true;
    CloseSession("");
  }

  void Stopped(llvm::StringRef text) {
    CloseBlock();
    in_summary_entry_ = false;
    SessionError error;
    error.kind = SessionErrorKind::Interrupted;
    error.text = text.str();
    session_->AddSessionError(std::move(error));
  }

  void CloseSession(const std::string &read_error) {
    CloseBlock();
    if (!session_->empty()) {
      runs_.push_back(session_->Finish(read_error));
    }
    session_ = std::make_unique<LogSession>(ids_);
    section_ = LogSection::None;
    began_ = false;
    pending_.clear();
    progress_path_.clear();
    in_summary_entry_ = false;
  }

  // Header and progress, and what pytest says when it does not get that far.
  void HeaderLine(llvm::StringRef line) {
    RunInfo &info = session_->info();
    llvm::StringRef rest = line;
    if (rest.consume_front("platform ") && rest.contains(" -- Python ")) {
      const auto [platform, versions] = rest.split(" -- Python ");
      info.platform = platform.str();
      info.python_version = versions.take_until([](char c) { return c == ','; }).str();
      if (const size_t at = versions.find("pytest-"); at != llvm::StringRef::npos) {
        info.producer_version = versions.drop_front(at + 7)
                                    .take_until([](char c) { return c == ',' || c == ' '; })
                                    .str();
      }
      info.producer = "pytest";
    } else if (rest.consume_front("rootdir: ")) {
      info.rootdir = rest.split(", ").first.str();
      ids_.SetRunRoot(info.rootdir);
    } else if (rest.consume_front("ImportError while loading conftest '")) {
      conftest_path_ = rest.split('\'').first.str();
      in_conftest_ = true;
    } else if (rest.consume_front("ERROR: ") && IsUsageError(rest)) {
      UsageError(rest);
    } else if (line.starts_with("ImportError: Error importing plugin ")) {
      UsageError(line.drop_front(13));
    } else if (!MatchCollected(line, info.declared)) {
      ProgressText(line);
    }
  }

  void UsageError(llvm::StringRef text) {
    SessionError error;
    const bool plugin = text.starts_with("Error importing plugin ");
    error.kind = plugin ? SessionErrorKind::Plugin : SessionErrorKind::Usage;
    error.text = text.take_front(500).str();
    if (plugin) {
      error.chain = ParseErrorMessage("ImportError: " + text.str());
    }
    session_->info().producer = "pytest";
    session_->AddSessionError(std::move(error));
  }

  void ProgressText(llvm::StringRef line) {
    if (std::optional<VerboseLine> verbose = MatchVerbose(line)) {
      pending_ = verbose->has_outcome || line.starts_with("[gw") ? "" : verbose->id.str();
      if (verbose->has_outcome) {
        session_->AddVerbose(*verbose);
      }
      return;
    }
    if (!pending_.empty()) {
      // With -s a test's output stands between its id and its outcome.
      if (std::optional<VerboseLine> late = MatchLateOutcome(line)) {
        late->id = pending_;
        session_->AddVerbose(*late);
        pending_.clear();
      }
      return;
    }
    if (const std::optional<ProgressLine> progress = MatchProgress(line)) {
      if (!progress->path.empty()) {
        const ResolvedPath path = ids_.FromPath(progress->path);
        progress_path_ = path.in_project ? path.path : std::string();
      }
      if (!progress_path_.empty()) {
        session_->AddProgress(progress_path_, progress->letters);
      }
    }
  }

  // Frames, source and the exception follow the line that names the conftest; false at what does
  // not belong to them.
  bool ConftestLine(llvm::StringRef line) {
    const bool belongs = line.starts_with(" ") || line.starts_with("E ") || line == "E" ||
                         MatchFrameLine(line).matched;
    if (belongs) {
      conftest_text_ += line.str() + "\n";
      return true;
    }
    CloseConftest();
    return false;
  }

  void CloseConftest() {
    if (!in_conftest_) {
      return;
    }
    in_conftest_ = false;
    SessionError error;
    error.kind = SessionErrorKind::Conftest;
    error.path = ids_.FromPath(conftest_path_).path;
    error.chain = ParseErrorText(conftest_text_);
    LocateFrames(error.chain, ids_);
    error.text = "`" + error.path + "` could not be imported, so no test ran";
    session_->info().producer = "pytest";
    session_->AddSessionError(std::move(error));
    conftest_text_.clear();
  }

  void BlockLine(llvm::StringRef line) {
    if (const std::optional<BlockTitle> title = MatchBlockTitle(line)) {
      CloseBlock();
      block_.section = section_;
      block_.title = title->title.str();
      block_.phase = title->phase;
      block_.is_error = title->is_error;
      in_block_ = true;
      return;
    }
    if (IsRule(line)) {
      CloseBlock();
    }
    const bool is_worker = line.starts_with("[gw") && line.contains(" -- Python ");
    if (in_block_ && !is_worker && block_.text.size() < kMaxBlock) {
      block_.text += line.str() + "\n";
    } else if (!in_block_) {
      PlaceLine(line);
    }
  }

  // "/a/b.py:3: ValueError: no"
  void PlaceLine(llvm::StringRef line) {
    for (size_t at = line.find(": "); at != llvm::StringRef::npos; at = line.find(": ", at + 1)) {
      const auto [path, number] = line.take_front(at).rsplit(':');
      uint32_t place = 0;
      if (!number.empty() && !number.getAsInteger(10, place)) {
        session_->AddPlace(path, place, line.drop_front(at + 2));
        return;
      }
    }
  }

  void CloseBlock() {
    if (in_block_) {
      session_->AddBlock(std::move(block_));
    }
    block_ = LogBlock();
    in_block_ = false;
    ReadWarning(warnings_.Finish());
  }

  void ReadWarning(std::optional<WarningRecord> warning) {
    if (warning) {
      session_->AddWarning(std::move(*warning));
    }
  }

  void SummaryText(llvm::StringRef line) {
    if (const std::optional<SkipLine> skip = MatchSkip(line)) {
      session_->AddSkip(*skip);
      in_summary_entry_ = false;
    } else if (const std::optional<SummaryLine> summary = MatchSummary(line)) {
      session_->AddSummary(*summary);
      in_summary_entry_ = true;
    } else if (in_summary_entry_) {
      session_->ContinueSummary(line);
    }
  }

  TestIdResolver &ids_;
  std::vector<TestRun> runs_;
  std::unique_ptr<LogSession> session_;
  LogSection section_ = LogSection::None;
  LogBlock block_;
  WarningsSection warnings_;
  std::string pending_; // a test whose outcome has not been printed yet
  std::string progress_path_;
  std::string conftest_path_;
  std::string conftest_text_;
  bool in_block_ = false;
  bool in_conftest_ = false;
  bool in_summary_entry_ = false;
  bool began_ = false;
};

} // namespace

std::vector<TestRun> ReadTerminalLog(ByteStream &bytes, TestIdResolver &ids) {
  return LogReader(ids).Read(bytes);
}

} // namespace pydefrag
