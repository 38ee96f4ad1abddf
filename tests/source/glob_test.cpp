// Wildcards and the lines of a .gitignore, as gitignore(5) describes them.
#include "source/glob.h"

#include <gtest/gtest.h>

namespace pydefrag {
namespace {

TEST(MatchGlob, StarStaysInsideAComponent) {
  EXPECT_TRUE(MatchGlob("*.py", "a.py"));
  EXPECT_FALSE(MatchGlob("*.py", "a/b.py"));
  EXPECT_TRUE(MatchGlob("a/*/c", "a/b/c"));
  EXPECT_FALSE(MatchGlob("a/*/c", "a/b/b/c"));
  EXPECT_TRUE(MatchGlob("t*st_*", "test_test_x"));
  EXPECT_FALSE(MatchGlob("t*st_?", "test_"));
  EXPECT_TRUE(MatchGlob("*", ""));
}

TEST(MatchGlob, DoubleStarCrossesFolders) {
  EXPECT_TRUE(MatchGlob("**/b", "b"));
  EXPECT_TRUE(MatchGlob("**/b", "a/a/b"));
  EXPECT_FALSE(MatchGlob("**/b", "a/xb"));
  EXPECT_TRUE(MatchGlob("a/**/b", "a/b"));
  EXPECT_TRUE(MatchGlob("a/**/b", "a/x/y/b"));
  EXPECT_FALSE(MatchGlob("a/**/b", "ax/b"));
  EXPECT_TRUE(MatchGlob("a/**", "a/x/y"));
  EXPECT_FALSE(MatchGlob("a/**", "a"));
  EXPECT_TRUE(MatchGlob("**/a*/**/b", "x/ac/y/ad/b"));
  EXPECT_FALSE(MatchGlob("**/a*/c/**/b", "x/ac/y/ad/b"));
  EXPECT_FALSE(MatchGlob("a**b", "a/b"));
  EXPECT_TRUE(MatchGlob("**", "a/b"));
}

TEST(MatchGlob, BracketsAndEscapes) {
  EXPECT_TRUE(MatchGlob("[a-c]x", "bx"));
  EXPECT_FALSE(MatchGlob("[!a-c]x", "bx"));
  EXPECT_TRUE(MatchGlob("[^a-c]x", "dx"));
  EXPECT_TRUE(MatchGlob("[]a]", "]"));
  EXPECT_TRUE(MatchGlob("[[:digit:]_]", "7"));
  EXPECT_FALSE(MatchGlob("[[:alpha:]]", "7"));
  EXPECT_FALSE(MatchGlob("a[/]b", "a/b"));
  EXPECT_FALSE(MatchGlob("[a", "[a"));
  EXPECT_TRUE(MatchGlob("\\*", "*"));
  EXPECT_FALSE(MatchGlob("\\*", "a"));
  EXPECT_TRUE(MatchGlob("[a-]", "-"));
}

TEST(MatchGlob, ManyStarsStayFast) {
  std::string pattern;
  for (int i = 0; i < 50; ++i) {
    pattern += "a*";
  }
  EXPECT_FALSE(MatchGlob(pattern + "b", std::string(20000, 'a')));
}

constexpr auto kFile = PathKind::File;
constexpr auto kDirectory = PathKind::Directory;

bool Ignored(llvm::StringRef text, llvm::StringRef path, PathKind kind = kFile) {
  return IgnoreRules::FromText(text).Match(path, kind) == IgnoreVerdict::Ignored;
}

TEST(IgnoreRules, NamesMatchAtAnyDepthAndSlashesAnchor) {
  EXPECT_TRUE(Ignored("foo.py", "a/b/foo.py"));
  EXPECT_FALSE(Ignored("/foo.py", "a/foo.py"));
  EXPECT_TRUE(Ignored("/foo.py", "foo.py"));
  EXPECT_TRUE(Ignored("a/foo.py", "a/foo.py"));
  EXPECT_FALSE(Ignored("a/foo.py", "b/a/foo.py"));
  EXPECT_TRUE(Ignored("**/a/foo.py", "b/a/foo.py"));
  EXPECT_TRUE(Ignored("*_pb2.py", "x/y_pb2.py"));
}

TEST(IgnoreRules, DoubleStarAfterAPlainPrefixIsReadAsGitReadsIt) {
  EXPECT_TRUE(Ignored("a**/b.py", "ab.py"));
  EXPECT_TRUE(Ignored("a**/b.py", "a/x/b.py"));
  EXPECT_FALSE(Ignored("a**/b.py", "b.py"));
}

TEST(IgnoreRules, ATrailingSlashMeansFoldersOnly) {
  EXPECT_TRUE(Ignored("lib/", "a/lib", kDirectory));
  EXPECT_FALSE(Ignored("lib/", "a/lib", kFile));
  EXPECT_TRUE(Ignored("l?b/", "lib", kDirectory));
  EXPECT_FALSE(Ignored("l?b/", "lib", kFile));
}

TEST(IgnoreRules, TheLastMatchingLineDecides) {
  EXPECT_FALSE(Ignored("*.py\n!keep.py\n", "keep.py"));
  EXPECT_TRUE(Ignored("!keep.py\n*.py\n", "keep.py"));
  EXPECT_TRUE(Ignored("*.py\n!keep.py\nkeep.py\n", "keep.py"));
  EXPECT_FALSE(Ignored("a\n!a/\n", "a", kDirectory));
  EXPECT_TRUE(Ignored("a\n!a/\n", "a", kFile));
  EXPECT_EQ(IgnoreRules::FromText("!x").Match("x", kFile), IgnoreVerdict::Included);
  EXPECT_EQ(IgnoreRules::FromText("y").Match("x", kFile), IgnoreVerdict::None);
}

TEST(IgnoreRules, CommentsBlanksAndEscapes) {
  EXPECT_TRUE(IgnoreRules::FromText("# note\n\n   \r\n/\n").empty());
  EXPECT_TRUE(Ignored("\\#x", "#x"));
  EXPECT_TRUE(Ignored("\\!x", "!x"));
  EXPECT_TRUE(Ignored("x.py   \r\n", "x.py"));
  EXPECT_TRUE(Ignored("x\\ ", "x "));
  EXPECT_TRUE(Ignored("\xEF\xBB\xBFx.py", "x.py"));
}

TEST(IgnoreRules, KeepsTheModulesItNames) {
  const IgnoreRules rules =
      IgnoreRules::FromText("/src/pkg/_version.py\n_v.py\n!kept.py\n*_pb2.py\nout.py/\n*.pyc\n");
  EXPECT_EQ(rules.module_lines(), (std::vector<std::string>{"src/pkg/_version.py", "**/_v.py"}));
}

} // namespace
} // namespace pydefrag
