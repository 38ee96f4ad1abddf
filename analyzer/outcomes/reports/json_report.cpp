#include "outcomes/reports/json_report.h"

#include "outcomes/errors/python_errors.h"
#include "outcomes/errors/traceback.h"
#include "outcomes/fold.h"
#include "outcomes/reports/pytest_json.h"
#include "outcomes/streams/json_text.h"
#include "outcomes/warnings.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <utility>

namespace pydefrag {
namespace {

std::optional<uint32_t> CountIn(const llvm::json::Object &object, llvm::StringRef key) {
  const std::optional<int64_t> count = object.getInteger(key);
  return count && *count >= 0 ? std::optional(static_cast<uint32_t>(*count)) : std::nullopt;
}

class JsonReportReader {
public:
  explicit JsonReportReader(TestIdResolver &ids) : ids_(ids) {
    run_.info.kind = SourceKind::JsonReport;
    run_.info.producer = "pytest";
  }

  TestRun Read(ByteStream &bytes) {
    static constexpr llvm::StringRef kStreamed[] = {"tests", "collectors", "warnings"};
    JsonElements elements(bytes, {}, kStreamed);
    while (elements.Next()) {
      std::optional<llvm::json::Value> value;
      if (!elements.too_large()) {
        value = ParseJson(elements.text());
      }
      if (value) {
        Element(elements.key(), *value);
      } else {
        ++unread_;
      }
    }
    Finish(elements.complete(), bytes.error());
    run_.results.warnings = warnings_.Take();
    run_.results = FoldTests(std::move(run_.results));
    return std::move(run_);
  }

private:
  void Element(llvm::StringRef key, const llvm::json::Value &value) {
    RunInfo &info = run_.info;
    const llvm::json::Object *object = value.getAsObject();
    if (key == "created") {
      // Written when the run ended.
      created_ = value.getAsNumber();
    } else if (key == "duration") {
      info.seconds = value.getAsNumber();
    } else if (key == "exitcode") {
      info.exit_status = static_cast<int>(value.getAsInteger().value_or(0));
    } else if (key == "root") {
      info.rootdir = value.getAsString().value_or("").str();
      ids_.SetRunRoot(info.rootdir);
    } else if (object == nullptr) {
      return;
    } else if (key == "environment") {
      Environment(*object);
    } else if (key == "summary") {
      Summary(*object);
    } else if (key == "tests") {
      Test(*object);
    } else if (key == "collectors") {
      Collector(*object);
    } else if (key == "warnings") {
      warnings_.Add(ReadWarning(*object, ids_));
    }
  }

  void Environment(const llvm::json::Object &environment) {
    run_.info.python_version = JsonText(environment, "Python").str();
    run_.info.platform = JsonText(environment, "Platform").str();
    if (const llvm::json::Object *packages = environment.getObject("Packages")) {
      run_.info.producer_version = JsonText(*packages, "pytest").str();
    }
  }

  void Summary(const llvm::json::Object &summary) {
    DeclaredCounts &declared = run_.info.declared;
    declared.tests = CountIn(summary, "total");
    declared.passed = CountIn(summary, "passed");
    declared.failed = CountIn(summary, "failed");
    declared.errors = CountIn(summary, "error");
    declared.skipped = CountIn(summary, "skipped");
    declared.xfailed = CountIn(summary, "xfailed");
    declared.xpassed = CountIn(summary, "xpassed");
    declared.collected = CountIn(summary, "collected");
    declared.deselected = CountIn(summary, "deselected");
  }

