#include "report/suppress.h"

#include "made_project.h"

namespace pydefrag {
namespace {

class SuppressTest : public testing::Test {
protected:
  // One file `a.py`; the comment `mark` must stand in `text`.
  Suppression &Comment(MadeProject &made, const std::string &mark) {
    const Location where = made.Find(0, mark);
    Suppression comment;
    comment.begin = where.span.begin;
    comment.end = where.span.end;
    comment.line = made.sources->Get(where.file)->LineOf(where.span.begin);
    std::vector<Suppression> &all = made.project->scanned.facts[where.file].suppressions;
    all.push_back(comment);
    return all.back();
  }

  void Statement(MadeProject &made, const std::string &text) {
    const Location where = made.Find(0, text);
    const SourceText &source = *made.sources->Get(where.file);
    PlacedStatement placed;
    placed.begin = placed.head = where.span.begin;
    placed.line = source.LineOf(where.span.begin);
    placed.last_line = source.LineOf(where.span.end - 1);
    made.project->scanned.facts[where.file].statements.push_back(placed);
  }

  static Finding At(Location where, const std::string &code) {
    Finding finding;
    finding.code = code;
    finding.where = where;
    return finding;
  }

  SuppressResult Run(MadeProject &made, std::vector<Finding> findings,
                     CommentScope comments = CommentScope::All) {
    return Suppress({.project = *made.project,
                     .config = config_,
                     .plan = plan_,
                     .sources = *made.sources,
                     .comments = comments},
                    std::move(findings));
  }

