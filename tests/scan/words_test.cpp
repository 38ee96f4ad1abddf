// FindWords: every word is found with its bounds, and the fast search agrees with the plain one.
#include "scan/words/words.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace pydefrag {
namespace {

using Begins = std::vector<uint32_t>;

Begins Find(llvm::StringRef text, SimdLevel level = BestSimdLevel()) {
  Begins begins;
  FindWords(text, begins, level);
  return begins;
}

Begins FindPlainly(llvm::StringRef text) {
  Begins begins;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsWordOfInterest(text, i)) {
      begins.push_back(static_cast<uint32_t>(i));
    }
  }
  return begins;
}

const char *const kFound[] = {"import_module",
                              "importlib",
                              "importorskip",
                              "find_spec",
                              "load_source",
                              "spec_from_file",
                              "walk_packages",
                              "create_module",
                              "exec_module",
                              "load_module",
                              "find_module",
                              "iter_modules",
                              "autodiscover",
                              "resolve_name",
                              "runpy",
                              "exec(",
                              "DJANGO_SETTINGS_MODULE",
                              "lazy",
                              "LazyLoader",
                              "globals()",
                              "vars()",
                              "locals()",
                              "setattr",
                              "__getattr__",
                              "__path__",
                              "sys.path",
                              "sys.modules",
                              "sys.meta_path",
                              "addsitedir",
                              "patch(",
                              "warn(",
                              "warnings",
                              "deprecated",
                              "Deprecated",
                              "DEPRECATED"};

TEST(WordsTest, EveryWordIsFoundAtEveryPlaceInALongText) {
  for (const char *word : kFound) {
    for (size_t before : {size_t{0}, size_t{1}, size_t{30}, size_t{31}, size_t{32}, size_t{63}}) {
      std::string text = std::string(before, ' ') + word;
      EXPECT_EQ(Find(text), (Begins{static_cast<uint32_t>(before)})) << word << before;
      text += std::string(80, ' ');
      EXPECT_EQ(Find(text), (Begins{static_cast<uint32_t>(before)})) << word << before;
    }
  }
}

TEST(WordsTest, BoundsKeepCommonWordsOut) {
  for (const char *text :
       {"log.warning('x')", "dispatch(x)", "patches", "create_subprocess_exec()", "my_globals",
        "globals_", "mysys.path", "envvars(", "executor", "", "im"}) {
    EXPECT_EQ(Find(text), Begins{}) << text;
  }
}

TEST(WordsTest, WordsThatOverlapAreInOrder) {
  EXPECT_EQ(Find("__import__('lazy_import_module')"), (Begins{2, 12, 17}));
}

TEST(WordsTest, FastSearchAgreesWithThePlainOne) {
  std::mt19937 random(11);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (size_t i = random() % 40; i > 0; --i) {
      std::string part = kFound[random() % std::size(kFound)];
      size_t cut = random() % (part.size() + 1);
      text += random() % 3 == 0 ? part.substr(0, cut) : random() % 2 == 0 ? part : part.substr(cut);
      text += " x_.\n\xc3"[random() % 6];
    }
    Begins expected = FindPlainly(text);
    ASSERT_EQ(Find(text, SimdLevel::Scalar), expected) << text;
    ASSERT_EQ(Find(text), expected) << text;
  }
}

} // namespace
} // namespace pydefrag
