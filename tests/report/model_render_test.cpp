// The renderings of the model itself: graph, trace, rule pages.
#include "report/json/render_graph_json.h"
#include "report/positions.h"
#include "report/text/render_rule.h"
#include "report/trace.h"

#include "made_project.h"

#include "llvm/Support/JSON.h"

namespace pydefrag {
namespace {

class ModelRenderTest : public testing::Test {
protected:
  ModelRenderTest()
      : made_{{"shop/api.py", "from shop.cart import Cart\n"},
              {"shop/cart.py", "\nclass Cart: ...\n"},
              {"till.py", "if x:\n    from shop.api import Cart as C\n"}} {
    cart_ = made_.AddClass(made_.Find(1, "Cart"), "Cart", {1, 0});
    ImportRow row;
    row.file = FileId(2);
    row.importer = made_.project->module_of_file[FileId(2)];
    row.module = made_.Name("shop.api");
    row.name = made_.Name("Cart");
    row.as = made_.Name("C");
    row.where = made_.Find(2, "Cart as C").span;
    row.statement_span = made_.Find(2, "from shop.api import Cart as C").span;
    row.context.conditional = true;
    row.status = RowStatus::Resolved;
    row.target = {.kind = TargetKind::Definition,
                  .module = made_.project->module_of_file[FileId(1)],
                  .name = row.name,
                  .definition = cart_};
    const RowId id = made_.project->rows.push_back(row);
    PathInfo &path = made_.project->definitions[cart_].paths[1];
    path.rows = {id};
    path.via = {made_.Find(0, "Cart")};
  }

  std::string Graph(llvm::ArrayRef<std::string> paths = {}) {
    std::string text;
    llvm::raw_string_ostream os(text);
    RenderGraphJson(os, *made_.project, *made_.disk,
                    {.root_shown = ".", .paths = paths, .jobs = 1});
    return text;
  }

  std::string Trace() {
    std::string text;
    llvm::raw_string_ostream os(text);
    RenderTrace(os, *made_.project, *made_.sources, cart_, {});
    return text;
  }

