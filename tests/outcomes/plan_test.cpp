#include "outcomes/plans/plan.h"

#include "outcomes/outcomes.h"
#include "support.h"

#include <gtest/gtest.h>
#include <map>

namespace pydefrag {
namespace {

std::string ErrorOf(llvm::StringRef text) {
  llvm::Expected<Plan> plan = ParsePlan(text, "plan.toml");
  return plan ? "none" : llvm::toString(plan.takeError());
}

TEST(PlanFile, TablesAreRead) {
  llvm::Expected<Plan> plan =
      ParsePlan("[[expect]]\nfinding = \"DFG202:a:B\"\ntests = [\"tests/**\"]\n"
                "outcome = \"error\"\nreason = \"r\"\nuntil = 2026-12-31\n\n"
                "[[expect]]\ncause = \"ValueError\"\ntests = \"t.py::x\"\n",
                "plan.toml");
  ASSERT_TRUE(static_cast<bool>(plan));
  ASSERT_EQ(plan->expectations.size(), 2U);
  const Expectation &first = plan->expectations[0];
  EXPECT_EQ(first.finding, "DFG202:a:B");
  EXPECT_EQ(first.tests, std::vector<std::string>{"tests/**"});
  EXPECT_EQ(first.outcome, PlannedOutcome::Error);
  EXPECT_EQ(first.reason, "r");
  EXPECT_EQ(first.until, "2026-12-31");
  EXPECT_EQ(plan->expectations[1].tests, std::vector<std::string>{"t.py::x"});
  EXPECT_EQ(plan->expectations[1].outcome, PlannedOutcome::AnyFailure);
}

TEST(PlanFile, MistakesAreNamedWithTheirLine) {
  EXPECT_EQ(ErrorOf("[[expect]]\ntest = [\"a\"]\n"),
            "plan.toml:2: `test` is not known here; known are finding, cause, tests, outcome, "
            "reason, until");
  EXPECT_EQ(ErrorOf("[[expect]]\ntests = [\"a\"]\noutcome = \"broken\"\n"),
            "plan.toml:3: `outcome` must be `error`, `failed`, `xfailed` or `any-failure`");
  EXPECT_EQ(ErrorOf("[[expect]]\ntests = [\"a\"]\nuntil = 2026\n"),
            "plan.toml:3: `until` must be a day such as 2026-12-31");
  EXPECT_EQ(ErrorOf("[[expect]]\nreason = \"x\"\n"),
            "plan.toml:1: `tests` is missing: which tests are expected to fail");
  EXPECT_NE(ErrorOf("[[expect]\n").find("plan.toml:1: "), std::string::npos);
  EXPECT_NE(ErrorOf("[expected]\n").find("`expected` is not known here"), std::string::npos);
  EXPECT_EQ(ErrorOf(""), "none");
}

TEST(PlanPatterns, FilesFoldersFunctionsAndIds) {
  const char *id = "tests/old/test_a.py::TestX::test_y[1-[b]]";
  for (const char *pattern :
       {"tests/**", "tests/old", "tests/old/", "tests/old/test_a.py", "tests/*/test_*.py",
        "tests/old/test_a.py::TestX", "tests/old/test_a.py::TestX::test_y",
        "tests/old/test_a.py::TestX::test_*", "**/test_a.py::*test_y", id,
        "tests/old/test_a.py::TestX::test_y[*]", "tests/old/test_a.py::TestX::test_y[1-[b]]"}) {
    EXPECT_TRUE(MatchesTest(pattern, id)) << pattern;
  }
  for (const char *pattern :
       {"tests/ol", "old/**", "tests/old/test_a.py::Test", "tests/old/test_a.py::TestX::test_",
        "tests/old/test_b.py", "tests/old/test_a.py::TestX::test_y[2*]", "*.py"}) {
    EXPECT_FALSE(MatchesTest(pattern, id)) << pattern;
  }
  // An uncollected file has no functions.
  EXPECT_TRUE(MatchesTest("tests/old/**", "tests/old/test_a.py"));
  EXPECT_FALSE(MatchesTest("tests/old/test_a.py::test_y", "tests/old/test_a.py"));
}

class CheckedPlan : public testing::Test {
protected:
  void Check(llvm::StringRef plan_text, const char *report, llvm::StringRef today = "2026-11-22") {
    llvm::Expected<Plan> plan = ParsePlan(plan_text, "plan.toml");
    ASSERT_TRUE(static_cast<bool>(plan)) << llvm::toString(plan.takeError());
    const std::vector<TestRun> runs =
        ReadOutcomes(project_.disk(), FixturePath(report), project_.ids());
    ASSERT_EQ(runs.size(), 1U);
    report_ = CheckPlan(
        *plan, runs[0].results,
        [this](llvm::StringRef id) {
          auto it = findings_.find(id.str());
          return it == findings_.end() ? std::vector<std::string>() : it->second;
        },
        today);
  }
  std::string StateOf(llvm::StringRef id) const {
    for (const PlanVerdict &verdict : report_.verdicts) {
      if (verdict.id == id) {
        return PlanStateName(verdict.state);
      }
    }
    return "absent";
  }

