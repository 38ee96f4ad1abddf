#include "report/baseline.h"

#include "check/rule.h"

#include "gtest/gtest.h"

namespace pydefrag {
namespace {

using Strings = std::vector<std::string>;

Finding Missing(const std::string &module, const std::string &name) {
  Finding finding;
  finding.code = "DFG202";
  finding.message = "`shop.cart` does not define `" + name + "`";
  finding.module = module;
  finding.symbols = {"shop.cart:" + name};
  finding.spelled = "shop.cart";
  return finding;
}

std::vector<Finding> Finished(std::vector<Finding> findings) {
  FinishFindings(findings);
  return findings;
}

RulePlan PlanOf(std::vector<const char *> codes) {
  RulePlan plan;
  for (const char *code : codes) {
    plan.rules.push_back({FindRule(code), Severity::Error});
  }
  return plan;
}

Strings Messages(const std::vector<Finding> &findings) {
  Strings messages;
  for (const Finding &finding : findings) {
    messages.push_back(finding.module + ": " + finding.message);
  }
  return messages;
}

Strings Stale(const BaselineResult &result) {
  Strings ids;
  for (const BaselineEntry &entry : result.stale) {
    ids.push_back(entry.module + " " + entry.what);
  }
  return ids;
}

std::string Written(const Baseline &baseline) {
  std::string text;
  llvm::raw_string_ostream os(text);
  WriteBaseline(os, baseline);
  return text;
}

TEST(Baseline, KnowsWhatItWasMadeOfAndNothingElse) {
  const Baseline baseline = MakeBaseline(Finished({Missing("till", "Basket")}));
  const BaselineResult result =
      ApplyBaseline(baseline, PlanOf({"DFG202"}),
                    Finished({Missing("till", "Basket"), Missing("till", "Trolley")}));
  EXPECT_EQ(Messages(result.kept), Strings{"till: `shop.cart` does not define `Trolley`"});
  EXPECT_EQ(Messages(result.known), Strings{"till: `shop.cart` does not define `Basket`"});
  EXPECT_TRUE(result.stale.empty());
}

TEST(Baseline, AMovedFileBringsNothingBack) {
  const Baseline baseline = MakeBaseline(Finished({Missing("till", "Basket")}));
  const BaselineResult moved =
      ApplyBaseline(baseline, PlanOf({"DFG202"}), Finished({Missing("shop.till", "Basket")}));
  EXPECT_TRUE(moved.kept.empty());
  EXPECT_TRUE(moved.stale.empty());
}

TEST(Baseline, AnEntryKnowsOneFindingOnly) {
  const Baseline baseline = MakeBaseline(Finished({Missing("till", "Basket")}));
  const BaselineResult copied = ApplyBaseline(
      baseline, PlanOf({"DFG202"}), Finished({Missing("a", "Basket"), Missing("till", "Basket")}));
  EXPECT_EQ(Messages(copied.kept), Strings{"a: `shop.cart` does not define `Basket`"})
      << "the id comes before the key without the module";
}

TEST(Baseline, SymbolsOfTheMovedModuleMoveWithIt) {
  Finding before = Missing("old", "x");
  before.symbols = {"old:Thing", "other:Thing"};
  Finding after = Missing("new", "x");
  after.symbols = {"new:Thing", "other:Thing"};
  EXPECT_EQ(MovedKey(before), MovedKey(after));
  after.symbols = {"new:Thing", "third:Thing"};
  EXPECT_NE(MovedKey(before), MovedKey(after));
}

TEST(Baseline, WhatIsNoLongerFoundIsStaleIfItsRuleRan) {
  const Baseline baseline =
      MakeBaseline(Finished({Missing("a", "Basket"), Missing("b", "Trolley")}));
  const std::vector<Finding> now = Finished({Missing("a", "Basket")});
  EXPECT_EQ(Stale(ApplyBaseline(baseline, PlanOf({"DFG202"}), now)),
            Strings{"b `shop.cart` does not define `Trolley`"});
  EXPECT_TRUE(ApplyBaseline(baseline, PlanOf({"DFG201"}), {}).stale.empty());
}

TEST(Baseline, IsWrittenOneEntryALineAndReadBack) {
  Baseline baseline = MakeBaseline(Finished({Missing("b", "Trolley"), Missing("a", "Basket")}));
  baseline.accepted = {baseline.current.back()};
  baseline.current.pop_back();
  baseline.accepted[0].reason = "until the next release";
  const std::string text = Written(baseline);
  llvm::Expected<Baseline> read = ReadBaseline(text, "`b.json`");
  ASSERT_TRUE(static_cast<bool>(read)) << llvm::toString(read.takeError());
  EXPECT_EQ(Written(*read), text);
  ASSERT_EQ(read->accepted.size(), 1u);
  EXPECT_EQ(read->accepted[0].reason, "until the next release");
  EXPECT_EQ(llvm::StringRef(text).count('\n'), 5u) << text;
}

TEST(Baseline, OrderOfFindingsDoesNotShow) {
  const std::vector<Finding> one = Finished({Missing("b", "T"), Missing("a", "B")});
  const std::vector<Finding> other = {one[1], one[0]};
  EXPECT_EQ(Written(MakeBaseline(one)), Written(MakeBaseline(other)));
}

TEST(Baseline, WhatIsNoBaselineIsSaid) {
  auto error = [](llvm::StringRef text) {
    return llvm::toString(ReadBaseline(text, "`b.json`").takeError());
  };
  EXPECT_EQ(error("{}"), "`b.json` is no baseline: its schema is not pydefrag/baseline/1");
  EXPECT_NE(error("[").find("`b.json` is no baseline: "), std::string::npos);
  EXPECT_EQ(error(R"({"schema": "pydefrag/baseline/1", "accepted": []})"),
            "`b.json` is no baseline: `current` is missing");
  EXPECT_EQ(error(R"({"schema": "pydefrag/baseline/1", "accepted": [{"id": "1"}], "current": []})"),
            "`b.json` is no baseline: the accepted entry 1 gives no reason");
}

} // namespace
} // namespace pydefrag
