// The plan file's syntax:
//
//     [[expect]]
//     finding = "DFG202:shop.cart:Basket"     # or cause = "ModuleNotFoundError:vendored.foo"
//     tests = ["tests/legacy/**", "tests/test_a.py::test_removed*"]
//     outcome = "error"                       # error | failed | xfailed | any-failure
//     reason = "GH-12: removed in 3.0"
//     until = 2026-12-31
#include "config/toml_reader.h"
#include "outcomes/plans/plan.h"
#include "outcomes/streams/iso_time.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"

#include <optional>
#include <utility>

namespace pydefrag {
namespace {

constexpr uint64_t kMaxPlan = 16 << 20;

llvm::Error Wrong(llvm::StringRef path, uint32_t line, const std::string &message) {
  return llvm::createStringError(llvm::formatv("{0}:{1}: {2}", path, line, message).str());
}

std::optional<PlannedOutcome> ParseOutcome(llvm::StringRef word) {
  return llvm::StringSwitch<std::optional<PlannedOutcome>>(word)
      .Case("any-failure", PlannedOutcome::AnyFailure)
      .Case("error", PlannedOutcome::Error)
      .Case("failed", PlannedOutcome::Failed)
      .Case("xfailed", PlannedOutcome::XFailed)
      .Default(std::nullopt);
}

class PlanReader {
public:
  explicit PlanReader(llvm::StringRef path) : path_(path) {}

  llvm::Expected<Plan> Read(const TomlValue &root) {
    Plan plan;
    plan.path = path_.str();
    for (const TomlMember &member : root.members) {
      if (member.key != "expect" || !member.value.IsArray()) {
        return Wrong(
            path_, member.line,
            llvm::formatv("`{0}` is not known here; a plan holds [[expect]] tables", member.key)
                .str());
      }
      for (const TomlValue &table : member.value.items) {
        Expectation expectation;
        expectation.line = table.line;
        if (llvm::Error error = ReadTable(table, expectation)) {
          return error;
        }
        plan.expectations.push_back(std::move(expectation));
      }
    }
    return plan;
  }

private:
  llvm::Error ReadTable(const TomlValue &table, Expectation &into) {
    for (const TomlMember &member : table.members) {
      if (llvm::Error error = ReadMember(member, into)) {
        return error;
      }
    }
    if (into.tests.empty()) {
      return Wrong(path_, table.line, "`tests` is missing: which tests are expected to fail");
    }
    return llvm::Error::success();
  }

  llvm::Error ReadMember(const TomlMember &member, Expectation &into) {
    const llvm::StringRef key = member.key;
    if (key == "tests") {
      into.tests = member.value.Strings();
      return llvm::Error::success();
    }
    if (key == "until") {
      into.until = member.value.text;
      const bool is_day = into.until.size() == 10 && ParseIsoTime(into.until).has_value();
      return is_day ? llvm::Error::success()
                    : Wrong(path_, member.line, "`until` must be a day such as 2026-12-31");
    }
    std::string *text = llvm::StringSwitch<std::string *>(key)
                            .Case("finding", &into.finding)
                            .Case("cause", &into.cause)
                            .Case("reason", &into.reason)
                            .Default(nullptr);
    if (text == nullptr && key != "outcome") {
      return Wrong(path_, member.line,
                   llvm::formatv("`{0}` is not known here; known are finding, cause, tests, "
                                 "outcome, reason, until",
                                 key)
                       .str());
    }
    if (!member.value.IsString()) {
      return Wrong(
          path_, member.line,
          llvm::formatv("`{0}` must be a string, not {1}", key, TomlKindName(member.value.kind))
              .str());
    }
    if (text != nullptr) {
      *text = member.value.text;
      return llvm::Error::success();
    }
    const std::optional<PlannedOutcome> outcome = ParseOutcome(member.value.text);
    if (!outcome) {
      return Wrong(path_, member.line,
                   "`outcome` must be `error`, `failed`, `xfailed` or `any-failure`");
    }
    into.outcome = *outcome;
    return llvm::Error::success();
  }

  llvm::StringRef path_;
};

} // namespace

llvm::Expected<Plan> ParsePlan(llvm::StringRef text, llvm::StringRef path) {
  const TomlResult parsed = ParseToml(text);
  if (!parsed.error.empty()) {
    return Wrong(path, parsed.error_line, parsed.error);
  }
  return PlanReader(path).Read(parsed.root);
}

llvm::Expected<Plan> LoadPlan(const Disk &disk, llvm::StringRef path) {
  llvm::SmallString<0> text;
  if (const std::error_code error = disk.Read(path, kMaxPlan, text)) {
    return llvm::createStringError(llvm::formatv("{0}: {1}", path, error.message()).str());
  }
  return ParsePlan(text, path);
}

} // namespace pydefrag
