// The whole program over files in memory: arguments in, output, files and exit status out.
#include "memory_run.h"

#include "llvm/Support/JSON.h"

#include "gtest/gtest.h"

namespace pydefrag {
namespace {

class RunTest : public testing::Test {
protected:
  RunTest() {
    run.files = {{"/home/shop/pyproject.toml", ""},
                 {"/home/shop/shop/__init__.py", ""},
                 {"/home/shop/shop/api.py", "from shop.cart import Cart as Cart\n"},
                 {"/home/shop/shop/cart.py", "class Cart: ...\n"},
                 {"/home/shop/report.py", "from shop.api import Cart\n"},
                 {"/home/shop/till.py", "from shop.cart import Cart, Wheelbarrow\n"}};
  }

  // `api` no longer offers the class: whoever takes it from there makes a detour.
  void KeepForItself() { run.files[2].content = "from shop.cart import Cart\nCart()\n"; }

  void Add(const std::string &path, const std::string &content) {
    run.files.push_back({"/home/shop/" + path, content});
  }

  MemoryRun run;
};

TEST_F(RunTest, ErrorFindingsGiveOne) {
  EXPECT_EQ(run({"check"}), 1);
  EXPECT_NE(run.out.find("error[DFG202 missing-symbol]: `shop.cart` does not define `Wheelbarrow`"),
            std::string::npos)
      << run.out;
  EXPECT_EQ(run.err, "");
}

TEST_F(RunTest, FailLevelDecides) {
  EXPECT_EQ(run({"check", "--select", "DFG101", "--fail-on", "warning"}), 0) << "a note";
  EXPECT_EQ(run({"check", "--select", "DFG101", "--fail-on", "note"}), 1);
  KeepForItself();
  EXPECT_EQ(run({"check", "--select", "DFG101"}), 0) << "warnings do not fail";
  EXPECT_EQ(run({"check", "--select", "DFG101", "--fail-on", "warning"}), 1);
  EXPECT_EQ(run({"check", "--select", "DFG101", "--fail-on", "note"}), 1);
  EXPECT_EQ(run({"check", "--exit-zero"}), 0);
}

TEST_F(RunTest, FailLevelMayComeFromTheConfiguration) {
  KeepForItself();
  run.files[0].content = "[tool.pydefrag]\nfail-on = \"warning\"\n";
  EXPECT_EQ(run({"check", "--select", "DFG101"}), 1);
  EXPECT_EQ(run({"check", "--select", "DFG101", "--isolated"}), 0);
  EXPECT_EQ(run({"check", "--select", "DFG101", "--fail-on", "error"}), 0);
}

TEST_F(RunTest, CleanProjectGivesZero) {
  run.files.pop_back();
  EXPECT_EQ(run({"check", "--select", "DFG2"}), 0);
  EXPECT_NE(run.out.find("No findings in 4 files.\n"), std::string::npos) << run.out;
}

TEST_F(RunTest, NoPythonFileGivesThreeAndIsSaid) {
  run.files = {{"/home/shop/pyproject.toml", ""}};
  EXPECT_EQ(run({"check"}), 3);
  EXPECT_NE(run.out.find("no Python file"), std::string::npos) << run.out;
  EXPECT_EQ(run({"check", "--exit-zero"}), 3) << "--exit-zero hides only 1";
}

TEST_F(RunTest, MissingRootAndMissingPathGiveThree) {
  EXPECT_EQ(run({"check", "--root", "nowhere"}), 3);
  EXPECT_EQ(run({"check", "nowhere.py"}), 3) << "also where other files have errors";
  EXPECT_EQ(run({"graph", "--root", "nowhere"}), 3);
}

TEST_F(RunTest, QuietRunsSayWhyTheyAreIncomplete) {
  EXPECT_EQ(run({"check", "-q", "--output-format", "concise", "nope.py"}), 3);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err, "problem: nope.py: no such file or folder\n");
}

TEST_F(RunTest, UsageAndConfigurationErrorsGiveTwo) {
  EXPECT_EQ(run({"check", "--select", "DFG999"}), 2);
  EXPECT_NE(run.err.find("error: unknown rule `DFG999` in --select"), std::string::npos);
  EXPECT_EQ(run.out, "") << "nothing half-written";
  EXPECT_EQ(run({"check", "--python", "nowhere"}), 2);
  EXPECT_EQ(run({"check", "--config", "nowhere.toml"}), 2);
  EXPECT_EQ(run({"check", "/elsewhere/x.py", "--root", "."}), 2);
  run.files[0].content = "[tool.pydefrag]\nselekt = []\n";
  EXPECT_EQ(run({"check"}), 2);
  EXPECT_NE(run.err.find("selekt"), std::string::npos) << run.err;
}

TEST_F(RunTest, PathsLimitWhatIsReportedNotWhatIsScanned) {
  EXPECT_EQ(run({"check", "--output-format", "concise", "report.py"}), 0);
  EXPECT_EQ(run.out.find("report.py:1:22: note[DFG101] "), 0u) << run.out;
  EXPECT_EQ(run.out.find("till.py"), std::string::npos);
}

TEST_F(RunTest, PathsAreShownAsSeenFromTheWorkingDirectory) {
  run.cwd = "/home/shop/shop";
  run({"check", "--select", "DFG202", "--output-format", "concise"});
  EXPECT_EQ(run.out, "../till.py:1:29: error[DFG202] `shop.cart` does not define `Wheelbarrow`\n");
  run({"check", "--select", "DFG202", "--output-format", "json-lines"});
  EXPECT_NE(run.out.find("\"path\": \"till.py\""), std::string::npos) << "relative to the root";
}

TEST_F(RunTest, PathsBesideTheUserAreNotShownFromTheRoot) {
  Add("shop/web/views.py", "from shop.cart import Basket\n");
  Add("shop/web/__init__.py", "");
  run.cwd = "/home/shop/shop/web";
  run({"check", "--select", "DFG202", "--output-format", "concise"});
  EXPECT_EQ(run.out,
            "views.py:1:23: error[DFG202] `shop.cart` does not define `Basket`\n"
            "../../till.py:1:29: error[DFG202] `shop.cart` does not define `Wheelbarrow`\n");
  run({"check", "nope.py"});
  EXPECT_NE(run.out.find("problem: nope.py: no such file"), std::string::npos) << run.out;
  run({"trace", "Cart"});
  EXPECT_NE(run.out.find("at ../cart.py:1:7\n"), std::string::npos) << run.out;
}

TEST_F(RunTest, NoFindingsAreCountedBelowThePaths) {
  run({"check", "shop"});
  EXPECT_NE(run.out.find("No findings in 3 of 5 files."), std::string::npos) << run.out;
  run({"check", "pyproject.toml"});
  EXPECT_NE(run.out.find("No findings: there is no Python in what was named."), std::string::npos)
      << run.out;
}

TEST_F(RunTest, SettingsThatNameNothingAreProblems) {
  run.files[0].content = "[tool.pydefrag]\n"
                         "source-roots = [\"source\"]\n"
                         "[tool.pydefrag.canonical]\n"
                         "\"shop.cart:Crt\" = \"shop.api:Cart\"\n"
                         "\"shop.cart:Cart\" = \"shop.basket:Cart\"\n"
                         "\"shop.cart\" = \"shop.api\"\n";
  EXPECT_EQ(run({"check", "shop"}), 0);
  EXPECT_NE(
      run.out.find("problem: pyproject.toml:2: `source` in `source-roots` is no folder\n"
                   "problem: pyproject.toml:4: nothing is named `Crt`, as `canonical` has it; "
                   "did you mean `Cart`?\n"
                   "problem: pyproject.toml:5: no module of this project is named "
                   "`shop.basket`, as `canonical` has it"),
      std::string::npos)
      << run.out;
  run.files[0].content = "[tool.pydefrag.severity]\nmissing-symbl = \"note\"\n";
  EXPECT_EQ(run({"check"}), 2);
  EXPECT_EQ(run.err, "error: pyproject.toml:2: unknown rule `missing-symbl` in `severity`; did you "
                     "mean `missing-symbol`?\n");
  run.files.push_back({"/home/shop/pydefrag.toml", "[tool.pydefrag]\nexclude = []\n"});
  EXPECT_EQ(run({"check"}), 2);
  EXPECT_NE(run.err.find("only pyproject.toml has [tool.pydefrag]"), std::string::npos) << run.err;
}

TEST_F(RunTest, OfTwoConfigurationsTheOneThatIsNotReadIsNamed) {
  run.files[0].content = "[tool.pydefrag]\nfail-on = \"note\"\n";
  Add("pydefrag.toml", "fail-on = \"error\"\n");
  EXPECT_EQ(run({"check", "shop"}), 0);
  EXPECT_NE(run.out.find("problem: pyproject.toml:1: [tool.pydefrag] is not read: pydefrag.toml "
                         "stands beside it\n"),
            std::string::npos)
      << run.out;
}

TEST_F(RunTest, FindingsOfSettingsStandAmongThoseOfSources) {
  run.files[0].content = "[project]\nname = \"shop\"\nversion = \"1\"\n"
                         "[project.scripts]\nshop = \"shop.cart:Wagon\"\n";
  Add("audit.py", "from shop.cart import Wagon\n");
  for (const char *format : {"concise", "json", "sarif"}) {
    run({"check", "-q", "--select", "DFG202,DFG204", "--show-suppressed", "--output-format",
         format});
    const llvm::StringRef found = llvm::StringRef(run.out).split("results").second.empty()
                                      ? llvm::StringRef(run.out)
                                      : llvm::StringRef(run.out).split("results").second;
    EXPECT_LT(found.find("audit.py"), found.find("pyproject.toml")) << run.out;
    EXPECT_LT(found.find("pyproject.toml"), found.find("till.py")) << run.out;
    EXPECT_NE(found.find("till.py"), llvm::StringRef::npos) << run.out;
  }
}

TEST_F(RunTest, JsonOnStandardOutputIsOneDocument) {
  EXPECT_EQ(run({"check", "--output-format", "json"}), 1);
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(run.out);
  ASSERT_TRUE(bool(value)) << run.out;
  EXPECT_EQ(value->getAsObject()->getInteger("exit"), 1);
  EXPECT_EQ(value->getAsObject()->getArray("findings")->size(), 2u);
  EXPECT_EQ(run.err, "Found 1 error and 1 note in 2 files.\n");
  run({"check", "--output-format", "json", "-q"});
  EXPECT_EQ(run.err, "");
}

TEST_F(RunTest, OutputsGoToFilesAndOneToStandardOutput) {
  EXPECT_EQ(run({"check", "--output-format", "concise", "--output-format", "json=out.json"}), 1);
  EXPECT_EQ(run.out.find("report.py:1:22"), 0u);
  ASSERT_EQ(run.written.count("/home/shop/out.json"), 1u);
  EXPECT_TRUE(bool(llvm::json::parse(run.written["/home/shop/out.json"])));
}

TEST_F(RunTest, FileThatCannotBeWrittenGivesTwo) {
  EXPECT_EQ(run({"check", "--output-format", "json=/read-only/out.json"}), 2);
  EXPECT_NE(run.err.find("error: cannot write `/read-only/out.json`"), std::string::npos);
}

TEST_F(RunTest, StandardInputStandsForAFile) {
  run.standard_input = "from shop.cart import Barrow\n";
  EXPECT_EQ(run({"check", "--output-format", "concise", "--stdin-filename", "till.py", "-"}), 1);
  EXPECT_EQ(run.out, "till.py:1:23: error[DFG202] `shop.cart` does not define `Barrow`\n");
  run.standard_input = "import shop.cart\n";
  EXPECT_EQ(run({"check", "--stdin-filename", "new.py", "-"}), 0) << "a file not saved yet";
  EXPECT_EQ(run({"graph", "--stdin-filename", "new.py", "-"}), 0);
  EXPECT_NE(run.out.find("{\"path\": \"new.py\", \"line\": 1"), std::string::npos) << run.out;
}

TEST_F(RunTest, StatisticsShowSettingsAndShowFiles) {
  EXPECT_EQ(run({"check", "--statistics"}), 1);
  EXPECT_EQ(run.out, "1\tDFG101\tfragmented-import\n1\tDFG202\tmissing-symbol\n");
  EXPECT_EQ(run({"check", "--show-files"}), 0);
  EXPECT_EQ(run.out, "report.py\nshop/__init__.py\nshop/api.py\nshop/cart.py\ntill.py\n");
  EXPECT_EQ(run({"check", "--show-files", "shop"}), 0);
  EXPECT_EQ(run.out, "shop/__init__.py\nshop/api.py\nshop/cart.py\n");
  EXPECT_EQ(run({"check", "--show-settings", "--select", "DFG202"}), 0);
  EXPECT_NE(run.out.find("root = . (pyproject.toml)\n"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("rule = DFG202 missing-symbol error\n"), std::string::npos);
}

TEST_F(RunTest, ExcludedFilesAreNotReportedButResolve) {
  EXPECT_EQ(run({"check", "--exclude", "till.py,shop/"}), 0) << run.out;
  EXPECT_EQ(run({"check", "--exclude", "till.py", "till.py"}), 1)
      << "a named PATH is never excluded";
}

TEST_F(RunTest, SuppressedFindingsDoNotFail) {
  run.files.back().content = "from shop.cart import Wheelbarrow  # pydefrag: ignore\n";
  EXPECT_EQ(run({"check"}), 0);
  run({"check", "--output-format", "json-lines", "--show-suppressed", "till.py"});
  EXPECT_NE(run.out.find("\"suppressed\": \"comment\""), std::string::npos) << run.out;
}

TEST_F(RunTest, ColourOnATerminal) {
  run.terminal = true;
  run({"check"});
  EXPECT_NE(run.out.find('\x1b'), std::string::npos);
  run.variables["NO_COLOR"] = "1";
  run({"check"});
  EXPECT_EQ(run.out.find('\x1b'), std::string::npos);
}

TEST_F(RunTest, ProgressOnlyWhenItTakesLongOnATerminal) {
  run.tick = 1;
  run({"check"});
  EXPECT_EQ(run.err, "");
  run.terminal = true;
  run({"check", "-j", "1"});
  EXPECT_EQ(run.err.find("\rscanning "), 0u) << run.err;
  EXPECT_EQ(run.err.substr(run.err.size() - 4), "\r\x1b[K") << "taken away at the end";
  run({"check", "-q"});
  EXPECT_EQ(run.err, "");
  run.tick = 0;
  run({"check"});
  EXPECT_EQ(run.err, "");
}

TEST_F(RunTest, TimingGoesToStandardError) {
  run.tick = 0.25;
  run({"check", "--timing"});
  EXPECT_NE(run.err.find("   0.250 s  scan\n"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find(" s  total\n"), std::string::npos);
  run.memory = 12'300'000;
  run({"check", "--timing"});
  EXPECT_NE(run.err.find("   0.250 s  scan, then 12.3 MB in memory\n"), std::string::npos)
      << run.err;
}

TEST_F(RunTest, TraceShowsEveryPath) {
  EXPECT_EQ(run({"trace", "shop.api:Cart"}), 0);
  EXPECT_EQ(run.out, "class shop.cart:Cart at shop/cart.py:1:7\n"
                     "canonical path: shop.cart:Cart (where it is defined)\n"
                     "|-- shop.cart:Cart  2 uses  <- canonical\n"
                     "|     used shop/api.py:1:23\n"
                     "|     used till.py:1:23\n"
                     "|-- shop.api:Cart  1 use\n"
                     "|     via  shop/api.py:1:1\n"
                     "|     used report.py:1:22\n"
                     "`-- 2 more modules bind it; nobody takes it from there (--all)\n");
  EXPECT_EQ(run({"trace", "Cart", "--all"}), 0);
  EXPECT_NE(run.out.find("`-- till:Cart  0 uses\n"), std::string::npos) << run.out;
  EXPECT_EQ(run({"trace", "Crat"}), 2);
  EXPECT_EQ(run.err, "error: nothing defines `Crat`; did you mean `shop.cart:Cart`?\n");
}

// The package's own modules take it from where it stands: no use of a path, and not nobody's.
TEST_F(RunTest, TraceShowsWhatThePackageTakesItself) {
  run.files[1].content = "from shop._till import Till\n__all__ = ['Till']\n";
  Add("shop/_till.py", "class Till: ...\n");
  Add("shop/desk.py", "from shop._till import Till\n");
  Add("audit.py", "from shop import Till\n");
  EXPECT_EQ(run({"trace", "shop:Till"}), 0);
  EXPECT_NE(run.out.find("|-- shop._till:Till  1 use\n"
                         "|     used shop/desk.py:1:24\n"),
            std::string::npos)
      << run.out;
}

TEST_F(RunTest, TraceNamesTheFilesThatSayAnAttribute) {
  Add("receipt.py", "import shop.cart\n\n\ndef total():\n    return shop.cart.Cart()\n");
  EXPECT_EQ(run({"trace", "shop.cart:Cart"}), 0);
  EXPECT_NE(run.out.find("|-- shop.cart:Cart  3 uses  <- canonical\n"
                         "|     used receipt.py:5:12\n"
                         "|     used shop/api.py:1:23\n"),
            std::string::npos)
      << run.out;
}

TEST_F(RunTest, GraphIsJsonAndPathsLimitIt) {
  EXPECT_EQ(run({"graph", "--format", "json"}), 0);
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(run.out);
  ASSERT_TRUE(bool(value)) << run.out;
  EXPECT_EQ(value->getAsObject()->getArray("imports")->size(), 4u);
  run({"graph", "till.py"});
  value = llvm::json::parse(run.out);
  ASSERT_TRUE(bool(value)) << run.out;
  EXPECT_EQ(value->getAsObject()->getArray("imports")->size(), 2u);
  EXPECT_EQ(value->getAsObject()->getArray("modules")->size(), 1u);
}

TEST_F(RunTest, GraphTellsWhatAPackageHasByThenOfItself) {
  Add("box/__init__.py", "from . import lid\n"
                         "from .lid import lid\n"
                         "from . import lid as function\n");
  Add("box/lid.py", "def lid(): ...\n");
  EXPECT_EQ(run({"graph", "--format", "json", "box"}), 0);
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(run.out);
  ASSERT_TRUE(bool(value)) << run.out;
  const llvm::json::Array &rows = *value->getAsObject()->getArray("imports");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].getAsObject()->getString("target"), "box.lid");
  EXPECT_EQ(rows[1].getAsObject()->getString("target"), "box.lid:lid");
  EXPECT_EQ(rows[2].getAsObject()->getString("target"), "box.lid:lid");
}

TEST_F(RunTest, GraphNamesAPathOnceThatIsListedAndServed) {
  Add("lazy/core.py", "class Shape: pass\n");
  Add("lazy/__init__.py", "_T = {\"Shape\": (\"lazy.core\", \"Shape\")}\n"
                          "__all__ = [\"Shape\"]\n"
                          "def __getattr__(name):\n"
                          "    if name in _T:\n"
                          "        from lazy.core import Shape\n"
                          "        return Shape\n"
                          "    raise AttributeError(name)\n"
                          "def fill(names):\n"
                          "    names.update(compute())\n"
                          "fill(globals())\n");
  EXPECT_EQ(run({"graph", "--format", "json"}), 0);
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(run.out);
  ASSERT_TRUE(bool(value)) << run.out;
  for (const llvm::json::Value &each : *value->getAsObject()->getArray("definitions")) {
    const llvm::json::Object &definition = *each.getAsObject();
    if (definition.getString("id") == "lazy.core:Shape") {
      EXPECT_EQ(*definition.getArray("paths"),
                llvm::json::Array({"lazy.core:Shape", "lazy:Shape"}));
      return;
    }
  }
  ADD_FAILURE() << run.out;
}

TEST_F(RunTest, GraphSaysNothingOfWhatStandsBehindASuppressedImport) {
  Add(".venv/pyvenv.cfg", "version = 3.13.1\n");
  Add(".venv/lib/python3.13/site-packages/other.py", "");
  Add("formats.py", "from contextlib import suppress\n"
                    "with suppress(ImportError):\n"
                    "    def before(): ...\n"
                    "    import fqdn\n"
                    "    def behind(): ...\n"
                    "known = None\n"
                    "with suppress(ImportError):\n"
                    "    from fqdn import known\n"
                    "with suppress(ImportError):\n"
                    "    import json\n"
                    "    def installed(): ...\n");
  Add("use.py", "from formats import before, behind, installed\n");
  EXPECT_EQ(run({"graph", "--format", "json"}), 0);
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(run.out);
  ASSERT_TRUE(bool(value)) << run.out;
  for (const llvm::json::Value &each : *value->getAsObject()->getArray("imports")) {
    const llvm::json::Object &row = *each.getAsObject();
    if (row.getString("path") == "use.py") {
      EXPECT_EQ(row.getString("status"), row.getString("name") == "behind" ? "unknown" : "resolved")
          << run.out;
    }
  }
}

TEST_F(RunTest, RulePagesAndTheTable) {
  EXPECT_EQ(run({"rule", "missing-symbol"}), 0);
  EXPECT_EQ(run.out.find("# missing-symbol (DFG202)\n"), 0u);
  EXPECT_EQ(run({"rule"}), 0);
  EXPECT_EQ(run.out.find("DFG101  fragmented-import"), 0u);
  EXPECT_EQ(run({"rule", "DFG22"}), 2);
  EXPECT_NE(run.err.find("did you mean `DFG"), std::string::npos);
  EXPECT_EQ(run({"rule", "--markdown-dir", "docs"}), 0);
  EXPECT_EQ(run.written.count("/home/shop/docs/missing-symbol.md"), 1u);
  EXPECT_EQ(run.written.count("/home/shop/docs/README.md"), 1u);
}

TEST_F(RunTest, ManyThreadsSayTheSameAsOne) {
  run({"check", "--output-format", "json", "-j", "1"});
  const std::string one = run.out;
  run({"check", "--output-format", "json", "-j", "8"});
  EXPECT_EQ(run.out, one);
}

TEST_F(RunTest, TraceFindsModulesOfOneNameInSeveralProjects) {
  run.files = {{"/home/shop/pyproject.toml", "[project]\nname = \"shop\"\n"},
               {"/home/shop/first/pyproject.toml", "[project]\nname = \"steps\"\n"},
               {"/home/shop/first/steps/__init__.py", "def start(): ...\n"},
               {"/home/shop/second/pyproject.toml", "[project]\nname = \"steps\"\n"},
               {"/home/shop/second/steps/__init__.py", "def stop(): ...\n"},
               {"/home/shop/third/pyproject.toml", "[project]\nname = \"steps\"\n"},
               {"/home/shop/third/steps/__init__.py", "def stop(): ...\n"}};
  EXPECT_EQ(run({"trace", "steps:start"}), 0) << run.err;
  EXPECT_EQ(run({"trace", "steps:stop"}), 0) << run.err;
  EXPECT_NE(run.out.find("second/steps/__init__.py"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("third/steps/__init__.py"), std::string::npos) << run.out;
  EXPECT_EQ(run({"trace", "steps:stopp"}), 2);
  EXPECT_EQ(run.err, "error: nothing defines `steps:stopp`; did you mean `steps:stop`?\n");
}

// No file asks for what an entry point names; so it is not what tests have under that name.
TEST_F(RunTest, AnEntryPointHasNotMovedToTheTests) {
  run.files = {{"/home/shop/pyproject.toml", "[project]\nname = \"shop\"\n[project.scripts]\n"
                                             "log = \"shop.session:main\"\n"},
               {"/home/shop/shop/__init__.py", ""},
               {"/home/shop/shop/tests/__init__.py", ""},
               {"/home/shop/shop/tests/session.py", "def main(): ...\n"}};
  EXPECT_EQ(run({"check"}), 1);
  EXPECT_NE(run.out.find("no module named `shop.session`"), std::string::npos) << run.out;
  EXPECT_EQ(run.out.find("shop.tests.session"), std::string::npos) << run.out;
}

} // namespace
} // namespace pydefrag
