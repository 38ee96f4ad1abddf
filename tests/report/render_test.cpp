// The renderings of one small report, read from end to end.
#include "report/groups.h"
#include "report/json/render_json.h"
#include "report/text/render_concise.h"
#include "report/text/render_full.h"

#include "made_project.h"

#include "llvm/Support/JSON.h"

namespace pydefrag {
namespace {

constexpr const char *kTill = "from shop.cart import Basket\n"
                              "from shop.cart import Basket as B\n";

class RenderTest : public testing::Test {
protected:
  RenderTest()
      : made_{{"report.py", "from shop.api import Cart\n"},
              {"shop/api.py", "from shop.cart import Cart\n"},
              {"shop/cart.py", "class Cart: ...\n"},
              {"till.py", kTill}} {
    made_.report.stats.lines = 5;
    made_.project->roots = {{.path = "", .because = "the project's folder"}};
    made_.project->stats = {.rows = 1204,
                            .resolved = 1100,
                            .external = 85,
                            .missing = 4,
                            .unknown = 15,
                            .unknown_reasons = {{"star import of external module `x`", 9},
                                                {"dynamic `__getattr__`", 6}}};
    made_.project->third_party_unchecked = 85;
  }

  Finding Missing(Location where) {
    Finding finding;
    finding.code = "DFG202";
    finding.name = "missing-symbol";
    finding.message = "`shop.cart` does not define `Basket`";
    finding.cause = "DFG202:shop.cart:Basket";
    finding.module = "till";
    finding.symbols = {"shop.cart:Basket"};
    finding.where = where;
    finding.related = {
        {.where = made_.Find(2, "Cart"), .message = "a similar name is defined here"}};
    finding.related_total = 1;
    Fix fix;
    fix.title = "import `Cart` instead";
    fix.applicability = Applicability::Unsafe;
    fix.edits = {{.where = where, .content = "Cart"}};
    finding.fixes = {fix};
    finding.id = "0123456789abcdef";
    return finding;
  }

  Finding Stray() {
    Finding finding;
    finding.code = "DFG101";
    finding.name = "fragmented-import";
    finding.severity = Severity::Warning;
    finding.message = "`Cart` is imported through `shop.api`; its canonical path is `shop.cart`";
    finding.cause = "DFG101:shop.cart:Cart";
    finding.symbols = {"shop.cart:Cart"};
    finding.where = made_.Find(0, "Cart");
    finding.id = "fedcba9876543210";
    return finding;
  }

  void AddFindings() {
    const DefinitionId cart = made_.AddClass(made_.Find(2, "Cart"), "Cart", {2, 1});
    made_.project->definitions[cart].paths[0].uses = 12;
    made_.project->definitions[cart].paths[1].via = {made_.Find(1, "Cart")};
    made_.report.findings = {Stray(), Missing(made_.Find(3, "Basket")),
                             Missing(made_.Find(3, "Basket", 1))};
    made_.report.exit_status = 1;
  }

  std::string Full(const FullOptions &options = {}) {
    std::string text;
    llvm::raw_string_ostream os(text);
    RenderFull(os, made_.report, *made_.sources, options);
    return text;
  }

  std::string Json(SuppressedFindings suppressed = SuppressedFindings::LeftOut) {
    std::string text;
    llvm::raw_string_ostream os(text);
    RenderJson(os, made_.report, *made_.sources, suppressed);
    return text;
  }

