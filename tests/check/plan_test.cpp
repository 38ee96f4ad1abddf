#include "check/advice.h"
#include "check/run.h"

#include "gtest/gtest.h"

namespace pydefrag {
namespace {

std::vector<std::string> Codes(const RulePlan &plan) {
  std::vector<std::string> codes;
  for (const auto &[rule, severity] : plan.rules) {
    codes.push_back(rule->meta.code);
  }
  return codes;
}

std::vector<std::string> Codes(const Selection &selection, const Config &config = {}) {
  const RulePlan plan = PlanRules(selection, config);
  EXPECT_EQ(plan.error, "");
  return Codes(plan);
}

using Strings = std::vector<std::string>;

TEST(PlanRules, WithoutASelectionEveryRuleThatIsOnRuns) {
  const RulePlan plan = PlanRules({}, {});
  size_t on = 0;
  for (const Rule *rule : AllRules()) {
    on += rule->meta.severity != Severity::Off ? 1 : 0;
  }
  EXPECT_EQ(plan.rules.size(), on);
  EXPECT_FALSE(plan.narrowed);
}

TEST(PlanRules, SelectTakesCodesNamesAndPrefixes) {
  EXPECT_EQ(Codes({.select = {"DFG202"}}), Strings{"DFG202"});
  EXPECT_EQ(Codes({.select = {"missing-symbol"}}), Strings{"DFG202"});
  const Strings family = Codes({.select = {"DFG9"}});
  EXPECT_EQ(family, (Strings{"DFG901", "DFG902"}));
}

TEST(PlanRules, NarrowedWhenARuleThatIsOnDoesNotRun) {
  EXPECT_TRUE(PlanRules({.select = {"DFG202"}}, {}).narrowed);
  EXPECT_TRUE(PlanRules({.ignore = {"DFG902"}}, {}).narrowed);
}

TEST(PlanRules, TheMoreSpecificSelectorWins) {
  EXPECT_EQ(Codes({.select = {"DFG9"}, .ignore = {"DFG902"}}), Strings{"DFG901"});
  EXPECT_EQ(Codes({.select = {"DFG902"}, .ignore = {"DFG9"}}), Strings{"DFG902"});
  EXPECT_EQ(Codes({.select = {"DFG902"}, .ignore = {"unused-suppression"}}), Strings{});
}

TEST(PlanRules, CommandLineSelectReplacesTheConfiguration) {
  Config config;
  config.select = {"DFG101"};
  config.ignore = {"DFG202"};
  EXPECT_EQ(Codes({}, config), Strings{"DFG101"});
  EXPECT_EQ(Codes({.select = {"DFG202"}}, config), Strings{"DFG202"});
}

TEST(PlanRules, CommandLineIgnoreIsAddedToTheConfiguration) {
  Config config;
  config.select = {"DFG9"};
  EXPECT_EQ(Codes({.ignore = {"DFG901"}}, config), Strings{"DFG902"});
}

TEST(PlanRules, ConfigurationSetsSeverityAndOffSwitchesOff) {
  Config config;
  config.severity = {{"missing-symbol", Severity::Note}, {"DFG901", Severity::Off}};
  const RulePlan plan = PlanRules({.select = {"DFG202", "DFG901"}}, config);
  ASSERT_EQ(Codes(plan), Strings{"DFG202"});
  EXPECT_EQ(plan.rules[0].second, Severity::Note);
}

TEST(PlanRules, UnknownSelectorIsAnErrorThatNamesTheNearest) {
  EXPECT_EQ(PlanRules({.select = {"missing-symbl"}}, {}).error,
            "unknown rule `missing-symbl` in --select; did you mean `missing-symbol`?");
  EXPECT_EQ(PlanRules({.ignore = {"nothing like it"}}, {}).error,
            "unknown rule `nothing like it` in --ignore");
  Config config;
  config.per_path_ignores = {{.pattern = "tests", .rules = {"DFG299"}}};
  const std::string error = PlanRules({}, config).error;
  EXPECT_EQ(error.find("unknown rule `DFG299` in `per-path-ignores`"), 0u) << error;
}

TEST(SelectorMatches, TwoLettersAreNoPrefix) {
  const RuleMeta &meta = FindRule("DFG202")->meta;
  EXPECT_TRUE(SelectorMatches("DFG", meta));
  EXPECT_TRUE(SelectorMatches("ALL", meta));
  EXPECT_FALSE(SelectorMatches("DF", meta));
  EXPECT_FALSE(SelectorMatches("", meta));
  EXPECT_FALSE(SelectorMatches("DFG2021", meta));
}

TEST(Alternatives, ReadLikeASentence) {
  EXPECT_EQ(Alternatives({}), "");
  EXPECT_EQ(Alternatives({"a"}), "a");
  EXPECT_EQ(Alternatives({"a", "b"}), "a or b");
  EXPECT_EQ(Alternatives({"a", "b", "c"}), "a, b or c");
}

} // namespace
} // namespace pydefrag