  Config config_;
  RulePlan plan_ = PlanRules({}, {});
};

TEST_F(SuppressTest, CommentAtTheEndOfTheLineSilencesItsCode) {
  MadeProject made{{"a.py", "import b  # ignore\nimport c\n"}};
  Statement(made, "import b");
  Statement(made, "import c");
  Comment(made, "# ignore").codes = {"DFG201"};
  const SuppressResult result =
      Run(made, {At(made.Find(0, "b"), "DFG201"), At(made.Find(0, "b"), "DFG301"),
                 At(made.Find(0, "c"), "DFG201")});
  ASSERT_EQ(result.suppressed.size(), 1u);
  EXPECT_EQ(result.suppressed[0].suppressed, "comment");
  EXPECT_EQ(result.kept.size(), 2u);
  EXPECT_TRUE(result.unused.empty());
}

TEST_F(SuppressTest, NamesPrefixesAndBareCommentsWork) {
  for (const char *code : {"missing-module", "DFG2", ""}) {
    MadeProject made{{"a.py", "import b  # ignore\n"}};
    Suppression &comment = Comment(made, "# ignore");
    if (*code) {
      comment.codes = {code};
    }
    const SuppressResult result = Run(made, {At(made.Find(0, "b"), "DFG201")});
    EXPECT_EQ(result.suppressed.size(), 1u) << code;
  }
}

TEST_F(SuppressTest, OwnLineSpeaksOfTheNextLineThatIsNoComment) {
  MadeProject made{{"a.py", "# ignore\n# more words\nimport b\nimport c\n"}};
  Comment(made, "# ignore").own_line = true;
  const SuppressResult result =
      Run(made, {At(made.Find(0, "b"), "DFG201"), At(made.Find(0, "c"), "DFG201")});
  ASSERT_EQ(result.suppressed.size(), 1u);
  EXPECT_EQ(result.kept[0].where, made.Find(0, "c"));
}

TEST_F(SuppressTest, LastLineOfAStatementSpeaksOfAllOfIt) {
  MadeProject made{{"a.py", "from b import (\n    X,\n    Y,\n)  # ignore\n"}};
  Statement(made, "from b import (\n    X,\n    Y,\n)");
  Comment(made, "# ignore");
  EXPECT_EQ(Run(made, {At(made.Find(0, "X"), "DFG202")}).suppressed.size(), 1u);
}

TEST_F(SuppressTest, MiddleLineSpeaksOfItselfOnly) {
  MadeProject made{{"a.py", "from b import (\n    X,  # ignore\n    Y,\n)\n"}};
  Statement(made, "from b import (\n    X,  # ignore\n    Y,\n)");
  Comment(made, "# ignore");
  const SuppressResult result =
      Run(made, {At(made.Find(0, "X"), "DFG202"), At(made.Find(0, "Y"), "DFG202")});
  EXPECT_EQ(result.suppressed.size(), 1u);
  EXPECT_EQ(result.kept.size(), 1u);
}

TEST_F(SuppressTest, IgnoreFileSpeaksOfTheWholeFile) {
  MadeProject made{{"a.py", "import b\nimport c\n# ignore-file\n"}};
  Suppression &comment = Comment(made, "# ignore-file");
  comment.whole_file = true;
  comment.codes = {"DFG201"};
  EXPECT_EQ(
      Run(made, {At(made.Find(0, "b"), "DFG201"), At(made.Find(0, "c"), "DFG201")}).kept.size(),
      0u);
}

TEST_F(SuppressTest, UnusedCodesAreListedOneByOne) {
  MadeProject made{{"a.py", "import b  # ignore\n"}};
  Comment(made, "# ignore").codes = {"DFG201", "DFG202", "no-such-rule"};
  const SuppressResult result = Run(made, {At(made.Find(0, "b"), "DFG201")});
  ASSERT_EQ(result.unused.size(), 1u);
  EXPECT_EQ(result.unused[0].codes, (std::vector<std::string>{"DFG202", "no-such-rule"}));
}

TEST_F(SuppressTest, CodesOfRulesThatDidNotRunAreNotUnused) {
  plan_ = PlanRules({.select = {"DFG202"}}, {});
  MadeProject made{{"a.py", "import b  # ignore\nimport c  # bare\n"}};
  Comment(made, "# ignore").codes = {"DFG201"};
  Comment(made, "# bare");
  EXPECT_TRUE(Run(made, {}).unused.empty());
}

TEST_F(SuppressTest, BareCommentThatSilencesNothingIsUnused) {
  MadeProject made{{"a.py", "import b  # ignore\n"}};
  Comment(made, "# ignore");
  const SuppressResult result = Run(made, {});
  ASSERT_EQ(result.unused.size(), 1u);
  EXPECT_TRUE(result.unused[0].codes.empty());
}

TEST_F(SuppressTest, NoqaSilencesAndIsNeverUnused) {
  MadeProject made{{"a.py", "import b  # noqa: DFG201\nimport c  # noqa: DFG202\n"}};
  for (const char *mark : {"# noqa: DFG201", "# noqa: DFG202"}) {
    Suppression &comment = Comment(made, mark);
    comment.noqa = true;
    comment.codes = {std::string(mark).substr(8)};
  }
  const SuppressResult result = Run(made, {At(made.Find(0, "b"), "DFG201")});
  EXPECT_EQ(result.suppressed.size(), 1u);
  EXPECT_TRUE(result.unused.empty());
}

TEST_F(SuppressTest, BareCommentDoesNotSilenceThatItIsUnused) {
  MadeProject made{{"a.py", "import b  # ignore\nimport c  # named\n"}};
  Comment(made, "# ignore");
  Comment(made, "# named").codes = {"unused-suppression"};
  const std::vector<Finding> late = {At(made.Find(0, "# ignore"), "DFG902"),
                                     At(made.Find(0, "# named"), "DFG902")};
  const SuppressResult result = Run(made, late, CommentScope::NamedOnly);
  ASSERT_EQ(result.kept.size(), 1u);
  EXPECT_EQ(result.kept[0].where, made.Find(0, "# ignore"));
}

TEST_F(SuppressTest, RequireReasonMakesACommentWithoutOneVoid) {
  config_.require_reason = true;
  MadeProject made{{"a.py", "import b  # ignore\nimport c  # because\n"}};
  Comment(made, "# ignore");
  Comment(made, "# because").reason = "made by the build";
  const SuppressResult result =
      Run(made, {At(made.Find(0, "b"), "DFG201"), At(made.Find(0, "c"), "DFG201")});
  ASSERT_EQ(result.kept.size(), 1u);
  EXPECT_EQ(result.kept[0].where, made.Find(0, "b"));
  EXPECT_EQ(result.unused.size(), 1u);
}

TEST_F(SuppressTest, PerPathIgnoresCoverFoldersAndPatterns) {
  MadeProject made{{"shop/old/a.py", "import b\n"}, {"till.py", "import b\n"}};
  for (const char *pattern : {"shop/old", "shop/", "**/a.py", "a.py"}) {
    config_.per_path_ignores = {{.pattern = pattern, .rules = {"DFG2"}}};
    const SuppressResult result =
        Run(made, {At(made.Find(0, "b"), "DFG201"), At(made.Find(1, "b"), "DFG201")});
    ASSERT_EQ(result.suppressed.size(), 1u) << pattern;
    EXPECT_EQ(result.suppressed[0].suppressed, "per-path-ignores");
    EXPECT_EQ(result.suppressed[0].where.file, FileId(0));
  }
}

} // namespace
} // namespace pydefrag
