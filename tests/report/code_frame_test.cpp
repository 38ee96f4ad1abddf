#include "report/text/code_frame.h"

#include "made_project.h"

namespace pydefrag {
namespace {

TEST(LayOutLine, PlainTextKeepsItsColumns) {
  const FrameLine line = LayOutLine("from shop import Cart", 17, 21);
  EXPECT_EQ(line.text, "from shop import Cart");
  EXPECT_EQ(line.mark_begin, 17u);
  EXPECT_EQ(line.mark_end, 21u);
}

TEST(LayOutLine, TabsGoToTheNextStopOfFour) {
  const FrameLine line = LayOutLine("a\tb", 2, 3);
  EXPECT_EQ(line.text, "a   b");
  EXPECT_EQ(line.mark_begin, 4u);
  EXPECT_EQ(line.mark_end, 5u);
}

TEST(LayOutLine, WideCharactersTakeTwoColumns) {
  const FrameLine line = LayOutLine("\xE5\x93\x81 x", 4, 5); // one CJK character, three bytes
  EXPECT_EQ(line.mark_begin, 3u);
  EXPECT_EQ(line.mark_end, 4u);
}

TEST(LayOutLine, UnprintableAndBrokenBytesAreReplaced) {
  EXPECT_EQ(LayOutLine("a\x01z", 0, 1).text, "a\xEF\xBF\xBDz");
  EXPECT_EQ(LayOutLine("a\xFFz", 2, 3).text, "a\xEF\xBF\xBDz");
}

TEST(LayOutLine, ByteOrderMarkIsNotShown) {
  const FrameLine line = LayOutLine("\xEF\xBB\xBFimport a", 10, 11);
  EXPECT_EQ(line.text, "import a");
  EXPECT_EQ(line.mark_begin, 7u);
}

TEST(LayOutLine, EmptySpanStillGetsOneColumn) {
  const FrameLine line = LayOutLine("abc", 3, 3);
  EXPECT_EQ(line.mark_begin, 3u);
  EXPECT_EQ(line.mark_end, 4u);
}

TEST(LayOutLine, LongLineIsCutAroundThePlace) {
  const std::string text = std::string(300, 'a') + "HERE" + std::string(300, 'b');
  const FrameLine line = LayOutLine(text, 300, 304);
  EXPECT_EQ(line.text.substr(0, 4), "...a");
  EXPECT_EQ(line.text.substr(line.text.size() - 4), "b...");
  EXPECT_LE(line.text.size(), 123u);
  EXPECT_EQ(line.text.substr(line.mark_begin, line.mark_end - line.mark_begin), "HERE");
}

TEST(LayOutLine, MarkLongerThanTheWindowEndsWithIt) {
  const FrameLine line = LayOutLine(std::string(500, 'a'), 0, 500);
  EXPECT_EQ(line.mark_begin, 0u);
  EXPECT_EQ(line.mark_end, 120u);
}

TEST(RenderFrames, PrimaryAndRelatedPlaces) {
  MadeProject made(
      {{"shop/cart.py", "\nclass Cart: ...\n"}, {"till.py", "from shop.cart import Crat\n"}});
  const Palette palette(ColorUse::Off);
  const FrameOptions options{.project = made.project.get(),
                             .sources = made.sources.get(),
                             .palette = &palette,
                             .path_prefix = "sub/"};
  std::string text;
  llvm::raw_string_ostream os(text);
  const FrameMark other{.where = made.Find(0, "Cart"), .label = "a similar name is defined here"};
  RenderFrames(os, options, {.where = made.Find(1, "Crat"), .label = ""}, other);
  EXPECT_EQ(text, " --> sub/till.py:1:23\n"
                  "  |\n"
                  "1 | from shop.cart import Crat\n"
                  "  |                       ^^^^\n"
                  " ::: sub/shop/cart.py:2:7\n"
                  "  |\n"
                  "2 | class Cart: ...\n"
                  "  |       ---- a similar name is defined here\n");
}

TEST(RenderFrames, PlacesAreLinksWhereTheTerminalFollowsThem) {
  MadeProject made{{"my shop/a#b.py", "import x\n"}};
  made.project->root = "/home/me";
  const Palette palette(ColorUse::Off);
  const FrameOptions options{.project = made.project.get(),
                             .sources = made.sources.get(),
                             .palette = &palette,
                             .path_prefix = "",
                             .links = true};
  EXPECT_EQ(PlaceText(options, {FileId(0), {7, 8}}),
            "\x1b]8;;file:///home/me/my%20shop/a%23b.py\x1b\\my shop/a#b.py\x1b]8;;\x1b\\")
      << "the file cannot be read there, so it has no line";
}

TEST(LayOutLine, IsCutToTheWidthAskedFor) {
  const std::string line(60, 'x');
  EXPECT_EQ(LayOutLine(line, 0, 1, 40).text, std::string(40, 'x') + "...");
  EXPECT_EQ(LayOutLine(line, 0, 1).text, line);
}

TEST(RenderFrames, MultiLinePlaceIsMarkedToTheEndOfItsFirstLine) {
  MadeProject made{{"a.py", "from b import (\n    C,\n)\n"}};
  const Palette palette(ColorUse::Off);
  const FrameOptions options{.project = made.project.get(),
                             .sources = made.sources.get(),
                             .palette = &palette,
                             .path_prefix = ""};
  std::string text;
  llvm::raw_string_ostream os(text);
  RenderFrames(os, options, {.where = made.Find(0, "from b import (\n    C,\n)"), .label = ""}, {});
  EXPECT_EQ(text, " --> a.py:1:1\n"
                  "  |\n"
                  "1 | from b import (\n"
                  "  | ^^^^^^^^^^^^^^^\n");
}

} // namespace
} // namespace pydefrag
