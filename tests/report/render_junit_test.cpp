// The JUnit report, read back by our own reader of test reports.
#include "report/ci/render_junit.h"

#include "outcomes/outcomes.h"
#include "report/ci/xml_text.h"

#include "made_project.h"

namespace pydefrag {
namespace {

TEST(RenderJunit, OurOwnReaderReadsIt) {
  MadeProject made{{"shop/cart.py", "class Cart: ...\n"},
                   {"till.py", "from shop.cart import Basket\nfrom shop.cart import Basket\n"}};
  Finding finding;
  finding.code = "DFG202";
  finding.name = "missing-symbol";
  finding.message = "`shop.cart` does not define `<Basket>`";
  finding.module = "till";
  finding.where = made.Find(1, "Basket");
  Finding mild = finding;
  mild.severity = Severity::Warning;
  mild.where = made.Find(1, "Basket", 1);
  made.report.findings = {finding, mild};
  made.report.fail_level = Severity::Error;
  std::string text;
  llvm::raw_string_ostream os(text);
  RenderJunit(os, made.report, *made.sources, "");

  const std::unique_ptr<Disk> disk = MakeMemoryDisk({{"/p/junit.xml", text}});
  TestIdResolver ids(*disk, "/p", {""});
  const std::vector<TestRun> runs = ReadOutcomes(*disk, "/p/junit.xml", ids);
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_TRUE(runs[0].results.problems.empty());
  const OutcomeCounts counts = runs[0].results.Count();
  EXPECT_EQ(counts.Of(TestOutcome::Failed), 1u);
  EXPECT_EQ(counts.Of(TestOutcome::Skipped), 1u);
  EXPECT_EQ(counts.Of(TestOutcome::Passed), 1u) << "the analysis itself";
}

TEST(XmlText, WhatXmlCannotHoldIsReplaced) {
  EXPECT_EQ(EscapeXml("a<b>&\"c\"\n"), "a&lt;b&gt;&amp;&quot;c&quot;&#10;");
  EXPECT_EQ(EscapeXml(llvm::StringRef("\0\x1b", 2)), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(EscapeXml("\xFF\xC3\xA9"), "\xEF\xBF\xBD\xC3\xA9");
  EXPECT_EQ(EscapeXml("\xEF\xBF\xBE"), "\xEF\xBF\xBD") << "U+FFFE is no character of XML";
}

} // namespace
} // namespace pydefrag
