#include "page/facts.h"
#include "page/html_text.h"
#include "page/markdown.h"

#include "gtest/gtest.h"

namespace pydefrag {
namespace {

TEST(HtmlText, NothingInItIsTakenForMarkup) {
  EXPECT_EQ(HtmlText("<b a=\"1\" c='2'> & x"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt; &amp; x");
}

TEST(HtmlText, BytesThatAreNoTextAreReplaced) {
  EXPECT_EQ(HtmlText("a\xFF"
                     "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(HtmlText("cut \xE2\x80"), "cut \xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(HtmlText(llvm::StringRef("\0\x1B\t", 3)), "\xEF\xBF\xBD\xEF\xBF\xBD\t");
  EXPECT_EQ(HtmlText("na\xC3\xAFve \xF0\x9F\x90\x8D"), "na\xC3\xAFve \xF0\x9F\x90\x8D");
}

TEST(HtmlProse, NamesInBackticksAreCode) {
  EXPECT_EQ(HtmlProse("`a<b>` is not `c`"), "<code>a&lt;b&gt;</code> is not <code>c</code>");
  EXPECT_EQ(HtmlProse("one ` alone"), "one ` alone");
}

std::string ScriptJson(llvm::StringRef json) {
  std::string text;
  llvm::raw_string_ostream os(text);
  WriteScriptJson(os, json);
  return text;
}

TEST(ScriptJson, NothingInItEndsTheScript) {
  EXPECT_EQ(ScriptJson(R"(["</script>", "<!--", "<script>"])"),
            R"(["\u003c/script>", "\u003c!--", "\u003cscript>"])");
}

TEST(ScriptJson, LineSeparatorsAreEscaped) {
  EXPECT_EQ(ScriptJson("\"a\xE2\x80\xA8"
                       "b\xE2\x80\xA9\""),
            "\"a\\u2028b\\u2029\"");
  EXPECT_EQ(ScriptJson("\"\xE2\x80\xA6\""), "\"\xE2\x80\xA6\"") << "an ellipsis stays";
  EXPECT_EQ(ScriptJson(""), "");
}

TEST(Markdown, CodeHoldsBackticks) {
  EXPECT_EQ(MarkdownCode("a"), "`a`");
  EXPECT_EQ(MarkdownCode("a ``b"), "```a ``b```");
  EXPECT_EQ(MarkdownCode("`a`"), "`` `a` ``");
  EXPECT_EQ(MarkdownCode("two\nlines"), "`two lines`");
  EXPECT_EQ(MarkdownCellCode("a|b"), "`a\\|b`");
}

TEST(Markdown, ProseMarksOnlyWhatIsMarked) {
  EXPECT_EQ(MarkdownProse("`a_b` has *no* <b>"), "`a_b` has \\*no\\* \\<b>");
  EXPECT_EQ(MarkdownProse("__init__ | [x](y)"), "\\_\\_init\\_\\_ \\| \\[x\\](y)");
}

TEST(Facts, TimesAndSizesAsPeopleReadThem) {
  EXPECT_EQ(DurationText(0.421), "0.42 s");
  EXPECT_EQ(DurationText(59.9), "59.9 s");
  EXPECT_EQ(DurationText(192), "3 min 12 s");
  EXPECT_EQ(DurationText(7260), "2 h 1 min");
  EXPECT_EQ(MemoryText(120'400'000), "120 MB");
  EXPECT_EQ(TimeText(1795826530, true), "2026-11-28 00:42:10 UTC");
  EXPECT_EQ(TimeText(0, false), "1970-01-01 00:00:00");
}

TEST(Facts, WhatNoSourceRecordedIsSaidToBeSo) {
  EXPECT_TRUE(RunFacts({}).empty());
  RunHeader run;
  run.sources.push_back({.path = "junit.xml", .kind = SourceKind::JUnitXml, .complete = true});
  run.revision = Recorded{"3f2a91c", "git"};
  const Facts facts = RunFacts(run);
  EXPECT_EQ(facts[1], (std::pair<std::string, std::string>("revision", "3f2a91c (git)")));
  EXPECT_EQ(facts[2], (std::pair<std::string, std::string>("branch", "not recorded")));
}

} // namespace
} // namespace pydefrag
