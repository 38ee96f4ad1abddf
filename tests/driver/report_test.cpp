#include "memory_run.h"

#include "gtest/gtest.h"

namespace pydefrag {
namespace {

MemoryRun Shop() {
  MemoryRun run;
  run.files = {{"/home/shop/pyproject.toml", "[project]\nname = \"shop\"\n"},
               {"/home/shop/cart.py", "class OrderLine:\n    pass\n"},
               {"/home/shop/till.py", "from cart import OrderLin  # </script><!-- <b>\n"},
               {"/home/shop/a.py", "import b\n"},
               {"/home/shop/b.py", "import a\n"}};
  return run;
}

TEST(Report, IsWrittenToTheFileAndDoesNotFail) {
  MemoryRun run = Shop();
  EXPECT_EQ(run({"report", "-o", "out.md"}), 0) << "there are errors, but this is no check";
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err, "Wrote out.md.\n");
  const std::string &text = run.written["/home/shop/out.md"];
  EXPECT_NE(text.find("# shop: import report"), std::string::npos) << text;
  EXPECT_NE(text.find("`cart` does not define `OrderLin`"), std::string::npos) << text;
  EXPECT_NE(text.find("- **Fix:** import `OrderLine` instead"), std::string::npos) << text;
}

TEST(Report, FoldersMayBeginWithADot) {
  MemoryRun run;
  run.files = {{"/home/shop/pyproject.toml", "[project]\nname = \"shop\"\n"},
               {"/home/shop/.github/tools/release.py", "from cart import OrderLine\n"},
               {"/home/shop/cart.py", "class OrderLin:\n    pass\n"}};
  EXPECT_EQ(run({"report", "--format", "html"}), 0);
  EXPECT_NE(run.out.find(".github.tools.release"), std::string::npos) << run.out;
}

TEST(Report, SaysWhatCannotBeWritten) {
  MemoryRun run = Shop();
  EXPECT_EQ(run({"report", "-o", "/read-only/out.md"}), 2);
  EXPECT_NE(run.err.find("cannot write `/read-only/out.md`"), std::string::npos);
}

TEST(Report, HtmlHoldsNoMarkupFromTheSources) {
  MemoryRun run = Shop();
  EXPECT_EQ(run({"report", "--format", "html"}), 0);
  EXPECT_NE(run.out.find("# &lt;/script&gt;&lt;!-- &lt;b&gt;"), std::string::npos);
  EXPECT_EQ(run.out.find("</script><!--"), std::string::npos);
  EXPECT_NE(run.out.find("Content-Security-Policy"), std::string::npos);
  for (const char *loading : {"http:", "https:", "url(", "@import", "fetch(", "XMLHttpRequest"}) {
    const size_t at = run.out.find(loading);
    const bool is_namespace =
        at != std::string::npos && run.out.compare(at, 26, "http://www.w3.org/2000/svg") == 0;
    EXPECT_TRUE(at == std::string::npos || is_namespace || run.out.compare(at, 5, "url(#") == 0)
        << loading;
  }
}

TEST(Report, PathsLimitWhatIsReported) {
  MemoryRun run = Shop();
  EXPECT_EQ(run({"report", "a.py"}), 0);
  EXPECT_EQ(run.out.find("OrderLin"), std::string::npos);
  EXPECT_NE(run.out.find("| reported on | a.py |"), std::string::npos) << run.out;
}

// What is silenced keeps its number: "root cause 2" is the second card.
TEST(Report, RootCausesHaveOneNumberEverywhere) {
  MemoryRun run;
  run.files = {{"/home/shop/pyproject.toml", "[project]\nname = \"shop\"\n"},
               {"/home/shop/cart.py", "class Cart: ...\n"},
               {"/home/shop/a.py", "from cart import Bag  # noqa: DFG202\n"},
               {"/home/shop/b.py", "from cart import Tin\n"},
               {"/home/shop/test_a.py", "import a\ndef test_1(): ...\ndef test_2(): ...\n"},
               {"/home/shop/test_b.py", "import b\ndef test_1(): ...\n"}};
  EXPECT_EQ(run({"report"}), 0);
  const size_t at = run.out.find("### Root cause 2: `cart` does not define `Tin`");
  EXPECT_NE(at, std::string::npos) << run.out;
  EXPECT_NE(run.out.find("(root cause 2)"), std::string::npos) << run.out;
  EXPECT_EQ(run.out.find("conflict 2"), std::string::npos) << run.out;
}

TEST(Report, NothingFoundIsSaidInOneSentence) {
  MemoryRun run;
  run.files = {{"/home/shop/pyproject.toml", ""}, {"/home/shop/cart.py", "class Cart: pass\n"}};
  EXPECT_EQ(run({"report"}), 0);
  EXPECT_NE(run.out.find("**Nothing was found in 1 file.**"), std::string::npos) << run.out;
  EXPECT_EQ(run({"report", "--format", "html"}), 0);
}

} // namespace
} // namespace pydefrag
