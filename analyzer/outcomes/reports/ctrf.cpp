#include "outcomes/reports/ctrf.h"

#include "outcomes/errors/skip_reasons.h"
#include "outcomes/errors/traceback.h"
#include "outcomes/fold.h"
#include "outcomes/reports/pytest_json.h"
#include "outcomes/streams/json_text.h"

#include "llvm/Support/FormatVariadic.h"

#include <utility>

namespace pydefrag {
namespace {

// The expected failures are told by pytest-json-ctrf only in a tag:
// "xfail::reason_why::strict_True".
std::optional<std::string> ReasonInTags(const llvm::json::Object &test) {
  const llvm::json::Array *tags = test.getArray("tags");
  if (tags == nullptr) {
    return std::nullopt;
  }
  for (const llvm::json::Value &tag : *tags) {
    llvm::StringRef text = tag.getAsString().value_or("");
    if (!text.consume_front("xfail")) {
      continue;
    }
    text.consume_front("::reason_");
    return text.split("::strict_").first.str();
  }
  return std::nullopt;
}

class CtrfReader {
public:
  explicit CtrfReader(TestIdResolver &ids) : ids_(ids) { run_.info.kind = SourceKind::Ctrf; }

  TestRun Read(ByteStream &bytes) {
    static constexpr llvm::StringRef kOpened[] = {"results"};
    static constexpr llvm::StringRef kStreamed[] = {"tests"};
    JsonElements elements(bytes, kOpened, kStreamed);
    while (elements.Next()) {
      std::optional<llvm::json::Value> value;
      if (!elements.too_large()) {
        value = ParseJson(elements.text());
      }
      const llvm::json::Object *object = value ? value->getAsObject() : nullptr;
      if (!value) {
        ++unread_;
      } else if (object != nullptr) {
        Element(elements.key(), *object);
      }
    }
    run_.info.complete = elements.complete() && bytes.error().empty();
    if (!run_.info.complete) {
      AddProblem(run_, "the CTRF report breaks off; what stands before that was used");
    }
    if (unread_ > 0) {
      AddProblem(run_, llvm::formatv("{0} parts of the CTRF report cannot be read", unread_).str());
    }
    run_.results = FoldTests(std::move(run_.results));
    return std::move(run_);
  }

private:
  void Element(llvm::StringRef key, const llvm::json::Object &object) {
    RunInfo &info = run_.info;
    if (key == "tool") {
      info.producer = JsonText(object, "name").str();
      info.producer_version = JsonText(object, "version").str();
    } else if (key == "summary") {
      Summary(object);
    } else if (key == "environment") {
      info.platform = JsonText(object, "osPlatform").str();
      for (llvm::StringRef name : {"commit", "branchName", "buildNumber", "buildUrl"}) {
        if (const std::optional<llvm::StringRef> text = object.getString(name)) {
          info.properties.emplace_back(name.str(), text->str());
        }
      }
    } else if (key == "tests") {
      Test(object);
    }
  }

  void Summary(const llvm::json::Object &summary) {
    RunInfo &info = run_.info;
    info.declared.tests = JsonNumber(summary, "tests");
    info.declared.passed = JsonNumber(summary, "passed");
    info.declared.failed = JsonNumber(summary, "failed");
    info.declared.skipped = JsonNumber(summary, "skipped");
    const double start = summary.getNumber("start").value_or(0); // milliseconds
    const double stop = summary.getNumber("stop").value_or(0);
    if (start > 0) {
      info.started = static_cast<int64_t>(start / 1000);
      info.started_is_utc = true;
      info.seconds = stop > start ? (stop - start) / 1000 : 0;
    }
  }

  ResolvedId IdOf(const llvm::json::Object &test) {
    const llvm::StringRef name = JsonText(test, "name");
    if (name.contains("::")) {
      return ids_.FromNodeId(name);
    }
    const llvm::StringRef file = JsonText(test, "filePath");
    return file.empty() ? ids_.FromNodeId(name) : ids_.FromNodeId((file + "::" + name).str());
  }

  void Test(const llvm::json::Object &test) {
    const llvm::StringRef status = JsonText(test, "status");
    const llvm::StringRef raw = JsonText(test, "rawStatus");
    const std::optional<std::string> tagged = ReasonInTags(test);
    PhaseReport report;
    report.phase = raw == "setup_failed"      ? TestPhase::Setup
                   : raw == "teardown_failed" ? TestPhase::Teardown
                                              : TestPhase::Call;
    report.outcome = status == "passed" || status == "failed" ? status : "skipped";
    if (status == "pending" || (status == "other" && raw != "xfailed" && raw != "xpassed")) {
      report.outcome = "not run";
    }
    if (const std::optional<double> milliseconds = test.getNumber("duration")) {
      report.seconds = static_cast<float>(*milliseconds / 1000);
    }
    if (raw == "xfailed" || raw == "xpassed" || (status == "passed" && tagged)) {
      report.xfail_reason = tagged.value_or(JsonText(test, "message").str());
      report.outcome = raw == "xfailed" ? "skipped" : "passed";
    }
    ReadError(test, report);
    const ResolvedId id = IdOf(test);
    for (uint32_t i = 0; i < std::min(JsonNumber(test, "retries"), 255U); ++i) {
      PhaseReport attempt;
      attempt.outcome = "rerun";
      AddPhase(id, std::move(attempt), run_.results);
    }
    AddPhase(id, std::move(report), run_.results);
  }

  void ReadError(const llvm::json::Object &test, PhaseReport &report) {
    const llvm::StringRef message = JsonText(test, "message");
    if (report.outcome == "skipped" && !report.xfail_reason) {
      report.error.reason = ReasonOfSkip(message);
      return;
    }
    ErrorChain chain = ParseErrorText(JsonText(test, "trace"));
    if (chain.empty() && report.outcome == "failed") {
      chain = ParseErrorMessage(message);
    }
    LocateFrames(chain, ids_);
    report.error.chain = std::move(chain);
  }

  TestIdResolver &ids_;
  TestRun run_;
  uint32_t unread_ = 0;
};

} // namespace

TestRun ReadCtrf(ByteStream &bytes, TestIdResolver &ids) {
  return CtrfReader(ids).Read(bytes);
}

} // namespace pydefrag
