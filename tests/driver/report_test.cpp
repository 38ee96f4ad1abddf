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

TEST(Report, NothingFoundIsSaidInOneSentence) {
  MemoryRun run;
  run.files = {{"/home/shop/pyproject.toml", ""}, {"/home/shop/cart.py", "class Cart: pass\n"}};
  EXPECT_EQ(run({"report"}), 0);
  EXPECT_NE(run.out.find("**Nothing was found in 1 file.**"), std::string::npos) << run.out;
  EXPECT_EQ(run({"report", "--format", "html"}), 0);
}

} // namespace
} // namespace pydefrag
