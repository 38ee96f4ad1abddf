#include "report/live_file.h"

#include "gtest/gtest.h"

namespace pydefrag {
namespace {

constexpr llvm::StringRef kBefore = "import os\nfrom shop import Cart\n";
constexpr Span kCart{27, 31};

std::optional<Span> After(llvm::StringRef now) {
  const std::optional<TextStep> step = StepBetween(kBefore, now);
  return step ? SpanNow(kCart, *step, now) : std::optional(kCart);
}

TEST(LiveFile, PlacesBehindAnEditMoveWithIt) {
  EXPECT_EQ(After("# a\nimport os\nfrom shop import Cart\n"), (Span{31, 35}));
  EXPECT_EQ(After("from shop import Cart\n"), (Span{17, 21}));
}

TEST(LiveFile, PlacesBeforeAnEditStay) {
  EXPECT_EQ(After("import os\nfrom shop import Cart\nx = 1\n"), kCart);
  EXPECT_EQ(After("import os\nfrom shop import Cart, pay\n"), kCart);
}

TEST(LiveFile, APlaceThatWasEditedIsGone) {
  EXPECT_EQ(After("import os\nfrom shop import Cat\n"), std::nullopt);
  EXPECT_EQ(After("import os\n"), std::nullopt);
}

TEST(LiveFile, AWordThatGrewIsAnother) {
  EXPECT_EQ(After("import os\nfrom shop import Carts\n"), std::nullopt);
  EXPECT_EQ(After("import os\nfrom shop import MyCart\n"), std::nullopt);
}

TEST(LiveFile, SeveralStepsAreTakenInTurn) {
  const TextStep steps[] = {{0, 0, 4}, {35, 35, 40}, {0, 2, 0}};
  const llvm::StringRef now = "a\nimport os\nfrom shop import Cart, pay\n";
  EXPECT_EQ(SpanNow(kCart, steps, now), (Span{29, 33}));
  EXPECT_EQ(OffsetThen(29, steps), 27u);
  EXPECT_EQ(OffsetThen(35, steps), std::nullopt) << "what was typed stood nowhere";
  EXPECT_EQ(NearestSpanNow({20, 31}, steps), (Span{22, 33}));
}

TEST(LiveFile, EqualTextsHaveNoStep) {
  EXPECT_EQ(StepBetween("a", "a"), std::nullopt);
}

} // namespace
} // namespace pydefrag
