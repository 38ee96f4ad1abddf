#include "report/ci/line_hash.h"

#include "gtest/gtest.h"

namespace pydefrag {
namespace {

using Strings = std::vector<std::string>;

// Values that GitHub's own upload action computes.
TEST(LineHash, IsThatOfGithub) {
  EXPECT_EQ(LineHashes("", {1}), Strings{"c129715d7a2bc9a3:1"});
  EXPECT_EQ(LineHashes("x = 1\n", {1}), Strings{"8e00d41f0ebba6bf:1"});
  EXPECT_EQ(LineHashes("from a import b\nfrom a import b\r\n\timport \xC3\xA9\n", {1, 2, 3}),
            (Strings{"8ec96da138b58131:1", "e7d10094d44068d1:1", "f7aaca1357c4bcf1:1"}));
}

TEST(LineHash, BlanksAndLineEndsDoNotCount) {
  const Strings hashes = LineHashes("from a import b\nx = 1\n", {1, 2});
  EXPECT_EQ(LineHashes("from  a\timport b\r\nx=1\r\n", {1, 2}), hashes);
  EXPECT_EQ(LineHashes("from a import b\rx = 1\r", {1, 2}), hashes);
}

TEST(LineHash, EqualSurroundingsAreNumbered) {
  std::string text;
  for (int i = 0; i < 60; ++i) {
    text += "x = 1\n";
  }
  const Strings hashes = LineHashes(text, {1, 2, 3});
  const std::string same = hashes[0].substr(0, hashes[0].find(':'));
  EXPECT_EQ(hashes, (Strings{same + ":1", same + ":2", same + ":3"}));
}

TEST(LineHash, OnlyWantedLinesAndNoneThatIsNotThere) {
  const Strings all = LineHashes("a\nb\nc\n", {1, 2, 3});
  EXPECT_EQ(LineHashes("a\nb\nc\n", {3}), Strings{all[2]});
  EXPECT_EQ(LineHashes("a\nb\nc\n", {9}), Strings{""});
}

TEST(LineHash, BytesThatAreNoUtf8AreReplaced) {
  EXPECT_EQ(LineHashes("x = '\xE9'\n", {1}), LineHashes("x = '\xEF\xBF\xBD'\n", {1}));
}

} // namespace
} // namespace pydefrag
