// NearNames: the index finds what a look at every name finds.
#include "base/near_names.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace pydefrag {
namespace {

using Pairs = std::vector<std::pair<unsigned, std::string>>;

Pairs Find(NearNames &names, llvm::StringRef wanted, unsigned edits = 2) {
  Pairs found;
  for (const NearNames::Near &near : names.Find(wanted, edits)) {
    found.push_back({near.edits, names[near.index].str()});
  }
  return found;
}

TEST(NearNames, FindsOneAndTwoEditsNearestFirst) {
  NearNames names({"Cart", "Basket", "Carts", "Curt", "total"});
  EXPECT_EQ(Find(names, "Cort"), (Pairs{{1, "Cart"}, {1, "Curt"}, {2, "Carts"}}));
  EXPECT_EQ(Find(names, "Cort", 1), (Pairs{{1, "Cart"}, {1, "Curt"}}));
  EXPECT_EQ(Find(names, "nothing"), Pairs());
}

TEST(NearNames, OtherCaseIsOneEdit) {
  NearNames names({"HTTPError", "other"});
  EXPECT_EQ(Find(names, "HttpError"), (Pairs{{1, "HTTPError"}}));
}

TEST(NearNames, IndexFindsWhatALookAtEveryNameFinds) {
  std::mt19937 random(7);
  auto letter = [&] { return "abcXY_"[random() % 6]; };
  auto word = [&](size_t size) {
    std::string text;
    while (text.size() < size) {
      text += letter();
    }
    return text;
  };
  std::vector<std::string> texts;
  for (size_t i = 0; i < 400; ++i) {
    texts.push_back(word(i % 25));
  }
  const std::vector<llvm::StringRef> list(texts.begin(), texts.end());
  NearNames indexed(list);
  size_t found = 0;
  for (size_t i = 0; i < 400; ++i) {
    std::string wanted = texts[random() % texts.size()];
    for (unsigned edit = 0; edit < random() % 4; ++edit) {
      const size_t at = random() % (wanted.size() + 1);
      switch (random() % 3) {
      case 0:
        wanted.insert(at, 1, letter());
        break;
      case 1:
        wanted.erase(at, 1);
        break;
      default:
        wanted.replace(at, 1, 1, letter());
      }
    }
    NearNames fresh(list);
    const Pairs expected = Find(fresh, wanted);
    EXPECT_EQ(Find(indexed, wanted), expected) << wanted;
    found += expected.size();
  }
  EXPECT_GT(found, 400u);
}

} // namespace
} // namespace pydefrag
