#include "join/reason_key.h"

#include "join/assertions.h"
#include "join/levels.h"

#include "gtest/gtest.h"

namespace pydefrag {
namespace {

ErrorSegment Segment(const char *type, const char *message, const char *path, uint32_t line) {
  ErrorSegment segment;
  segment.type = type;
  segment.message = message;
  segment.frames.push_back({path, line, "f", true});
  return segment;
}

TEST(ReasonKey, WhatDiffersFromRunToRunDoesNotCount) {
  EXPECT_EQ(MaskReason("order 4711 at 0x7f00deadbeef"), "order % at %");
  EXPECT_EQ(MaskReason("no file '/tmp/pytest-of-ci/x1/a.txt' here"), "no file '%' here");
  EXPECT_EQ(MaskReason("id 3f2a91c04b77 gone"), "id % gone");
  EXPECT_EQ(MaskReason("a deadbeat Basket"), "a deadbeat Basket");
}

TEST(ReasonKey, OneLineThatRaisesIsOneReason) {
  const std::string one = ReasonKey(Segment("ValueError", "order 1 is late", "shop/pay.py", 7));
  EXPECT_EQ(one, ReasonKey(Segment("ValueError", "order 22 is late", "shop/pay.py", 7)));
  EXPECT_NE(one, ReasonKey(Segment("ValueError", "order 1 is late", "shop/pay.py", 9)));
  EXPECT_NE(one, ReasonKey(Segment("KeyError", "order 1 is late", "shop/pay.py", 7)));
  EXPECT_TRUE(llvm::StringRef(one).starts_with("reason-v1:"));
}

TEST(ReasonKey, AnImportErrorIsKeyedByWhatIsMissing) {
  EXPECT_EQ(
      ReasonKey(Segment("ImportError", "cannot import name 'Basket' from 'shop.cart' (/p/c.py)",
                        "till.py", 1)),
      "import-name:shop.cart:Basket");
  EXPECT_EQ(ReasonKey(Segment("ModuleNotFoundError", "No module named 'shop.old'", "till.py", 1)),
            "module-not-found:shop.old");
}

TEST(Assertions, ClassesAreReadAsPytestPrintsThem) {
  const std::vector<ClassMention> classes =
      ClassesIn("isinstance(<src.shop.bin.Bin object at 0x7f00>, <class 'shop.bin.Bin'>)");
  ASSERT_EQ(classes.size(), 2u);
  EXPECT_EQ(classes[0].module, "src.shop.bin");
  EXPECT_EQ(classes[1].module, "shop.bin");
  EXPECT_EQ(classes[1].name, "Bin");
}

TEST(Levels, FoldersThatPeopleUseHaveLevels) {
  const Config config;
  const LevelTable levels(config);
  EXPECT_EQ(levels.Of("tests/unit/shop/test_a.py").folder, "tests/unit");
  EXPECT_EQ(levels.Of("tests/unit/shop/test_a.py").level, "unit");
  EXPECT_EQ(levels.Of("tests/e2e/test_a.py").level, "e2e");
  EXPECT_EQ(levels.Of("shop/tests/test_a.py").folder, "shop/tests");
  EXPECT_EQ(levels.Of("shop/tests/test_a.py").level, "other");
  EXPECT_LT(levels.Rank("unit"), levels.Rank("e2e"));
  EXPECT_LT(levels.Rank("e2e"), levels.Rank("other"));
}

TEST(Levels, TheConfigurationHasTheLastWord) {
  Config config;
  config.levels = {{"smoke", {"tests/unit/quick"}}};
  const LevelTable levels(config);
  EXPECT_EQ(levels.Of("tests/unit/quick/test_a.py").level, "smoke");
  EXPECT_EQ(levels.Of("tests/unit/test_a.py").level, "unit");
}

} // namespace
} // namespace pydefrag
