// JUnit XML beyond the recorded runs: other producers, broken files, styles of tracebacks.
#include "outcomes/reports/junit.h"

#include "outcomes/streams/gzip.h"
#include "support.h"

#include <gtest/gtest.h>

namespace pydefrag {
namespace {

TestRun Read(llvm::StringRef xml) {
  ShopProject project;
  const std::unique_ptr<ByteStream> bytes = MakeMemoryStream(xml);
  return ReadJUnitXml(*bytes, project.ids());
}

TEST(JUnit, NestedSuitesAreNotCountedTwice) {
  const TestRun run = Read(
      "<testsuites><testsuite name='all' tests='2' failures='1' time='1,001.5'>"
      "<testsuite name='inner' tests='2' failures='1'>"
      "<testcase classname='till' name='opens' time='0.5'/>"
      "<testcase classname='till' name='closes'><failure type='Boom' message='no'>at x</failure>"
      "</testcase></testsuite></testsuite></testsuites>");
  EXPECT_EQ(run.info.declared.tests, 2U);
  EXPECT_EQ(run.info.declared.failed, 1U);
  EXPECT_DOUBLE_EQ(run.info.seconds.value_or(0), 1001.5);
  ASSERT_EQ(run.results.tests.size(), 2U);
  EXPECT_EQ(run.results.tests[0].id, "till::closes");
  EXPECT_FALSE(run.results.tests[0].resolved);
  EXPECT_EQ(Headline(DetailOf(run.results, "till::closes").errors[0].chain.segments[0]),
            "Boom: no");
  EXPECT_TRUE(run.info.complete);
}

TEST(JUnit, SuiteMayBeTheRoot) {
  const TestRun run = Read("<?xml version='1.0'?><!-- c --><testsuite name='pytest' errors='0'>"
                           "<properties><property name='git_sha' value='abc'/></properties>"
                           "<testcase classname='tests.unit.test_plain' name='test_passes'/>"
                           "</testsuite>");
  EXPECT_EQ(run.info.producer, "pytest");
  ASSERT_EQ(run.info.properties.size(), 1U);
  EXPECT_EQ(run.info.properties[0].second, "abc");
  EXPECT_EQ(OutcomeOf(run.results, "tests/unit/test_plain.py::test_passes"), "passed");
}

TEST(JUnit, RepeatedAttemptsOfOtherProducersAreKept) {
  const TestRun run = Read("<testsuite><testcase classname='a' name='b'>"
                           "<rerunFailure type='E' message='once'>x</rerunFailure>"
                           "</testcase></testsuite>");
  ASSERT_EQ(run.results.tests.size(), 1U);
  EXPECT_EQ(run.results.tests[0].outcome, TestOutcome::Passed);
  EXPECT_EQ(run.results.tests[0].reruns, 1);
  EXPECT_TRUE(DetailOf(run.results, "a::b").errors[0].rerun);
}

TEST(JUnit, ModuleThatUnittestCouldNotImportIsACollectionError) {
  const TestRun run = Read(
      "<testsuite><testcase classname='unittest.loader._FailedTest' "
      "name='tests.broken.test_direct'><error type='ImportError' message='Failed to import test "
      "module: test_direct'>Traceback (most recent call last):\n"
      "  File \"/home/ci/shop/tests/broken/test_direct.py\", line 1, in &lt;module&gt;\n"
      "    from shop.cart import Basket\n"
      "ImportError: cannot import name 'Basket' from 'shop.cart' (/home/ci/shop/shop/cart.py)\n"
      "</error></testcase></testsuite>");
  EXPECT_TRUE(run.results.tests.empty());
  ASSERT_EQ(run.results.collection_errors.size(), 1U);
  EXPECT_EQ(run.results.collection_errors[0].path, "tests/broken/test_direct.py");
  EXPECT_EQ(Places(run.results.collection_errors[0].chain.segments[0]),
            "tests/broken/test_direct.py:1");
}

TEST(JUnit, EveryTracebackStyleGivesTheSameErrors) {
  ShopProject project;
  const char *id = "tests/unit/test_errors.py::test_direct_cause";
  for (const char *style : {"short", "native", "line", "no"}) {
    SCOPED_TRACE(style);
    std::string name = std::string("pytest8/tb-") + style + ".junit.xml";
    const bool packed = std::string(style) == "native";
    const std::string text = ReadFixture(name + (packed ? ".gz" : ""));
    std::unique_ptr<ByteStream> bytes = MakeMemoryStream(text);
    if (packed) {
      bytes = MakeGunzipStream(std::move(bytes));
    }
    const TestRun run = ReadJUnitXml(*bytes, project.ids());
    EXPECT_EQ(run.results.tests.size(), 13U);
    const TestDetail &detail = DetailOf(run.results, id);
    ASSERT_EQ(detail.errors.size(), 1U);
    const ErrorChain &chain = detail.errors[0].chain;
    ASSERT_EQ(chain.segments.size(), 2U);
    EXPECT_EQ(Headline(chain.segments[0]), "ImportError: cannot import name 'Basket' from "
                                           "'shop.cart' (/home/ci/shop/shop/cart.py)");
    EXPECT_EQ(Headline(chain.segments[1]), "RuntimeError: the shop is closed");
    const bool has_frames = std::string(style) == "short" || packed;
    EXPECT_EQ(Places(chain.segments[0]),
              has_frames ? "tests/unit/test_errors.py:12 shop/late.py:2" : "");
  }
}

TEST(JUnit, CutAtEveryByteItGivesWhatStoodBeforeAndAProblem) {
  const std::string text = ReadFixture("pytest9/rerun.junit.xml");
  size_t most = 0;
  for (size_t end = 0; end < text.size(); ++end) {
    const TestRun run = Read(llvm::StringRef(text).take_front(end));
    ASSERT_FALSE(run.info.complete) << end;
    ASSERT_EQ(run.results.problems.size(), 1U) << end;
    EXPECT_EQ(run.results.problems[0].kind, ProblemKind::Outcomes);
    ASSERT_GE(run.results.tests.size(), most) << end;
    most = run.results.tests.size();
  }
  EXPECT_EQ(most, 2U);
  EXPECT_TRUE(Read(text).results.problems.empty());
}

TEST(JUnit, FlippedBytesNeverCrash) {
  const std::string text = ReadFixture("pytest8/rerun.junit.xml");
  for (size_t at = 0; at < text.size(); ++at) {
    for (const char byte : {'<', '\0', '&', '\xff', '"'}) {
      std::string broken = text;
      broken[at] = byte;
      Read(broken);
    }
  }
}

TEST(JUnit, EntitiesAreNotExpanded) {
  const TestRun run = Read("<!DOCTYPE t [<!ENTITY a 'xxxxxxxxxx'><!ENTITY b '&a;&a;&a;&a;'>]>"
                           "<testsuite><testcase classname='c' name='&b;'/></testsuite>");
  EXPECT_TRUE(run.results.tests.empty());
  ASSERT_EQ(run.results.problems.size(), 1U);
  EXPECT_NE(run.results.problems[0].message.find("declares entities"), std::string::npos);
}

TEST(JUnit, DeepNestingCostsNoStack) {
  std::string text;
  for (int i = 0; i < 100000; ++i) {
    text += "<testsuite>";
  }
  const TestRun run = Read(text);
  EXPECT_EQ(run.results.problems.size(), 1U);
}

TEST(JUnit, CapturedOutputIsNotAnError) {
  const TestRun run = Read("<testsuite><testcase classname='a' name='b'><failure message='X: y'>"
                           "t.py:1: in f\nE   X: y</failure><system-out>E   Other: z</system-out>"
                           "<system-err>E   Other: w</system-err></testcase></testsuite>");
  const TestDetail &detail = DetailOf(run.results, "a::b");
  ASSERT_EQ(detail.errors.size(), 1U);
  ASSERT_EQ(detail.errors[0].chain.segments.size(), 1U);
  EXPECT_EQ(Headline(detail.errors[0].chain.segments[0]), "X: y");
}

} // namespace
} // namespace pydefrag