  MadeProject made_;
  DefinitionId cart_;
};

TEST_F(ModelRenderTest, GraphHasOneRowALine) {
  EXPECT_EQ(Graph(),
            R"({"schema": "pydefrag/graph/1", "root": ".",
"modules": [
{"name": "shop.api", "path": "shop/api.py", "kind": "module", "deprecated": null},
{"name": "shop.cart", "path": "shop/cart.py", "kind": "module", "deprecated": null},
{"name": "till", "path": "till.py", "kind": "module", "deprecated": null}],
"imports": [
{"path": "till.py", "line": 2, "column": 5, "module": "shop.api", "name": "Cart", "as": "C", )"
            R"("context": ["conditional"], "status": "resolved", "reason": null, )"
            R"("target": "shop.cart:Cart"}],
"definitions": [
{"id": "shop.cart:Cart", "kind": "class", "path": "shop/cart.py", "line": 2, )"
            R"("paths": ["shop.api:Cart", "shop.cart:Cart"], )"
            R"("used": {"shop.api:Cart": 1, "shop.cart:Cart": 1}, "deprecated": null}]}
)");
}

TEST_F(ModelRenderTest, GraphPathsLimitTheRows) {
  const std::string text = Graph({"till.py"});
  EXPECT_EQ(text.find("\"name\": \"shop.api\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"name\": \"till\""), std::string::npos);
  EXPECT_NE(text.find("\"path\": \"till.py\", \"line\": 2"), std::string::npos);
  EXPECT_NE(text.find("\"definitions\": []"), std::string::npos);
}

TEST_F(ModelRenderTest, GraphTellsHowTheImportOfAModuleEnds) {
  ImportOutcome fails;
  fails.status = ImportOutcome::Fails;
  fails.reason = "ImportError: cannot import name 'Cart'";
  fails.chain = {made_.Find(2, "from shop.api")};
  made_.project->outcomes.resize(3);
  made_.project->outcomes[ModuleId(2)] = fails;
  const std::string text = Graph();
  EXPECT_NE(text.find(R"("name": "shop.api", "path": "shop/api.py", "kind": "module", )"
                      R"("import": {"status": "ok"})"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"("import": {"status": "fails", )"
                      R"("reason": "ImportError: cannot import name 'Cart'", )"
                      R"("chain": [{"path": "till.py", "line": 2}]})"),
            std::string::npos)
      << text;
}

TEST_F(ModelRenderTest, StandardModulesAreNotRows) {
  Module os_module;
  os_module.name = made_.Name("os");
  os_module.kind = ModuleKind::Stdlib;
  made_.project->modules.push_back(os_module);
  EXPECT_EQ(Graph().find("\"name\": \"os\""), std::string::npos);
}

TEST_F(ModelRenderTest, TraceIsATree) {
  EXPECT_EQ(Trace(), "class shop.cart:Cart at shop/cart.py:2:7\n"
                     "canonical path: shop.cart:Cart (where it is defined)\n"
                     "|-- shop.cart:Cart  1 use  <- canonical\n"
                     "`-- shop.api:Cart  1 use\n"
                     "      via  shop/api.py:1:23\n"
                     "      used till.py:2:26\n");
}

TEST_F(ModelRenderTest, TraceCountsUsesApart) {
  PathInfo &path = made_.project->definitions[cart_].paths[1];
  path.uses = 5;
  path.in_tests = 3;
  path.guarded = 1;
  EXPECT_NE(Trace().find("shop.api:Cart  5 uses (3 in tests, 1 guarded)\n"), std::string::npos)
      << Trace();
}

TEST_F(ModelRenderTest, TraceJsonParses) {
  std::string text;
  llvm::raw_string_ostream os(text);
  RenderTraceJson(os, *made_.project, *made_.sources, cart_);
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  ASSERT_TRUE(bool(value)) << text;
  const llvm::json::Object &symbol = *(*value->getAsObject()->getArray("symbols"))[0].getAsObject();
  EXPECT_EQ(symbol.getString("canonical"), "shop.cart:Cart");
  const llvm::json::Object &stray = *(*symbol.getArray("paths"))[1].getAsObject();
  const llvm::json::Object &user = *(*stray.getArray("used_at"))[0].getAsObject();
  EXPECT_EQ(user.getString("path"), "till.py");
  EXPECT_EQ(user.getInteger("line"), 2);
}

TEST_F(ModelRenderTest, SymbolsAreFoundByAnyPathAndByNameAlone) {
  for (const char *query : {"shop.cart:Cart", "shop.api:Cart", "shop.api.Cart", "Cart"}) {
    EXPECT_EQ(FindSymbols(*made_.project, query).definitions, std::vector<DefinitionId>{cart_})
        << query;
  }
  for (const char *query : {"till:Cart", "shop.nowhere:Cart", "shop.cart:Card"}) {
    EXPECT_TRUE(FindSymbols(*made_.project, query).definitions.empty()) << query;
  }
}

TEST_F(ModelRenderTest, SymbolThatIsNotFoundGetsSuggestions) {
  EXPECT_EQ(FindSymbols(*made_.project, "Crt").similar, std::vector<std::string>{"shop.cart:Cart"});
  EXPECT_TRUE(FindSymbols(*made_.project, "Unrelated").similar.empty());
}

TEST_F(ModelRenderTest, PositionsComeBackInTheOrderAsked) {
  const Location places[] = {made_.Find(2, "Cart"), made_.Find(1, "class"), made_.Find(2, "if"),
                             Location{}};
  const std::vector<LineColumn> found = FindPositions(*made_.project, *made_.disk, places, 2);
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0].line, 2u);
  EXPECT_EQ(found[0].column, 26u);
  EXPECT_EQ(found[1].line, 2u);
  EXPECT_EQ(found[2].column, 1u);
  EXPECT_EQ(found[3].line, 0u);
}

TEST(RuleTable, NamesEveryRuleOnce) {
  std::string text;
  llvm::raw_string_ostream os(text);
  RenderRuleTable(os);
  EXPECT_EQ(static_cast<size_t>(std::count(text.begin(), text.end(), '\n')), AllRules().size());
  EXPECT_NE(text.find("DFG202  missing-symbol               error    an import of a name that the "
                      "module does not define\n"),
            std::string::npos)
      << text;
  EXPECT_NE(RuleTableMarkdown("docs/rules/")
                .find("| DFG202 | [missing-symbol](docs/rules/missing-symbol.md) | error | "),
            std::string::npos);
}

TEST(RulePage, StartsWithNameCodeAndDefaults) {
  const std::string page = RulePage(*FindRule("DFG202"));
  EXPECT_EQ(page.find("# missing-symbol (DFG202)\n\nDefault: error, fix sometimes available, "
                      "since 0.1.0.\n\n## What it does\n"),
            0u)
      << page;
}

} // namespace
} // namespace pydefrag
