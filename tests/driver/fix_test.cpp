// `check --fix` and `--diff` over files in memory: bytes in, bytes out. How imports are rewritten
// is in fixtures/fixes and the rules' fixtures; here is what a .pycase cannot hold.
#include "memory_run.h"

#include "gtest/gtest.h"

namespace pydefrag {
namespace {

class FixTest : public testing::Test {
protected:
  FixTest() {
    Add("pyproject.toml", "");
    Add("shop/__init__.py", "");
    Add("shop/cart.py", "class Cart: ...\nclass Item: ...\n");
    Add("shop/api.py", "from shop.cart import Cart as Cart, Item as Item\ndef pay(): ...\n");
    Add("till.py", "from shop.cart import Cart, Item\n");
  }

  void Add(const std::string &path, const std::string &content) {
    run.files.push_back({"/home/shop/" + path, content});
  }
  std::string Fixed(const std::string &content) {
    Add("report.py", content);
    run({"check", "--fix", "--select", "DFG101"});
    return run.written["/home/shop/report.py"];
  }

  MemoryRun run;
};

TEST_F(FixTest, LineEndsAreKept) {
  EXPECT_EQ(Fixed("import os\r\nfrom shop.api import Cart, pay\r\nCart()\r\n"),
            "import os\r\nfrom shop.api import pay\r\nfrom shop.cart import Cart\r\nCart()\r\n");
}

TEST_F(FixTest, LastLineWithoutAnEndStaysWithoutOne) {
  EXPECT_EQ(Fixed("from shop.api import Cart, pay"),
            "from shop.api import pay\nfrom shop.cart import Cart");
}

TEST_F(FixTest, ByteOrderMarkIsKept) {
  EXPECT_EQ(Fixed("\xEF\xBB\xBF"
                  "from shop.api import Cart\n"),
            "\xEF\xBB\xBF"
            "from shop.cart import Cart\n");
}

TEST_F(FixTest, EncodingIsKept) {
  EXPECT_EQ(Fixed("# coding: latin-1\ns = '\xE9'\nfrom shop.api import Cart  # \xFC\n"),
            "# coding: latin-1\ns = '\xE9'\nfrom shop.cart import Cart  # \xFC\n");
}

TEST_F(FixTest, BytesThatCannotBeWrittenBackAreLeftAlone) {
  EXPECT_EQ(Fixed("# no UTF-8: \xE9\nfrom shop.api import Cart\n"), "");
}

// A folder of the package is on the path, and the project names its modules as seen from there.
TEST_F(FixTest, ModulesAreNamedAsTheStatementNamesThem) {
  run.files[1].content = "import os, sys\nsys.path.insert(0, os.path.dirname(__file__))\n";
  Add("shop/lib/__init__.py", "");
  Add("shop/lib/goods.py", "class Good: ...\nclass Box: ...\n");
  Add("shop/lib/desk.py", "from lib.goods import Good\ndef pack(): return Good()\n");
  Add("shop/audit.py", "from lib.goods import Good\n");
  Add("shop/ledger.py", "from lib.goods import Box\nfrom lib.desk import Good, pack\n");
  Add("shop/report.py", "from lib.desk import Good\n");
  run({"check", "--fix", "--unsafe-fixes", "--select", "DFG101"});
  EXPECT_EQ(run.written["/home/shop/shop/report.py"], "from lib.goods import Good\n");
  EXPECT_EQ(run.written["/home/shop/shop/ledger.py"],
            "from lib.goods import Box, Good\nfrom lib.desk import pack\n");
}

TEST_F(FixTest, StringsFollowTheImportsWhenUnsafeFixesMay) {
  Add("report.py", "def total():\n    from shop.api import Cart\n    return Cart()\n");
  Add("tests/test_report.py", "import importlib\n"
                              "from unittest import mock\n"
                              "importlib.import_module('shop.api')\n"
                              "@mock.patch(\"shop.api.Cart\")\n"
                              "@mock.patch('shop.api.pay')\n"
                              "@mock.patch('shop.api.' + 'Cart')\n"
                              "def test_total(*_): ...\n");
  run({"check", "--fix", "--select", "DFG101"});
  EXPECT_EQ(run.written.size(), 0u) << "what a test patches by its path is not safely moved";
  run({"check", "--fix", "--unsafe-fixes", "--select", "DFG101"});
  EXPECT_EQ(run.written["/home/shop/report.py"],
            "def total():\n    from shop.cart import Cart\n    return Cart()\n");
  EXPECT_EQ(run.written["/home/shop/tests/test_report.py"], "import importlib\n"
                                                            "from unittest import mock\n"
                                                            "importlib.import_module('shop.api')\n"
                                                            "@mock.patch(\"shop.cart.Cart\")\n"
                                                            "@mock.patch('shop.api.pay')\n"
                                                            "@mock.patch('shop.api.' + 'Cart')\n"
                                                            "def test_total(*_): ...\n");
}

TEST_F(FixTest, ModuleStringsFollowARetiredModule) {
  Add("pyproject.toml", "[tool.pydefrag.banned]\n\"shop.old\" = \"shop.cart\"\n");
  run.files.erase(run.files.begin());
  Add("shop/old.py", "from shop.cart import Cart\n");
  Add("report.py", "from shop.old import Cart\n"
                   "import importlib\n"
                   "importlib.import_module('shop.old')\n");
  run({"check", "--diff", "--unsafe-fixes", "--select", "DFG304"});
  EXPECT_NE(run.out.find("+from shop.cart import Cart"), std::string::npos) << run.out;
}

TEST_F(FixTest, FixedFindingsAreNotReported) {
  Add("report.py", "from shop.api import Cart\n");
  EXPECT_EQ(run({"check", "--fix", "--select", "DFG101", "--fail-on", "warning"}), 0);
  EXPECT_EQ(run.err, "fixed 1 finding in 1 file\n");
  EXPECT_NE(run.out.find("No findings"), std::string::npos) << run.out;
}

TEST_F(FixTest, UnsafeFixesAreSaidAndMadeOnlyOnDemand) {
  Add("report.py", "from shop.cart import Karts\n");
  Add("shop/karts.py", "");
  run.files[2].content += "class Kart: ...\n";
  EXPECT_EQ(run({"check", "--fix", "--select", "DFG202", "-q"}), 1);
  EXPECT_TRUE(run.written.empty());
  EXPECT_EQ(run({"check", "--unsafe-fixes"}), 2) << "says nothing by itself";
}

// A replacement is what a decorator says, in any words.
TEST_F(FixTest, OnlyNamesAreImportedInstead) {
  Add("shop/old.py", "def deprecated(version, replacement): ...\n"
                     "@deprecated('1.2', replacement=\"b'%d'\")\ndef price(): ...\n"
                     "@deprecated('1.2', replacement='shop.cart:Cart.total')\ndef total(): ...\n");
  Add("report.py", "from shop.old import price\nfrom shop.old import total\n");
  run({"check", "--fix", "--unsafe-fixes", "--select", "DFG302"});
  EXPECT_NE(run.out.find("use `b'%d'` instead"), std::string::npos) << run.out;
  EXPECT_TRUE(run.written.empty());
}

TEST_F(FixTest, AFixThatChangesNothingIsNone) {
  Add("shop/old.py", "import warnings\ndef total():\n"
                     "    warnings.warn('use total from the top instead', DeprecationWarning)\n");
  Add("report.py", "from shop.old import total\n");
  run({"check", "--select", "DFG302"});
  EXPECT_NE(run.out.find("`total` is deprecated"), std::string::npos) << run.out;
  EXPECT_EQ(run.out.find("fix)"), std::string::npos) << run.out;
  EXPECT_EQ(run.out.find("help:"), std::string::npos) << run.out;
}

TEST_F(FixTest, DiffPrintsAndWritesNothing) {
  Add("report.py", "import os\n\n\n\nfrom shop.api import Cart, pay\n\nCart()\n");
  EXPECT_EQ(run({"check", "--diff", "--select", "DFG101"}), 1);
  EXPECT_TRUE(run.written.empty());
  EXPECT_EQ(run.out, "--- a/report.py\n+++ b/report.py\n@@ -2,6 +2,7 @@\n \n \n \n"
                     "-from shop.api import Cart, pay\n+from shop.api import pay\n"
                     "+from shop.cart import Cart\n \n Cart()\n");
  EXPECT_EQ(run.err, "would fix 1 finding in 1 file\n");
}

TEST_F(FixTest, DiffOfNothingIsEmptyAndGivesZero) {
  EXPECT_EQ(run({"check", "--diff", "--select", "DFG101"}), 0);
  EXPECT_EQ(run.out, "");
}

TEST_F(FixTest, StandardInputIsPrintedFixed) {
  Add("report.py", "");
  run.standard_input = "from shop.api import Cart\n";
  run({"check", "--fix", "--select", "DFG101", "--stdin-filename", "report.py", "-"});
  EXPECT_EQ(run.out, "from shop.cart import Cart\n");
  EXPECT_TRUE(run.written.empty());
}

TEST_F(FixTest, FixesThatTogetherWouldCloseACycleAreHeldBack) {
  // Each of the two is harmless by itself; both would make `left` and `right` import each other.
  Add("left.py", "from hub import B\nclass A: ...\n");
  Add("right.py", "from hub import A\nclass B: ...\n");
  Add("hub.py", "class A: ...\nclass B: ...\n");
  EXPECT_EQ(run({"check", "--fix", "--select", "DFG101"}), 0);
  EXPECT_TRUE(run.written.empty());
}

TEST_F(FixTest, FileThatCannotBeWrittenIsSaid) {
  run.files.push_back({"/home/shop/read-only/report.py", "from shop.api import Cart\n"});
  EXPECT_EQ(run({"check", "--fix", "--select", "DFG101"}), 2);
  EXPECT_NE(run.err.find("error: cannot fix `read-only/report.py`"), std::string::npos) << run.err;
}

} // namespace
} // namespace pydefrag