  void Test(const llvm::json::Object &test) {
    const ResolvedId id = ids_.FromNodeId(JsonText(test, "nodeid"));
    const llvm::StringRef outcome = JsonText(test, "outcome");
    const bool expected = outcome == "xfailed" || outcome == "xpassed";
    bool failed = false;
    for (TestPhase phase : {TestPhase::Setup, TestPhase::Call, TestPhase::Teardown}) {
      if (const llvm::json::Object *part = test.getObject(TestPhaseName(phase))) {
        failed |= JsonText(*part, "outcome") == "failed";
        Phase(id, phase, *part, expected);
      }
    }
    PhaseReport rest;
    if (outcome == "rerun") {
      rest.outcome = "rerun"; // only the last attempt is kept: it passed after others
      AddPhase(id, std::move(rest), run_.results);
    } else if (outcome == "failed" && !failed) {
      rest.outcome = "failed"; // a later, passing subtest was written over the failing one
      AddPhase(id, std::move(rest), run_.results);
    }
  }

  void Phase(const ResolvedId &id, TestPhase phase, const llvm::json::Object &part, bool expected) {
    PhaseReport report;
    report.phase = phase;
    report.outcome = JsonText(part, "outcome");
    if (const std::optional<double> seconds = part.getNumber("duration")) {
      report.seconds = static_cast<float>(*seconds);
    }
    report.error = ReadLongRepr(part.get("longrepr"), ids_);
    CompleteFromCrash(part, report.error.chain);
    if (expected && (report.outcome == "skipped" || phase == TestPhase::Call)) {
      report.xfail_reason = ""; // the plugin does not write it
    }
    AddPhase(id, std::move(report), run_.results);
  }

  // The crash message is whole where the text may be cut by the traceback style.
  void CompleteFromCrash(const llvm::json::Object &part, ErrorChain &chain) {
    const llvm::json::Object *crash = part.getObject("crash");
    if (crash == nullptr) {
      return;
    }
    const llvm::StringRef message = JsonText(*crash, "message");
    if (chain.empty()) {
      chain = ParseErrorMessage(message);
      return;
    }
    ErrorSegment &last = chain.segments.back();
    const TypedMessage typed = SplitTyped(message);
    if (!typed.type.empty() && (last.type.empty() || BareType(typed.type) == BareType(last.type))) {
      last.type = typed.type.str();
      last.message = CutMessage(typed.message);
    }
  }

  void Collector(const llvm::json::Object &collector) {
    const llvm::StringRef outcome = JsonText(collector, "outcome");
    const ResolvedId id = ids_.FromNodeId(JsonText(collector, "nodeid"));
    if (outcome == "failed") {
      StoredError error = ReadLongRepr(collector.get("longrepr"), ids_);
      AddUncollected(id, std::move(error.chain), run_.results);
    } else if (outcome == "skipped") {
      StoredError error = ReadLongRepr(collector.get("longrepr"), ids_);
      AddSkippedModule(id, std::move(error.reason), run_.results);
    }
    const llvm::json::Array *items = collector.getArray("result");
    if (items == nullptr) {
      return;
    }
    for (const llvm::json::Value &value : *items) {
      const llvm::json::Object *item = value.getAsObject();
      // Collectors (modules, classes) have no line.
      if (item != nullptr && item->get("lineno") != nullptr) {
        run_.results.inventory.push_back(ids_.FromNodeId(JsonText(*item, "nodeid")).id);
      }
    }
  }

  void Finish(bool whole, const std::string &read_error) {
    run_.info.complete = whole && read_error.empty();
    if (created_) {
      run_.info.started =
          static_cast<int64_t>(std::floor(*created_ - run_.info.seconds.value_or(0)));
      run_.info.started_is_utc = true;
    }
    if (!run_.info.complete) {
      AddProblem(run_, read_error.empty()
                           ? "the JSON report breaks off; what stands before that was used"
                           : read_error);
    }
    if (unread_ > 0) {
      AddProblem(run_, llvm::formatv("{0} parts of the JSON report cannot be read", unread_).str());
    }
  }

  TestIdResolver &ids_;
  TestRun run_;
  WarningTable warnings_;
  std::optional<double> created_;
  uint32_t unread_ = 0;
};

} // namespace

TestRun ReadJsonReport(ByteStream &bytes, TestIdResolver &ids) {
  return JsonReportReader(ids).Read(bytes);
}

} // namespace pydefrag
