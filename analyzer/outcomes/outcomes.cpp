#include "outcomes/outcomes.h"

#include "outcomes/logs/terminal_log.h"
#include "outcomes/reports/ctrf.h"
#include "outcomes/reports/json_report.h"
#include "outcomes/reports/junit.h"
#include "outcomes/reports/pytest_cache.h"
#include "outcomes/reports/reportlog.h"
#include "outcomes/streams/detect.h"
#include "outcomes/streams/gzip.h"
#include "outcomes/streams/text_stream.h"

#include <utility>

namespace pydefrag {
namespace {

constexpr size_t kHead = 64 * 1024;
constexpr size_t kMaxCacheFile = 256 << 20;

std::vector<TestRun> One(TestRun run) {
  std::vector<TestRun> runs;
  runs.push_back(std::move(run));
  return runs;
}

std::vector<TestRun> Unread(ProblemKind kind, std::string why) {
  TestRun run;
  Problem problem;
  problem.kind = kind;
  problem.message = std::move(why);
  run.results.problems.push_back(std::move(problem));
  return One(std::move(run));
}

std::string ReadAll(ByteStream &bytes) {
  std::string text;
  size_t have = 0;
  while (have < kMaxCacheFile) {
    text.resize(have + kHead);
    const size_t got = bytes.Read(text.data() + have, kHead);
    have += got;
    if (got == 0) {
      break;
    }
  }
  text.resize(have);
  return text;
}

std::vector<TestRun> ReadFormat(ReportFormat format, ByteStream &bytes, TestIdResolver &ids) {
  switch (format) {
  case ReportFormat::JUnitXml:
    return One(ReadJUnitXml(bytes, ids));
  case ReportFormat::ReportLog:
    return One(ReadReportLog(bytes, ids));
  case ReportFormat::JsonReport:
    return One(ReadJsonReport(bytes, ids));
  case ReportFormat::Ctrf:
    return One(ReadCtrf(bytes, ids));
  case ReportFormat::CacheFile:
    return One(ReadCacheFile(ReadAll(bytes), ids));
  case ReportFormat::TerminalLog:
    return ReadTerminalLog(bytes, ids);
  case ReportFormat::OtherXml:
    return Unread(ProblemKind::Outcomes, "this XML is not a JUnit report");
  case ReportFormat::OtherJson:
    return Unread(ProblemKind::Outcomes, "this JSON is not a test report that is known");
  case ReportFormat::Binary:
    return Unread(ProblemKind::Outcomes, "this is neither text nor gzip");
  case ReportFormat::Empty:
    return Unread(ProblemKind::Outcomes, "the test report is empty");
  }
  return {};
}

// Through gzip and UTF-16 to plain text.
std::unique_ptr<PeekStream> Unwrap(std::unique_ptr<ByteStream> bytes) {
  auto peek = std::make_unique<PeekStream>(std::move(bytes));
  if (peek->Peek(2) == "\x1f\x8b") {
    peek = std::make_unique<PeekStream>(MakeGunzipStream(std::move(peek)));
  }
  const llvm::StringRef mark = peek->Peek(2);
  const bool little = mark == "\xFF\xFE";
  if (little || mark == "\xFE\xFF") {
    char skipped[2];
    peek->Read(skipped, sizeof skipped);
    peek = std::make_unique<PeekStream>(
        MakeUtf8Stream(std::move(peek), little ? ByteOrder::Little : ByteOrder::Big));
  }
  return peek;
}

std::vector<TestRun> Named(std::vector<TestRun> runs, llvm::StringRef name) {
  for (TestRun &run : runs) {
    run.info.path = name.str();
    for (Problem &problem : run.results.problems) {
      problem.path = name.str();
    }
  }
  return runs;
}

} // namespace

std::vector<TestRun> ReadOutcomeStream(std::unique_ptr<ByteStream> bytes, llvm::StringRef name,
                                       TestIdResolver &ids) {
  ids.SetRunRoot("");
  std::unique_ptr<PeekStream> text = Unwrap(std::move(bytes));
  const ReportFormat format = DetectFormat(text->Peek(kHead));
  if (format == ReportFormat::Empty && !text->error().empty()) {
    return Named(Unread(ProblemKind::Outcomes, text->error()), name);
  }
  return Named(ReadFormat(format, *text, ids), name);
}

std::vector<TestRun> ReadOutcomes(const Disk &disk, llvm::StringRef path, TestIdResolver &ids) {
  if (disk.IsDirectory(path)) {
    ids.SetRunRoot("");
    return Named(One(ReadPytestCache(disk, path, ids)), path);
  }
  OpenedStream opened = disk.Open(path);
  if (opened.stream == nullptr) {
    return Named(Unread(ProblemKind::Unreadable, opened.error.message()), path);
  }
  return ReadOutcomeStream(std::move(opened.stream), path, ids);
}

} // namespace pydefrag
