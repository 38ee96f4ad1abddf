#include "outcomes/reports/reportlog.h"

#include "outcomes/fold.h"
#include "outcomes/reports/pytest_json.h"
#include "outcomes/streams/json_text.h"
#include "outcomes/streams/line_reader.h"
#include "outcomes/warnings.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <utility>

namespace pydefrag {
namespace {

constexpr size_t kMaxLine = 64 << 20;

// pytest 9 stores a value's repr, the plugin the value.
std::string ShownValue(const llvm::json::Value &value) {
  const std::optional<llvm::StringRef> text = value.getAsString();
  return text ? text->str() : llvm::formatv("{0}", value).str();
}

// "[round] (n=0)", as pytest titles a subtest.
std::string SubtestTitle(const llvm::json::Object &context) {
  std::string title;
  const llvm::StringRef message = JsonText(context, "msg");
  if (!message.empty()) {
    title = "[" + message.str() + "]";
  }
  const llvm::json::Object *arguments = context.getObject("kwargs");
  if (arguments == nullptr || arguments->empty()) {
    return title;
  }
  std::vector<std::string> shown;
  for (const auto &argument : *arguments) {
    shown.push_back(llvm::StringRef(argument.first).str() + "=" + ShownValue(argument.second));
  }
  llvm::sort(shown);
  return title + (title.empty() ? "(" : " (") + llvm::join(shown, ", ") + ")";
}

class ReportLogReader {
public:
  explicit ReportLogReader(TestIdResolver &ids) : ids_(ids) {
    run_.info.kind = SourceKind::ReportLog;
    run_.info.producer = "pytest";
  }

  TestRun Read(ByteStream &bytes) {
    LineReader lines(bytes, kMaxLine);
    while (lines.Next()) {
      Line(lines);
    }
    Finish(bytes.error());
    run_.results.warnings = warnings_.Take();
    run_.results = FoldTests(std::move(run_.results));
    return std::move(run_);
  }

private:
  void Line(const LineReader &lines) {
    if (lines.line().trim().empty()) {
      return;
    }
    std::optional<llvm::json::Value> value;
    if (!lines.was_cut()) {
      value = ParseJson(lines.line());
    }
    const llvm::json::Object *record = value ? value->getAsObject() : nullptr;
    if (record == nullptr) {
      first_bad_line_ = first_bad_line_ == 0 ? lines.number() : first_bad_line_;
      ++bad_lines_;
      return;
    }
    Record(*record);
  }

  void Record(const llvm::json::Object &record) {
    const llvm::StringRef type = JsonText(record, "$report_type");
    if (type == "SessionStart") {
      run_.info.producer_version = JsonText(record, "pytest_version").str();
    } else if (type == "SessionFinish") {
      run_.info.exit_status = static_cast<int>(record.getInteger("exitstatus").value_or(0));
      run_.info.complete = true;
    } else if (type == "CollectReport") {
      Collected(record);
    } else if (type == "TestReport" || type == "SubTestReport" || type == "SubtestReport") {
      Tested(record);
    } else if (type == "WarningMessage") {
      Warned(record);
    }
  }

  void Collected(const llvm::json::Object &record) {
    const llvm::StringRef outcome = JsonText(record, "outcome");
    if (outcome == "passed") {
      return;
    }
    const ResolvedId id = ids_.FromNodeId(JsonText(record, "nodeid"));
    StoredError error = ReadLongRepr(record.get("longrepr"), ids_);
    if (outcome == "failed") {
      AddUncollected(id, std::move(error.chain), run_.results);
    } else if (outcome == "skipped") {
      AddSkippedModule(id, std::move(error.reason), run_.results);
    }
  }

  void Tested(const llvm::json::Object &record) {
    PhaseReport report;
    const std::optional<TestPhase> phase = ParsePhase(JsonText(record, "when"));
    report.phase = phase.value_or(TestPhase::Call);
    report.outcome = JsonText(record, "outcome");
    // The controller writes "???" for a test whose worker died.
    report.crashed = !phase && report.outcome == "failed";
    report.error = ReadLongRepr(record.get("longrepr"), ids_);
    if (const std::optional<llvm::StringRef> reason = record.getString("wasxfail")) {
      report.xfail_reason = reason->str();
    }
    if (const llvm::json::Object *context = record.getObject("_subtest.context")) {
      report.subtest = SubtestTitle(*context);
      if (report.outcome == "skipped") {
        return; // one round of a test
      }
    }
    if (const std::optional<double> seconds = record.getNumber("duration")) {
      report.seconds = report.subtest.empty() ? static_cast<float>(*seconds) : -1;
    }
    NoteTimes(record);
    parallel_ = parallel_ || record.get("worker_id") != nullptr;
    const ResolvedId id = ids_.FromNodeId(JsonText(record, "nodeid"));
    last_id_ = id.id;
    AddPhase(id, std::move(report), run_.results);
  }

  void NoteTimes(const llvm::json::Object &record) {
    const double start = record.getNumber("start").value_or(0);
    const double stop = record.getNumber("stop").value_or(0);
    if (start > 0 && (first_start_ == 0 || start < first_start_)) {
      first_start_ = start;
    }
    last_stop_ = std::max(last_stop_, stop);
  }

  void Warned(const llvm::json::Object &record) {
    WarningRecord warning = ReadWarning(record, ids_);
    // The record names no test; written by one process, it follows the test's own records.
    if (warning.phase == WarningPhase::RunTest && !parallel_ && !last_id_.empty()) {
      warning.locations.push_back(last_id_);
    }
    warnings_.Add(std::move(warning));
  }

  void Finish(const std::string &read_error) {
    if (first_start_ > 0) {
      run_.info.started = static_cast<int64_t>(std::floor(first_start_));
      run_.info.started_is_utc = true;
      run_.info.seconds = last_stop_ - first_start_;
    }
    if (bad_lines_ > 0) {
      AddProblem(
          run_,
          llvm::formatv("{0} lines of the report log are not records that can be read", bad_lines_)
              .str(),
          first_bad_line_);
    }
    if (!read_error.empty()) {
      run_.info.complete = false;
      AddProblem(run_, read_error);
    } else if (!run_.info.complete) {
      AddProblem(run_, "the report log ends before the test run did; what it holds was used");
    }
  }

  TestIdResolver &ids_;
  TestRun run_;
  WarningTable warnings_;
  std::string last_id_;
  double first_start_ = 0;
  double last_stop_ = 0;
  uint32_t bad_lines_ = 0;
  uint32_t first_bad_line_ = 0;
  bool parallel_ = false;
};

} // namespace

TestRun ReadReportLog(ByteStream &bytes, TestIdResolver &ids) {
  return ReportLogReader(ids).Read(bytes);
}

} // namespace pydefrag
