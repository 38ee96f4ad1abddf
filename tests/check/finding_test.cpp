#include "check/finding.h"

#include "check/reporter.h"
#include "check/rule.h"

#include "gtest/gtest.h"

#include <set>

namespace pydefrag {
namespace {

Finding At(int file, uint32_t offset, const char *code) {
  Finding finding;
  finding.code = code;
  finding.module = "till";
  finding.spelled = "shop.cart:Cart";
  finding.where = {FileId(file), {offset, offset + 4}};
  return finding;
}

TEST(FinishFindings, SortsByFileThenOffsetThenCode) {
  std::vector<Finding> findings = {At(1, 0, "DFG101"), At(0, 9, "DFG101"), At(0, 3, "DFG202"),
                                   At(0, 3, "DFG201")};
  FinishFindings(findings);
  EXPECT_EQ(findings[0].code, "DFG201");
  EXPECT_EQ(findings[1].code, "DFG202");
  EXPECT_EQ(findings[2].where.span.begin, 9u);
  EXPECT_EQ(findings[3].where.file, FileId(1));
}

TEST(FinishFindings, IdIsSixteenHexDigits) {
  std::vector<Finding> findings = {At(0, 0, "DFG101")};
  FinishFindings(findings);
  EXPECT_EQ(findings[0].id.size(), 16u);
  EXPECT_EQ(findings[0].id.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(FinishFindings, IdDoesNotDependOnThePosition) {
  std::vector<Finding> here = {At(0, 10, "DFG101")};
  std::vector<Finding> below = {At(3, 999, "DFG101")};
  FinishFindings(here);
  FinishFindings(below);
  EXPECT_EQ(here[0].id, below[0].id);
}

TEST(FinishFindings, EqualFindingsGetDifferentIdsInOrder) {
  std::vector<Finding> two = {At(0, 50, "DFG101"), At(0, 10, "DFG101")};
  std::vector<Finding> one = {At(0, 10, "DFG101")};
  FinishFindings(two);
  FinishFindings(one);
  EXPECT_NE(two[0].id, two[1].id);
  EXPECT_EQ(two[0].id, one[0].id) << "a second one further down leaves the first as it is";
}

TEST(FinishFindings, EveryPartOfTheKeyMatters) {
  std::vector<Finding> findings(6, At(0, 0, "DFG101"));
  findings[1].code = "DFG102";
  findings[2].module = "shop.till";
  findings[3].scope = "Till.open";
  findings[4].symbols = {"shop.cart:Cart"};
  findings[5].spelled = "shop.api:Cart";
  FinishFindings(findings);
  std::set<std::string> ids;
  for (const Finding &finding : findings) {
    ids.insert(finding.id);
  }
  EXPECT_EQ(ids.size(), 6u);
}

constexpr RuleMeta kMeta = {.code = "DFG999",
                            .name = "test-rule",
                            .summary = "",
                            .doc = "",
                            .since = "0.1.0",
                            .severity = Severity::Error};

TEST(Reporter, FillsInWhatTheRuleIs) {
  Reporter report(kMeta, Severity::Warning);
  report.At({FileId(0), {1, 2}}, "seen").Cause("shop:X").Emit();
  const std::vector<Finding> findings = report.Take();
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, "DFG999");
  EXPECT_EQ(findings[0].name, "test-rule");
  EXPECT_EQ(findings[0].severity, Severity::Warning);
  EXPECT_EQ(findings[0].cause, "DFG999:shop:X");
  EXPECT_EQ(findings[0].message, "seen");
}

TEST(Reporter, KeepsFiveAttachedPlacesAndCountsAll) {
  Reporter report(kMeta, Severity::Error);
  FindingBuilder builder = report.At({FileId(0), {0, 1}}, "seen");
  for (uint32_t i = 0; i < 7; ++i) {
    builder.Attach({FileId(0), {i, i + 1}}, "also here");
  }
  builder.Emit();
  const std::vector<Finding> findings = report.Take();
  EXPECT_EQ(findings[0].related.size(), 5u);
  EXPECT_EQ(findings[0].related_total, 7u);
}

TEST(Reporter, SeverityIsOnlyEverLowered) {
  Reporter report(kMeta, Severity::Warning);
  report.At({}, "milder").WithSeverity(Severity::Note).Emit();
  report.At({}, "not harsher").WithSeverity(Severity::Error).Emit();
  const std::vector<Finding> findings = report.Take();
  EXPECT_EQ(findings[0].severity, Severity::Note);
  EXPECT_EQ(findings[1].severity, Severity::Warning);
}

} // namespace
} // namespace pydefrag
