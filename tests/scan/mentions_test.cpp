// KeepMentions: what is kept still parses, says the same about the names, and knows where it stood.
#include "scan/words/mentions.h"

#include "scan/trees/scoped_uses.h"

#include <gtest/gtest.h>

#include <string>

namespace pydefrag {
namespace {

bool IsShop(llvm::StringRef name) {
  return name == "shop";
}

std::string Kept(llvm::StringRef text) {
  return KeepMentions(text, IsShop).text;
}

TEST(KeepMentions, LeavesOutLinesThatDoNotMention) {
  EXPECT_EQ(Kept("import os\nimport shop\nx = os.path\n\n# shop\ny = shop.cart\n"),
            "0\nimport shop\ny = shop.cart\n");
}

TEST(KeepMentions, LeavesOutFunctionsAndClassesWhole) {
  EXPECT_EQ(Kept("import shop\n"
                 "@cache\n"
                 "def f():\n"
                 "    return 1\n"
                 "class C:\n"
                 "    x = shop.a\n"
                 "    def m(self):\n"
                 "        pass\n"),
            "import shop\nclass C:\n    x = shop.a\n");
}

TEST(KeepMentions, KeepsDecoratorsOfWhatMentions) {
  EXPECT_EQ(Kept("@shop.entry\n"
                 "@cache\n"
                 "def f():\n"
                 "\tprint()\n"
                 "\treturn 2\n"),
            "@shop.entry\n@cache\ndef f():\n\t0\n");
}

TEST(KeepMentions, KeepsTheHeadersOfOtherBlocks) {
  EXPECT_EQ(Kept("try:\n"
                 "    a = 1\n"
                 "    b = 2\n"
                 "except E:\n"
                 "    shop = None\n"
                 "else:\n"
                 "    c = 3\n"
                 "if x: y = 1\n"
                 "async def f():\n"
                 "    async with g:\n"
                 "        pass\n"),
            "try:\n    0\nexcept E:\n    shop = None\nelse:\n    0\nif x: y = 1\n"
            "async def f():\n    async with g:\n        0\n");
}

TEST(KeepMentions, KeepsLogicalLinesWhole) {
  EXPECT_EQ(Kept("a = '''\n"
                 "x = 1\n"
                 "'''\n"
                 "f(\n"
                 "    1,\n"
                 "  shop,\n"
                 ")\n"),
            "0\nf(\n    1,\n  shop,\n)\n");
}

TEST(KeepMentions, TellsWhereEachByteStood) {
  const std::string text = "import os\n\nif os:\n    y = 1\n    x = shop.cart\n";
  const Excerpt excerpt = KeepMentions(text, IsShop);
  for (const char *word : {"if os", "shop", "cart"}) {
    const size_t at = excerpt.text.find(word);
    ASSERT_NE(at, std::string::npos) << word;
    EXPECT_EQ(excerpt.OriginOf(static_cast<uint32_t>(at)), text.find(word)) << word;
  }
}

TEST(KeepMentions, GivesTheWholeTextWhenTheLexerIsNotCertain) {
  const std::string text = "import os\nx = (\nshop.y\n";
  const Excerpt excerpt = KeepMentions(text, IsShop);
  EXPECT_EQ(excerpt.text, text);
  EXPECT_EQ(excerpt.OriginOf(7), 7u);
}

TEST(ScopedUses, StandWhereTheyStandInTheWholeText) {
  const std::string text = "import os\n"
                           "import shop\n"
                           "def unrelated():\n"
                           "    return os\n"
                           "def f():\n"
                           "    a = 1\n"
                           "    return shop.cart.total\n";
  TreeParser parser;
  const std::vector<ScopedUse> uses = FindScopedUses(text, IsShop, parser);
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_EQ(text.substr(uses[0].begin, uses[0].end - uses[0].begin), "shop.cart.total");
  ASSERT_EQ(uses[0].imports.size(), 1u);
  EXPECT_EQ(uses[0].imports[0], text.find("import shop"));
}

} // namespace
} // namespace pydefrag