  ShopProject project_;
  std::map<std::string, std::vector<std::string>> findings_;
  PlanReport report_;
};

TEST_F(CheckedPlan, EachStateIsTold) {
  findings_["tests/unit/test_plain.py::test_setup_error"] = {"DFG202:shop.cart:Basket"};
  Check(R"([[expect]]
finding = "DFG202:shop.cart:Basket"
tests = ["tests/unit/test_plain.py::test_setup_error", "tests/unit/test_plain.py::test_fails"]
[[expect]]
cause = "ValueError"
tests = ["tests/unit/test_errors.py::test_own_value_error"]
[[expect]]
cause = "ModuleNotFoundError:nowhere"
tests = ["tests/unit/test_errors.py::test_context"]
[[expect]]
tests = ["tests/unit/test_plain.py::test_passes", "tests/unit/test_plain.py::test_skipped"]
[[expect]]
tests = ["tests/unit/test_errors.py::test_fail_call"]
until = 2026-11-21
[[expect]]
tests = ["tests/unit/test_errors.py::test_group"]
until = 2026-11-22
[[expect]]
tests = ["tests/unit/test_plain.py::test_teardown_error"]
outcome = "failed"
[[expect]]
tests = ["tests/gone.py"]
)",
        "pytest9/unit.reportlog.jsonl.gz");
  EXPECT_EQ(StateOf("tests/unit/test_plain.py::test_setup_error"), "as-planned");
  EXPECT_EQ(StateOf("tests/unit/test_plain.py::test_fails"), "wrong-reason");
  EXPECT_EQ(StateOf("tests/unit/test_errors.py::test_own_value_error"), "as-planned");
  EXPECT_EQ(StateOf("tests/unit/test_errors.py::test_context"), "as-planned");
  EXPECT_EQ(StateOf("tests/unit/test_plain.py::test_passes"), "stale");
  EXPECT_EQ(StateOf("tests/unit/test_plain.py::test_skipped"), "not-run");
  EXPECT_EQ(StateOf("tests/unit/test_errors.py::test_fail_call"), "expired");
  EXPECT_EQ(StateOf("tests/unit/test_errors.py::test_group"), "as-planned");
  EXPECT_EQ(StateOf("tests/unit/test_plain.py::test_teardown_error"), "wrong-reason");
  EXPECT_EQ(report_.without_test, std::vector<uint32_t>{7});
}

TEST_F(CheckedPlan, MarksCountAsPlansAndMayHideImportErrors) {
  Check("", "pytest9/unit.reportlog.jsonl.gz");
  EXPECT_EQ(StateOf("tests/unit/test_plain.py::test_not_run"), "as-planned");
  EXPECT_EQ(StateOf("tests/unit/test_plain.py::test_passes_unexpectedly"), "stale");
  EXPECT_EQ(StateOf("tests/unit/test_plain.py::test_passes_strictly"), "stale");
  size_t hiding = 0;
  for (const PlanVerdict &verdict : report_.verdicts) {
    EXPECT_EQ(verdict.expectation, -1);
    if (verdict.hides_import_error) {
      ++hiding;
      EXPECT_EQ(verdict.id, "tests/unit/test_plain.py::test_expected_failure");
      EXPECT_EQ(verdict.seen, "ImportError: cannot import name 'Basket' from 'shop.cart' "
                              "(/home/ci/shop/shop/cart.py)");
    }
  }
  EXPECT_EQ(hiding, 1U);
}

TEST_F(CheckedPlan, WhatJUnitDroppedCannotBeVerified) {
  Check("[[expect]]\ncause = \"ImportError\"\noutcome = \"xfailed\"\n"
        "tests = [\"tests/unit/test_plain.py::test_expected_failure\"]\n",
        "pytest9/unit.junit.xml");
  EXPECT_EQ(StateOf("tests/unit/test_plain.py::test_expected_failure"), "unverifiable");
}

TEST_F(CheckedPlan, UncollectedFilesAreErrorsOfTheirFile) {
  Check("[[expect]]\ncause = \"ImportError:shop.cart:Basket\"\noutcome = \"error\"\n"
        "tests = [\"tests/broken/**\"]\n",
        "pytest9/broken.junit.xml");
  EXPECT_EQ(StateOf("tests/broken/test_direct.py"), "as-planned");
  EXPECT_EQ(StateOf("tests/broken/test_transitive.py"), "as-planned");
  EXPECT_EQ(StateOf("tests/broken/test_chained.py"), "as-planned");
  EXPECT_EQ(StateOf("tests/broken/test_no_module.py"), "wrong-reason");
}

} // namespace
} // namespace pydefrag