  MadeProject made_;
};

TEST_F(RenderTest, FullReadsFromTheTop) {
  AddFindings();
  EXPECT_EQ(
      Full(),
      "root          . (pyproject.toml): 4 files, 5 lines\n"
      "source roots  . (the project's folder)\n"
      "environment   none: 85 third-party imports not checked\n"
      "imports       1,100 resolved, 4 missing, 15 unknown (9 star import of external module `x`; "
      "6 dynamic `__getattr__`), 85 external\n"
      "\n"
      "error[DFG202 missing-symbol]: `shop.cart` does not define `Basket`\n"
      " --> till.py:1:23\n"
      "  |\n"
      "1 | from shop.cart import Basket\n"
      "  |                       ^^^^^^\n"
      " ::: shop/cart.py:1:7\n"
      "  |\n"
      "1 | class Cart: ...\n"
      "  |       ---- a similar name is defined here\n"
      "  also at till.py:2:23\n"
      "help: import `Cart` instead (unsafe fix)\n"
      "\n"
      "warning[DFG101 fragmented-import]: `Cart`: 2 paths in use, 12 imports of the canonical one, "
      "1 stray\n"
      " --> report.py:1:22\n"
      "  |\n"
      "1 | from shop.api import Cart\n"
      "  |                      ^^^^ `Cart` is imported through `shop.api`; its canonical path is "
      "`shop.cart`\n"
      "\n"
      "Found 2 errors and 1 warning in 2 files. 2 causes.\n"
      "Next: pydefrag rule DFG202\n");
}

TEST_F(RenderTest, CleanProjectSaysSo) {
  const std::string text = Full();
  EXPECT_NE(text.find("\n\nNo findings in 4 files.\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("Next:"), std::string::npos);
}

TEST_F(RenderTest, OnlyTheWorstCausesAreShownAndTheRestCounted) {
  AddFindings();
  const std::string text = Full({.max_blocks = 1});
  EXPECT_EQ(text.find("fragmented-import]"), std::string::npos);
  EXPECT_NE(text.find("1 more cause: pydefrag check --all\n"), std::string::npos) << text;
}

TEST_F(RenderTest, SitesBeyondTheLimitAreCountedWithTheCommandThatShowsThem) {
  AddFindings();
  const std::string text = Full({.max_sites = 1});
  EXPECT_EQ(text.find("also at"), std::string::npos);
  EXPECT_NE(text.find("  and 1 more: pydefrag check --select DFG202 --output-format concise\n"),
            std::string::npos)
      << text;
}

TEST_F(RenderTest, QuietShowsTheBlocksAlone) {
  AddFindings();
  const std::string text = Full({.how_much = HowMuch::Quiet});
  EXPECT_EQ(text.find("error[DFG202"), 0u) << text;
  EXPECT_EQ(text.find("Found"), std::string::npos);
}

TEST_F(RenderTest, ColourChangesNothingButTheEscapes) {
  AddFindings();
  std::string coloured = Full({.color = ColorUse::On});
  EXPECT_NE(coloured.find("\x1b[1;91merror[DFG202 missing-symbol]\x1b[0m"), std::string::npos);
  for (size_t at = coloured.find('\x1b'); at != std::string::npos; at = coloured.find('\x1b')) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  EXPECT_EQ(coloured, Full());
}

TEST_F(RenderTest, IncompleteAnalysisAndProblemsAreSaid) {
  made_.report.complete = false;
  made_.report.problems = {{.kind = ProblemKind::Unreadable,
                            .path = "shop/x.py",
                            .line = 0,
                            .message = "permission denied"},
                           {.kind = ProblemKind::Uncertain,
                            .path = "shop/y.py",
                            .line = 3,
                            .message = "not understood"}};
  const std::string text = Full({.path_prefix = "sub/"});
  EXPECT_NE(text.find("problem: sub/shop/x.py: permission denied\n"
                      "problem: sub/shop/y.py:3: not understood\n"
                      "The analysis is incomplete.\n"),
            std::string::npos)
      << text;
}

TEST_F(RenderTest, EnvironmentIsNamedWhenThereIsOne) {
  made_.project->environment = "/home/me/shop/.venv";
  EXPECT_NE(Full().find("environment   /home/me/shop/.venv\n"), std::string::npos);
}

TEST_F(RenderTest, ModulesHeldUpAreCountedAndComeFirst) {
  AddFindings();
  Finding other = Missing(made_.Find(1, "Cart"));
  other.cause = "DFG202:shop.cart:Cart";
  made_.report.findings.insert(made_.report.findings.begin() + 1, other);
  ImportOutcome fails;
  fails.status = ImportOutcome::Fails;
  fails.chain = {made_.Find(0, "from shop.api import Cart"),
                 made_.Find(1, "from shop.cart import Cart")};
  made_.project->outcomes.push_back(fails);
  const std::vector<CauseGroup> groups = GroupByCause(made_.report);
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].cause, "DFG202:shop.cart:Cart") << "one site, but it holds a module up";
  EXPECT_EQ(groups[0].blocked_modules, 1u);
  EXPECT_NE(Full().find("note: 1 module cannot be imported because of this\n"), std::string::npos);
}

TEST_F(RenderTest, OnlyTheFailingStatementHoldsAModuleUp) {
  AddFindings();
  for (const char *text : {"from shop.cart import Basket\n", "from shop.cart import Basket as B"}) {
    PlacedStatement placed;
    placed.begin = placed.head = made_.Find(3, text).span.begin;
    made_.project->scanned.facts[FileId(3)].statements.push_back(placed);
  }
  made_.report.findings.pop_back(); // the second statement is fine
  ImportOutcome fails;
  fails.status = ImportOutcome::Fails;
  fails.chain = {made_.Find(3, "from shop.cart import Basket as B")};
  made_.project->outcomes.push_back(fails);
  for (const CauseGroup &group : GroupByCause(made_.report)) {
    EXPECT_EQ(group.blocked_modules, 0u) << group.cause;
  }
}

TEST_F(RenderTest, StatisticsCountByRule) {
  AddFindings();
  std::string text;
  llvm::raw_string_ostream os(text);
  RenderStatistics(os, made_.report);
  EXPECT_EQ(text, "2\tDFG202\tmissing-symbol\n1\tDFG101\tfragmented-import\n");
}

TEST_F(RenderTest, ConciseIsOneLineAFinding) {
  AddFindings();
  std::string text;
  llvm::raw_string_ostream os(text);
  RenderConcise(os, made_.report, *made_.sources, {.path_prefix = "../"});
  EXPECT_EQ(text, "../report.py:1:22: warning[DFG101] `Cart` is imported through `shop.api`; its "
                  "canonical path is `shop.cart`\n"
                  "../till.py:1:23: error[DFG202] `shop.cart` does not define `Basket`\n"
                  "../till.py:2:23: error[DFG202] `shop.cart` does not define `Basket`\n");
}

TEST_F(RenderTest, JsonFindingHasTheFieldsOfTheContract) {
  AddFindings();
  std::string text;
  llvm::raw_string_ostream os(text);
  made_.report.findings.erase(made_.report.findings.begin());
  made_.report.findings.pop_back();
  RenderJsonLines(os, made_.report, *made_.sources, SuppressedFindings::LeftOut);
  EXPECT_EQ(text,
            R"({"id": "0123456789abcdef", "cause": "DFG202:shop.cart:Basket", "code": "DFG202", )"
            R"("name": "missing-symbol", "severity": "error", )"
            R"("message": "`shop.cart` does not define `Basket`", "path": "till.py", )"
            R"("range": {"start": {"line": 1, "column": 23, "offset": 22}, )"
            R"("end": {"line": 1, "column": 29, "offset": 28}}, "module": "till", )"
            R"("symbols": ["shop.cart:Basket"], "related": [{"path": "shop/cart.py", )"
            R"("range": {"start": {"line": 1, "column": 7, "offset": 6}, )"
            R"("end": {"line": 1, "column": 11, "offset": 10}}, )"
            R"("message": "a similar name is defined here"}], )"
            R"("fix": {"title": "import `Cart` instead", "applicability": "unsafe", )"
            R"("edits": [{"path": "till.py", )"
            R"("range": {"start": {"line": 1, "column": 23, "offset": 22}, )"
            R"("end": {"line": 1, "column": 29, "offset": 28}}, "content": "Cart"}]}})"
            "\n");
}

TEST_F(RenderTest, JsonDocumentIsOneObjectWithEveryPart) {
  AddFindings();
  made_.report.problems = {
      {.kind = ProblemKind::TooLarge, .path = "big.py", .line = 0, .message = "over the size cap"}};
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(Json());
  ASSERT_TRUE(bool(value)) << Json();
  const llvm::json::Object &top = *value->getAsObject();
  EXPECT_EQ(top.getString("schema"), "pydefrag/report/1");
  EXPECT_EQ(top.getString("root"), ".");
  EXPECT_EQ(top.getBoolean("complete"), true);
  EXPECT_EQ(top.getInteger("exit"), 1);
  EXPECT_EQ(top.get("environment")->kind(), llvm::json::Value::Null);
  EXPECT_EQ(top.getString("python"), "3.13");
  EXPECT_EQ(top.getObject("stats")->getInteger("files"), 4);
  EXPECT_EQ(top.getObject("stats")->getInteger("imports"), 1204);
  const llvm::json::Object &problem = *(*top.getArray("problems"))[0].getAsObject();
  EXPECT_EQ(problem.getString("kind"), "too-large");
  EXPECT_EQ(problem.get("line")->kind(), llvm::json::Value::Null);
  EXPECT_EQ(top.getArray("findings")->size(), 3u);
  const llvm::json::Object &fragment = *(*top.getArray("fragments"))[0].getAsObject();
  EXPECT_EQ(fragment.getString("definition"), "shop.cart:Cart");
  EXPECT_EQ(fragment.getString("canonical"), "shop.cart:Cart");
  EXPECT_EQ(fragment.getInteger("line"), 1);
  const llvm::json::Object &path = *(*fragment.getArray("paths"))[1].getAsObject();
  EXPECT_EQ(path.getString("path"), "shop.api:Cart");
  EXPECT_EQ((*path.getArray("via"))[0].getAsString(), "shop/api.py:1");
}

TEST_F(RenderTest, SuppressedFindingsAreCountedAndShownOnDemand) {
  AddFindings();
  Finding silenced = made_.report.findings.back();
  made_.report.findings.pop_back();
  silenced.suppressed = "comment";
  made_.report.suppressed = {silenced};
  const std::string without = Json();
  EXPECT_NE(without.find("\"suppressed\": 1"), std::string::npos);
  EXPECT_EQ(without.find("\"suppressed\": \"comment\""), std::string::npos);
  EXPECT_NE(Json(SuppressedFindings::Shown).find("\"suppressed\": \"comment\""), std::string::npos);
}

TEST_F(RenderTest, FragmentsOutsideThePathsAreLeftOut) {
  AddFindings();
  made_.report.paths = {"till.py"};
  EXPECT_NE(Json().find("\"fragments\": []"), std::string::npos);
}

TEST(FragmentedDefinitions, ConstantsAndSingleModulesAreNot) {
  MadeProject made{{"a.py", "class A: ...\nclass B: ...\nC = 1\n"}, {"b.py", ""}};
  made.AddClass(made.Find(0, "A"), "A", {0});
  const DefinitionId b = made.AddClass(made.Find(0, "B"), "B", {0, 1});
  const DefinitionId c = made.AddClass(made.Find(0, "C"), "C", {0, 1});
  made.project->definitions[c].kind = DefinitionKind::Constant;
  EXPECT_EQ(FragmentedDefinitions(*made.project), std::vector<DefinitionId>{b});
}

TEST(IsInPaths, FoldersCoverWhatIsBelowThem) {
  EXPECT_TRUE(IsInPaths("shop/cart.py", {}));
  EXPECT_TRUE(IsInPaths("shop/cart.py", {"shop"}));
  EXPECT_TRUE(IsInPaths("shop/cart.py", {"till.py", "shop/cart.py"}));
  EXPECT_FALSE(IsInPaths("shopping.py", {"shop"}));
  EXPECT_TRUE(IsInPaths("shop/cart.py", {""}));
}

TEST(Style, NumbersAndNouns) {
  EXPECT_EQ(WithCommas(0), "0");
  EXPECT_EQ(WithCommas(999), "999");
  EXPECT_EQ(WithCommas(1000), "1,000");
  EXPECT_EQ(WithCommas(1234567), "1,234,567");
  EXPECT_EQ(Counted(1, "file"), "1 file");
  EXPECT_EQ(Counted(2000, "file"), "2,000 files");
  EXPECT_EQ(Counted(2, "entry", "entries"), "2 entries");
}

} // namespace
} // namespace pydefrag
