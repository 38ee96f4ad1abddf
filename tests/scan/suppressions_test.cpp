// Suppression comments: what is one, which codes it names, where it stands.
#include "scan/lines/suppressions.h"
#include "scan/outline/outline.h"

#include <gtest/gtest.h>

namespace pydefrag {
namespace {

using Codes = std::vector<std::string>;

std::vector<Suppression> Find(llvm::StringRef text) {
  Outline outline;
  OutlineLines(text, outline);
  EXPECT_EQ(outline.status, LexStatus::Certain) << outline.why;
  return outline.suppressions;
}

TEST(SuppressionsTest, CommentAtTheEndOfALine) {
  std::vector<Suppression> found = Find("import a  # pydefrag: ignore[missing-module]\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].codes, (Codes{"missing-module"}));
  EXPECT_EQ(found[0].begin, 10u);
  EXPECT_EQ(found[0].end, 44u);
  EXPECT_EQ(found[0].line, 1u);
  EXPECT_FALSE(found[0].own_line);
  EXPECT_FALSE(found[0].whole_file);
  EXPECT_FALSE(found[0].noqa);
  EXPECT_EQ(found[0].reason, "");
}

TEST(SuppressionsTest, CommentAloneOnItsLine) {
  std::vector<Suppression> found =
      Find("\nx = 1\n\t # pydefrag: ignore[DFG201, DFG202]\nimport a\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].codes, (Codes{"DFG201", "DFG202"}));
  EXPECT_EQ(found[0].line, 3u);
  EXPECT_TRUE(found[0].own_line);
}

TEST(SuppressionsTest, BareIgnoreNamesNoCodes) {
  std::vector<Suppression> found = Find("import a # pydefrag: ignore\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].codes.empty());
}

TEST(SuppressionsTest, WholeFile) {
  std::vector<Suppression> found =
      Find("# pydefrag: ignore-file[DFG101]\n# pydefrag: ignore-file\n");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_TRUE(found[0].whole_file);
  EXPECT_EQ(found[0].codes, (Codes{"DFG101"}));
  EXPECT_TRUE(found[1].whole_file);
  EXPECT_TRUE(found[1].codes.empty());
}

TEST(SuppressionsTest, TextBehindIsTheReason) {
  EXPECT_EQ(Find("a = 1 # pydefrag: ignore[DFG101] -- kept for plugins \n").at(0).reason,
            "kept for plugins");
  EXPECT_EQ(Find("a = 1 # pydefrag: ignore: kept\n").at(0).reason, "kept");
  EXPECT_EQ(Find("a = 1 # noqa: DFG101 kept\n").at(0).reason, "kept");
}

TEST(SuppressionsTest, BlanksAndCaseAreFree) {
  EXPECT_EQ(Find("a = 1 #pydefrag:ignore[ DFG101 ,x ]\n").at(0).codes, (Codes{"DFG101", "x"}));
  EXPECT_EQ(Find("a = 1 # PyDefrag:  Ignore [DFG101]\n").at(0).codes, (Codes{"DFG101"}));
}

TEST(SuppressionsTest, NoqaCountsOnlyWithCodesOfOurs) {
  std::vector<Suppression> found = Find("a = 1 # noqa: DFG202\nb = 1  # noqa: E501,DFG201 F401\n");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_TRUE(found[0].noqa);
  EXPECT_EQ(found[0].codes, (Codes{"DFG202"}));
  EXPECT_EQ(found[1].codes, (Codes{"DFG201"}));
  EXPECT_EQ(found[1].line, 2u);
  EXPECT_TRUE(Find("a = 1 # noqa\nb = 1 # noqa: E501\nc = 1 # NOQA:F401\n").empty());
}

TEST(SuppressionsTest, MayStandBehindAnotherComment) {
  EXPECT_EQ(Find("import a # type: ignore # pydefrag: ignore[DFG201]\n").at(0).codes,
            (Codes{"DFG201"}));
  EXPECT_EQ(Find("import a # noqa: F401 # noqa: DFG201\n").at(0).codes, (Codes{"DFG201"}));
}

TEST(SuppressionsTest, OnlyRealCommentsCount) {
  EXPECT_TRUE(Find("a = '# pydefrag: ignore'\n'''\n# pydefrag: ignore\n'''\n").empty());
  EXPECT_EQ(Find("a = (1, # pydefrag: ignore\n  2)\n").size(), 1u);
  EXPECT_EQ(Find("a = f'{\n1 # pydefrag: ignore\n}'\n").size(), 1u);
}

TEST(SuppressionsTest, OtherWordsAreNotOnes) {
  EXPECT_TRUE(Find("a = 1 # pydefrag: ignored\n").empty());
  EXPECT_TRUE(Find("a = 1 # pydefrag: please\n").empty());
  EXPECT_TRUE(Find("a = 1 # pydefrag ignore\n").empty());
  EXPECT_TRUE(Find("a = 1 # pydefrag: ignore[DFG101\n").empty());
  EXPECT_TRUE(Find("a = 1 # see pydefrag: ignore\n").empty());
}

TEST(SuppressionsTest, CommentsEndBeforeTheLineBreak) {
  std::vector<Suppression> found = Find("a = 1 # pydefrag: ignore\r\nb = 1 # pydefrag: ignore\r");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].end, 24u);
  EXPECT_EQ(found[1].line, 2u);
  EXPECT_EQ(found[1].reason, "");
}

TEST(SuppressionsTest, FirstLineWithAByteOrderMarkIsAlone) {
  EXPECT_TRUE(Find("\xef\xbb\xbf# pydefrag: ignore\n").at(0).own_line);
}

} // namespace
} // namespace pydefrag
