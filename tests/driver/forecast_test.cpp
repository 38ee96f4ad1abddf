// What `check` says of the tests: the forecast without a run, and reports joined with findings.
#include "memory_run.h"

#include "gtest/gtest.h"

#include "llvm/Support/JSON.h"

namespace pydefrag {
namespace {

using Files = std::vector<MemoryFile>;

class Told {
public:
  Told(Files files, std::vector<const char *> more = {}) {
    MemoryRun run;
    for (MemoryFile &file : files) {
      run.files.push_back({"/home/shop/" + file.path, std::move(file.content)});
    }
    std::vector<const char *> args = {"check", "--output-format", "json", "--isolated"};
    args.insert(args.end(), more.begin(), more.end());
    run(args);
    auto parsed = llvm::json::parse(run.out);
    EXPECT_TRUE(static_cast<bool>(parsed)) << run.out << run.err;
    if (parsed) {
      document_ = std::move(*parsed);
    }
  }

  const llvm::json::Object *tests() const { return document_.getAsObject()->getObject("tests"); }

  // "fails: REASON", "unknown", or "collects" for a file that is not listed.
  std::string Of(llvm::StringRef path) const {
    const llvm::json::Object *forecast = tests()->getObject("forecast");
    const llvm::json::Array *files = forecast ? forecast->getArray("files") : nullptr;
    for (size_t i = 0; files && i < files->size(); ++i) {
      const llvm::json::Object &file = *(*files)[i].getAsObject();
      if (file.getString("path") == path) {
        return (*file.getString("status") + ": " + file.getString("reason").value_or("")).str();
      }
    }
    return "collects";
  }
  std::string Sentence() const {
    const llvm::json::Object *forecast = tests()->getObject("forecast");
    return forecast ? forecast->getString("sentence").value_or("").str() : "";
  }
  // The state of the finding in `path`.
  std::string State(llvm::StringRef path) const {
    for (const llvm::json::Value &value : *document_.getAsObject()->getArray("findings")) {
      const llvm::json::Object &finding = *value.getAsObject();
      const llvm::json::Object *told = finding.getObject("tests");
      if (finding.getString("path") == path) {
        return told ? told->getString("state")->str() : "none";
      }
    }
    return "no finding";
  }
  int64_t exit_status() const { return *document_.getAsObject()->getInteger("exit"); }
  size_t CountOf(llvm::StringRef list) const {
    const llvm::json::Array *items = tests()->getArray(list);
    return items ? items->size() : 0;
  }

private:
  llvm::json::Value document_ = nullptr;
};

const char kCart[] = "class Cart: ...\n";

TEST(Forecast, NamesTheCauseOfMostFailures) {
  const Told told(Files{{"shop/__init__.py", ""},
                        {"shop/cart.py", kCart},
                        {"shop/till.py", "from shop.cart import Basket\n"},
                        {"tests/test_a.py", "from shop.till import Basket\n"},
                        {"tests/test_b.py", "import shop.till\n"},
                        {"tests/test_c.py", "from shop.cart import Cart\n"}});
  EXPECT_EQ(told.Sentence(), "2 of 3 test modules cannot be collected; all because of this: "
                             "`shop.cart` does not define `Basket`");
  EXPECT_EQ(told.Of("tests/test_a.py"),
            "fails: ImportError: cannot import name 'Basket' from 'shop.cart'");
  EXPECT_EQ(told.Of("tests/test_c.py"), "collects");
  EXPECT_EQ(told.State("shop/till.py"), "predicted");
}

TEST(Forecast, AConftestStopsWhatStandsBelowIt) {
  const Files files = {{"tests/test_a.py", ""},
                       {"tests/slow/conftest.py", "import shop.gone\n"},
                       {"tests/slow/test_b.py", ""},
                       {"shop/__init__.py", ""}};
  const Told told(files);
  EXPECT_EQ(told.Of("tests/test_a.py"), "collects");
  EXPECT_EQ(told.Of("tests/slow/test_b.py"),
            "fails: ModuleNotFoundError: No module named 'shop.gone'");
}

TEST(Forecast, ConftestsOfTheTestFolderStopTheWholeRun) {
  const Told told(Files{{"tests/conftest.py", "import shop.gone\n"},
                        {"tests/test_a.py", ""},
                        {"shop/__init__.py", ""},
                        {"shop/tests/test_b.py", ""}});
  EXPECT_NE(told.Of("shop/tests/test_b.py"), "collects");
}

TEST(Forecast, TwoTestFilesOfOneNameMeet) {
  const Files flat = {{"a/test_x.py", ""}, {"b/test_x.py", ""}};
  EXPECT_EQ(Told(flat).Of("a/test_x.py"), "collects");
  EXPECT_EQ(Told(flat).Of("b/test_x.py"),
            "fails: import file mismatch: module 'test_x' was already "
            "imported from a/test_x.py");
  Files by_path = flat;
  by_path.push_back({"pytest.ini", "[pytest]\naddopts = --import-mode=importlib\n"});
  EXPECT_EQ(Told(by_path).Of("b/test_x.py"), "collects");
}

TEST(Forecast, AModuleThatSkipsItselfIsNoFailure) {
  const Told told(Files{{"shop/__init__.py", ""},
                        {"tests/test_a.py", "import pytest\n"
                                            "gone = pytest.importorskip('shop.gone')\n"
                                            "from shop.gone import Cart\n"}});
  EXPECT_EQ(told.Of("tests/test_a.py"), "collects");
}

TEST(Forecast, AnEarlierTestMayLoadACycleByItsGoodEnd) {
  const Files shop = {{"shop/__init__.py", ""},
                      {"shop/order.py", "from shop.bill import Bill\nclass Order: ...\n"},
                      {"shop/bill.py", "class Bill: ...\nfrom shop.order import Order\n"}};
  Files alone = shop;
  alone.push_back({"tests/test_b.py", "import shop.order\n"});
  EXPECT_NE(Told(alone).Of("tests/test_b.py"), "collects");
  Files after = alone;
  after.push_back({"tests/test_a.py", "import shop.bill\n"});
  EXPECT_EQ(Told(after).Of("tests/test_a.py"), "collects");
  EXPECT_EQ(Told(after).Of("tests/test_b.py"), "collects");
}

TEST(Forecast, NamesAndAttributesThatNothingBindsFailToo) {
  const Told told(
      Files{{"shop/__init__.py", ""},
            {"shop/cart.py", kCart},
            {"shop/bag.py", "class Bag(Basket): ...\n"},
            {"tests/test_a.py", "import shop.bag\n"},
            {"tests/test_b.py", "import shop.cart as cart\nclass B(cart.Basket): ...\n"}});
  EXPECT_EQ(told.Of("tests/test_a.py"), "fails: NameError: name 'Basket' is not defined");
  EXPECT_EQ(told.Of("tests/test_b.py"),
            "fails: AttributeError: module 'shop.cart' has no attribute 'Basket'");
}

TEST(Forecast, AStarImportMayBringASubmodule) {
  const Told told(Files{{"shop/__init__.py", "from shop.cart import Cart\n"},
                        {"shop/cart.py", kCart},
                        {"tests/test_a.py", "from shop import *\nCart = cart.Cart\n"}});
  EXPECT_EQ(told.Of("tests/test_a.py"), "collects");
}

TEST(Forecast, OnlyTestpathsCount) {
  const Told told(Files{{"pytest.ini", "[pytest]\ntestpaths = tests\n"},
                        {"shop/__init__.py", ""},
                        {"shop/test_gone.py", "import shop.gone\n"},
                        {"tests/test_a.py", ""}});
  EXPECT_EQ(told.Sentence(), "all of 1 test module can be collected");
}

TEST(Forecast, AGetattrImportsTheSubmoduleItIsAskedFor) {
  for (const char *importing :
       {"import_module('.' + name, __name__)", "import_module(f'.{name}', __name__)",
        "import_module(f'shop.{name}')", "import_module(f'{__name__}.{name}')",
        "import_module(__name__ + '.' + name)"}) {
    const Told told(
        Files{{"shop/__init__.py", std::string("import importlib\n__all__ = ['cart', 'till']\n"
                                               "def __getattr__(name):\n    if name in __all__:\n"
                                               "        return importlib.") +
                                       importing + "\n    raise AttributeError(name)\n"},
              {"shop/cart.py", "from shop.gone import Cart\n"},
              {"tests/test_a.py", "from shop import cart\n"},
              {"tests/test_b.py", "from shop import till\n"}});
    EXPECT_EQ(told.Of("tests/test_a.py"), "fails: ModuleNotFoundError: No module named 'shop.gone'")
        << importing;
    EXPECT_EQ(told.Of("tests/test_b.py"),
              "fails: ImportError: cannot import name 'till' from 'shop'")
        << importing;
  }
}

TEST(Forecast, WhatIsWrittenFromElsewhereIsNotThereBeforeItsOwnStatement) {
  const Told told(Files{{"shop/__init__.py", ""},
                        {"shop/cart.py", "from shop.till import Till\nTAX = 1\n"},
                        {"shop/till.py", "from shop.cart import TAX\nclass Till: ...\n"},
                        {"tests/test_a.py",
                         "import shop.cart\ndef test_tax():\n    for name in dir(shop.cart):\n"
                         "        setattr(shop.cart, name, 2)\n"}});
  EXPECT_EQ(
      told.Of("tests/test_a.py"),
      "fails: ImportError: cannot import name 'TAX' from partially initialized module 'shop.cart' "
      "(most likely due to a circular import)");
}

TEST(Forecast, DecoratorsAskModulesThatAreUnderWay) {
  const Told told(Files{{"shop/__init__.py", "import shop.cart\nfrom shop.marks import kept\n"},
                        {"shop/marks.py", "def kept(function): return function\n"},
                        {"shop/cart.py", "import shop\n@shop.kept\ndef total(): ...\n"},
                        {"tests/test_a.py", "import shop\n"}});
  EXPECT_EQ(told.Of("tests/test_a.py"),
            "fails: AttributeError: partially initialized module 'shop' has no attribute 'kept' "
            "(most likely due to a circular import)");
}

const char kPassed[] = "<testsuites><testsuite name='pytest'>"
                       "<testcase classname='tests.test_a' name='test_x' file='tests/test_a.py'/>"
                       "</testsuite></testsuites>";

TEST(Forecast, AnAnnotationAsksForNothing) {
  const Told told(Files{{"shop/__init__.py", ""},
                        {"shop/stub.py", "class Cart: ...\n\ncart: Cart\n"},
                        {"shop/broken.py", "cart: list = nothing\n"},
                        {"tests/test_a.py", "import shop.stub\n"},
                        {"tests/test_b.py", "import shop.broken\n"}});
  EXPECT_EQ(told.Of("tests/test_a.py"), "collects");
  EXPECT_EQ(told.Of("tests/test_b.py"), "fails: NameError: name 'nothing' is not defined");
}

// The package may write names into itself; what is asked of it is its submodule all the same.
TEST(Forecast, AnOpenPackageUnderWayHasItsSubmodulesLoaded) {
  const Told told(Files{{"shop/__init__.py", "def __getattr__(name):\n"
                                             "    if name == 'FAST':\n"
                                             "        globals()[name] = 1\n"
                                             "        return 1\n"
                                             "    raise AttributeError(name)\n"
                                             "from . import carts\n"
                                             "from .engine import Engine\n"},
                        {"shop/carts/__init__.py", "from shop.tools import noop\n"},
                        {"shop/carts/policy.py", ""},
                        {"shop/tools.py", "import shop.carts.policy\ndef noop(): ...\n"},
                        {"shop/engine.py", "from shop.tools import noop\nclass Engine: ...\n"},
                        {"tests/test_a.py", "import shop\n"}});
  EXPECT_EQ(told.Of("tests/test_a.py"), "collects");
}

// `from .. import parts` in `shop.parts` gives what the package has bound to that name before.
TEST(Forecast, WhatAPackageBoundBeforeItsSubmoduleOfThatName) {
  const Files files = {{"shop/parts/__init__.py", "from .. import parts\nCart = parts.Cart\n"},
                       {"shop/impl.py", "from shop.parts import Cart\n"},
                       {"tests/test_a.py", "import shop\n"}};
  Files bound = files;
  bound.push_back({"shop/__init__.py", "from native import parts\nfrom .impl import Cart\n"});
  EXPECT_EQ(Told(bound).Of("tests/test_a.py"), "collects");
  Files unbound = files;
  unbound.push_back({"shop/__init__.py", "from .impl import Cart\n"});
  EXPECT_EQ(Told(unbound).Of("tests/test_a.py"),
            "fails: AttributeError: partially initialized module 'shop.parts' has no attribute "
            "'Cart' (most likely due to a circular import)");
}

TEST(Forecast, ADependencyOnSetuptoolsMayBringDistutilsBack) {
  const Files files = {{"shop/__init__.py", ""}, {"tests/test_a.py", "import distutils.errors\n"}};
  EXPECT_EQ(Told(files).Of("tests/test_a.py"),
            "fails: ModuleNotFoundError: No module named 'distutils'");
  Files depends = files;
  depends.push_back({"pyproject.toml", "[project]\nname = 'shop'\nversion = '1'\n"
                                       "dependencies = ['setuptools>=61']\n"});
  EXPECT_EQ(Told(depends).Of("tests/test_a.py"),
            "unknown: `distutils` is there only where setuptools is installed");
}

TEST(Forecast, WhatMayNotBeEvaluatedRaisesNothing) {
  const Told told(
      Files{{"shop/__init__.py", ""},
            {"shop/text.py", "import sys\nPY2 = sys.version_info[0] == 2\n"
                             "text_type = unicode if PY2 else str\n"
                             "names = PY2 and [unicode] or [str]\n"},
            {"tests/test_a.py", "import shop.text\n"},
            {"tests/test_b.py", "import unittest\nraise unittest.SkipTest('not yet')\n"}});
  EXPECT_EQ(told.Sentence(), "all of 2 test modules can be collected");
}

// Conftests of `tests` are loaded first, and their package with them.
TEST(Forecast, TheTestFoldersConftestSaysWhichPackageTestsIs) {
  const Told told(Files{{"shop/__init__.py", ""},
                        {"shop/vendor/tag/tests/__init__.py", ""},
                        {"shop/vendor/tag/tests/test_tag.py", ""},
                        {"tests/__init__.py", ""},
                        {"tests/conftest.py", ""},
                        {"tests/test_a.py", "import shop\n"}});
  EXPECT_EQ(told.Of("tests/test_a.py"), "collects");
  EXPECT_EQ(told.Of("shop/vendor/tag/tests/test_tag.py"),
            "fails: ModuleNotFoundError: No module named 'tests.test_tag'");
}

TEST(Joining, APassingTestRefutesTheForecast) {
  const Told told(Files{{"shop/__init__.py", ""},
                        {"tests/test_a.py", "from shop import gone\ndef test_x(): ...\n"},
                        {"junit.xml", kPassed}},
                  {"--tests", "junit.xml"});
  EXPECT_EQ(told.State("tests/test_a.py"), "refuted");
  EXPECT_EQ(told.CountOf("disagreements"), 1u);
  EXPECT_EQ(told.exit_status(), 0);
}

TEST(Joining, WhatNoReportNamesIsPredicted) {
  const Told told(Files{{"shop/__init__.py", ""},
                        {"tests/test_a.py", "def test_x(): ...\n"},
                        {"tests/test_b.py", "from shop import gone\ndef test_y(): ...\n"},
                        {"junit.xml", kPassed}},
                  {"--tests", "junit.xml"});
  EXPECT_EQ(told.State("tests/test_b.py"), "predicted");
  EXPECT_EQ(told.exit_status(), 1);
}

TEST(Joining, AnImportErrorThatNoFindingExplainsComesFirst) {
  const char report[] =
      "<testsuites><testsuite name='pytest'>"
      "<testcase classname='tests.test_a' name='test_x' file='tests/test_a.py'>"
      "<failure message=\"ValueError: no\">tests/test_a.py:1: ValueError\nE   ValueError: no"
      "</failure></testcase>"
      "<testcase classname='tests.test_a' name='test_y' file='tests/test_a.py'>"
      "<failure message=\"ModuleNotFoundError: No module named 'left'\">"
      "tests/test_a.py:2: in test_y\n    import left\n"
      "E   ModuleNotFoundError: No module named 'left'</failure></testcase>"
      "</testsuite></testsuites>";
  const Told told({{"tests/test_a.py", "def test_x(): ...\nimport left\n"}, {"junit.xml", report}},
                  {"--tests", "junit.xml"});
  const llvm::json::Array *clusters = told.tests()->getArray("clusters");
  ASSERT_TRUE(clusters && clusters->size() == 2);
  EXPECT_EQ((*clusters)[0].getAsObject()->getString("key"), "module-not-found:left");
}

// A run that could not collect tests/test_a.py, whose second line is `line` now.
Told AfterTheRun(const char *line) {
  const char report[] =
      "<testsuites><testsuite name='pytest'><testcase classname='' name='tests.test_a'>"
      "<error message='collection failure'>tests/test_a.py:2: in &lt;module&gt;\n"
      "    from shop.cart import Basket\n"
      "E   ImportError: cannot import name 'Basket' from 'shop.cart' (shop/cart.py)"
      "</error></testcase></testsuite></testsuites>";
  return Told({{"shop/__init__.py", ""},
               {"shop/cart.py", kCart},
               {"tests/test_a.py", std::string("import shop\n") + line + "\n"},
               {"tests/test_b.py", "from shop.cart import Basket\n"},
               {"junit.xml", report}},
              {"--tests", "junit.xml"});
}

std::string CauseText(const Told &told, llvm::StringRef key) {
  const llvm::json::Array *causes = told.tests()->getArray("causes");
  return causes ? (*causes)[0].getAsObject()->getString(key).value_or("").str() : "no cause";
}

TEST(Joining, AFailureOfALineThatIsStillThereConfirms) {
  const Told told = AfterTheRun("from shop.cart import Basket");
  EXPECT_EQ(CauseText(told, "state"), "confirmed");
  EXPECT_EQ(told.tests()->getObject("run")->get("changed"), nullptr);
}

TEST(Joining, AFailureOfALineThatHasChangedIsStale) {
  const Told told = AfterTheRun("from shop.cart import Cart, Basket");
  EXPECT_EQ(CauseText(told, "state"), "predicted");
  EXPECT_EQ(CauseText(told, "because"),
            "`tests/test_a.py:2` reads otherwise than when the tests ran");
  const llvm::json::Array *changed = told.tests()->getObject("run")->getArray("changed");
  ASSERT_TRUE(changed && changed->size() == 1);
  EXPECT_EQ((*changed)[0], "tests/test_a.py:2");
}

TEST(Joining, AMissingSubmoduleBehindAGetattrIsExplained) {
  const char report[] =
      "<testsuites><testsuite name='pytest'><testcase classname='' name='tests.test_a'>"
      "<error message='collection failure'>tests/test_a.py:1: in &lt;module&gt;\n"
      "    from shop import till\nE   ModuleNotFoundError: No module named 'shop.till'"
      "</error></testcase></testsuite></testsuites>";
  const Told told(
      {{"shop/__init__.py", "import importlib\n__all__ = ['till']\ndef __getattr__(name):\n"
                            "    if name in __all__:\n"
                            "        return importlib.import_module('.' + name, __name__)\n"
                            "    raise AttributeError(name)\n"},
       {"tests/test_a.py", "from shop import till\n"},
       {"junit.xml", report}},
      {"--tests", "junit.xml"});
  EXPECT_EQ(CauseText(told, "cause"), "DFG202:shop:till");
  EXPECT_EQ(CauseText(told, "state"), "confirmed");
  EXPECT_EQ(told.CountOf("clusters"), 0u);
}

TEST(Joining, EveryTestIsListedWithItsOutcomeAndReason) {
  const Told told = AfterTheRun("from shop.cart import Basket");
  const llvm::json::Array *results = told.tests()->getArray("results");
  ASSERT_TRUE(results && results->size() == 1);
  const llvm::json::Object &row = *(*results)[0].getAsObject();
  EXPECT_EQ(row.getString("id"), "tests/test_a.py");
  EXPECT_EQ(row.getString("outcome"), "uncollected");
  EXPECT_EQ(row.getString("cause"), "DFG202:shop.cart:Basket");
}

TEST(Joining, ATeardownThatFailsIsNoTestOfItsOwn) {
  const char log[] = "============ test session starts ============\n"
                     "collected 3 items\n\n"
                     "tests/test_a.py ..EFE                     [100%]\n\n"
                     "============ ERRORS ============\n"
                     "____________ ERROR at teardown of test_y ____________\n"
                     "tests/test_a.py:9: in close\nE   OSError: no\n"
                     "____________ ERROR at teardown of test_z ____________\n"
                     "tests/test_a.py:9: in close\nE   OSError: no\n"
                     "============ FAILURES ============\n"
                     "____________ test_z ____________\n"
                     "tests/test_a.py:3: in test_z\nE   ValueError: no\n"
                     "============ short test summary info ============\n"
                     "ERROR tests/test_a.py::test_y - OSError: no\n"
                     "ERROR tests/test_a.py::test_z - OSError: no\n"
                     "FAILED tests/test_a.py::test_z - ValueError: no\n"
                     "============ 1 failed, 2 passed, 2 errors in 0.01s ============\n";
  const Told told({{"tests/test_a.py", "def test_x(): ...\n"}, {"run.log", log}},
                  {"--tests", "run.log"});
  const llvm::json::Object &counts = *told.tests()->getObject("counts");
  EXPECT_EQ(counts.getInteger("tests"), 3);
  EXPECT_EQ(counts.getInteger("passed"), 1);
  EXPECT_EQ(counts.getInteger("failed"), 1);
  EXPECT_EQ(counts.getInteger("errors"), 1);
  const llvm::json::Array &declared = *told.tests()->getObject("run")->getArray("declared");
  EXPECT_EQ(declared[0].getAsObject()->getString("value"), "1 failed, 2 passed, 2 errors");
}

TEST(Joining, AConftestThatEndsTheRunIsTheVerdict) {
  const char log[] =
      "ImportError while loading conftest '/home/shop/tests/conftest.py'.\n"
      "tests/conftest.py:1: in <module>\n"
      "    from shop.cart import Basket\n"
      "E   ImportError: cannot import name 'Basket' from 'shop.cart' (/home/shop/shop/cart.py)\n";
  const Told told({{"shop/__init__.py", ""},
                   {"shop/cart.py", kCart},
                   {"tests/conftest.py", "from shop.cart import Basket\n"},
                   {"tests/test_a.py", "def test_x(): ...\n"},
                   {"run.log", log}},
                  {"--tests", "run.log"});
  EXPECT_EQ(told.tests()->getString("verdict"),
            "the run ended before any test: `tests/conftest.py` could not be imported; 1 root "
            "cause explains it");
}

TEST(Joining, FailuresThatNoReportNamesAreSaidToBeUnnamed) {
  const char log[] = "============ test session starts ============\n"
                     "collected 3 items\n\n"
                     "tests/test_a.py .F";
  const Told told({{"tests/test_a.py", "def test_x(): ...\n"}, {"run.log", log}},
                  {"--tests", "run.log"});
  EXPECT_EQ(told.tests()->getString("verdict"), "1 of 2 tests failed: 1 is named by no report");
}

TEST(Joining, ALinkedWorkingTreeHasARevision) {
  MemoryRun run;
  run.files = {{"/home/shop/code/tests/test_a.py", "def test_x(): ...\n"},
               {"/home/shop/code/junit.xml", kPassed},
               {"/home/shop/.git", "gitdir: ../main/.git/worktrees/shop\n"},
               {"/home/main/.git/worktrees/shop/HEAD", "ref: refs/heads/fix\n"},
               {"/home/main/.git/worktrees/shop/commondir", "../..\n"},
               {"/home/main/.git/refs/heads/fix", "0123456789abcdef0123456789abcdef01234567\n"}};
  run.cwd = "/home/shop/code";
  run({"check", "--isolated", "--tests", "junit.xml", "--output-format", "json"});
  EXPECT_NE(run.out.find("\"revision\": {\"value\": \"0123456789ab\""), std::string::npos)
      << run.out;
  EXPECT_NE(run.out.find("\"branch\": {\"value\": \"fix\""), std::string::npos) << run.out;
}

TEST(Joining, AReportThatDoesNotExistIsAUsageError) {
  MemoryRun run;
  run.files = {{"/home/shop/a.py", ""}};
  EXPECT_EQ(run({"check", "--tests", "none.xml"}), 2);
  EXPECT_EQ(run.err, "error: --tests: no such file `none.xml`\n");
}

} // namespace
} // namespace pydefrag
