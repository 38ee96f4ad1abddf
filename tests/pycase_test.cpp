// The reader of .pycase files.
#include "pycase.h"

#include "gtest/gtest.h"

namespace pydefrag {
namespace {

PyCase Parse(llvm::StringRef text) {
  llvm::Expected<PyCase> result = ParsePyCase(text);
  if (!result) {
    ADD_FAILURE() << llvm::toString(result.takeError());
    return {};
  }
  return std::move(*result);
}

std::string ErrorOf(llvm::StringRef text) {
  llvm::Expected<PyCase> result = ParsePyCase(text);
  return result ? "" : llvm::toString(result.takeError());
}

TEST(PyCase, HeaderGivesTitleArgumentsAndExitStatus) {
  const PyCase parsed = Parse("# Two lines\n# of title.\n# ARGS: check --select DFG101\n# EXIT: 1\n"
                              "\n# --- a.py\nx = 1\n");
  EXPECT_EQ(parsed.title, "Two lines of title.");
  EXPECT_EQ(parsed.args, (std::vector<std::string>{"check", "--select", "DFG101"}));
  EXPECT_EQ(parsed.exit_status, 1);
}

TEST(PyCase, ArgumentsDefaultToCheck) {
  const PyCase parsed = Parse("# --- a.py\n");
  EXPECT_EQ(parsed.args, std::vector<std::string>{"check"});
  EXPECT_FALSE(parsed.exit_status.has_value());
}

TEST(PyCase, FilesKeepExpectationCommentsSoLinesStay) {
  const PyCase parsed = Parse("# --- a.py\nimport b\n#      ^ expect: DFG201\nx = 1\n# --- c.py\n");
  ASSERT_EQ(parsed.files.size(), 2u);
  EXPECT_EQ(parsed.files[0].path, "a.py");
  EXPECT_EQ(parsed.files[0].content, "import b\n#      ^ expect: DFG201\nx = 1\n");
  EXPECT_EQ(parsed.files[1].content, "");
}

TEST(PyCase, CaretRowMeansTheCodeLineAboveWithItsColumns) {
  const PyCase parsed =
      Parse("# --- a.py\n\nfrom b import Cart\n"
            "#    ^ expect: DFG101 \"is `b`\"\n#             ^^^^ label: \"seen\"\n");
  ASSERT_EQ(parsed.expectations.size(), 2u);
  const CaseExpectation &first = parsed.expectations[0];
  EXPECT_EQ(first.kind, CaseExpectation::Finding);
  EXPECT_EQ(first.path, "a.py");
  EXPECT_EQ(first.line, 2u);
  EXPECT_EQ(first.columns->begin, 6u);
  EXPECT_EQ(first.columns->end, 7u);
  EXPECT_EQ(first.code, "DFG101");
  EXPECT_EQ(first.text, "is `b`");
  EXPECT_EQ(first.row, 4u);
  const CaseExpectation &second = parsed.expectations[1];
  EXPECT_EQ(second.kind, CaseExpectation::Label);
  EXPECT_EQ(second.line, 2u);
  EXPECT_EQ(second.columns->begin, 15u);
  EXPECT_EQ(second.columns->end, 19u);
  EXPECT_EQ(second.text, "seen");
}

TEST(PyCase, CommentAtTheEndMeansItsOwnLine) {
  const PyCase parsed =
      Parse("# --- a.py\nx = 1\nimport b  # expect: DFG201 \"no `b`\"  # expect: DFG301\n");
  ASSERT_EQ(parsed.expectations.size(), 2u);
  EXPECT_EQ(parsed.expectations[0].line, 2u);
  EXPECT_EQ(parsed.expectations[0].text, "no `b`");
  EXPECT_FALSE(parsed.expectations[0].columns.has_value());
  EXPECT_EQ(parsed.expectations[1].code, "DFG301");
  EXPECT_EQ(parsed.expectations[1].text, "");
}

TEST(PyCase, ExpectAtStandsWhereNoCommentCan) {
  const PyCase parsed = Parse("# EXPECT-AT: a.py DFG901 \"bytes\"\n# EXPECT-AT: b.py:3 DFG201\n"
                              "# EXPECT-AT: b.py:3:1-6 DFG201\n# --- a.py\n");
  ASSERT_EQ(parsed.expectations.size(), 3u);
  EXPECT_EQ(parsed.expectations[0].path, "a.py");
  EXPECT_EQ(parsed.expectations[0].line, 0u);
  EXPECT_EQ(parsed.expectations[0].text, "bytes");
  EXPECT_EQ(parsed.expectations[1].line, 3u);
  EXPECT_EQ(parsed.expectations[2].columns->begin, 1u);
  EXPECT_EQ(parsed.expectations[2].columns->end, 7u);
}

TEST(PyCase, GoldenSplitsAreNoProjectFiles) {
  const PyCase parsed = Parse("# --- a.py\nx\n# --- EXPECT:report.txt\nall good\n# not special\n");
  ASSERT_EQ(parsed.files.size(), 1u);
  ASSERT_EQ(parsed.goldens.size(), 1u);
  EXPECT_EQ(parsed.goldens[0].name, "report.txt");
  EXPECT_EQ(parsed.goldens[0].content, "all good\n# not special\n");
}

TEST(PyCase, UpdatingGoldensLeavesTheRestAlone) {
  const std::string text = "# t\n# --- a.py\nx\n# --- EXPECT:report.txt\nold\nold\n# --- b.py\ny\n";
  EXPECT_EQ(WithGoldens(text, {{"report.txt", "new\n"}}),
            "# t\n# --- a.py\nx\n# --- EXPECT:report.txt\nnew\n# --- b.py\ny\n");
  EXPECT_EQ(WithGoldens(text, {{"report.json", "new\n"}}), text);
}

TEST(PyCase, MistakesAreSaidWithTheirLine) {
  EXPECT_EQ(ErrorOf("# --- a.py\nimport b # expect: DFG20\n"),
            "line 2: expected `# expect: CODE \"text\"`");
  EXPECT_EQ(ErrorOf("# --- a.py\n# ^ expect: DFG201\n"),
            "line 2: expected `# ^^^ expect: CODE \"text\"` or `# ^^^ label: \"text\"` below code");
  EXPECT_EQ(ErrorOf("# --- a.py\nx\n# ^ expcet: DFG201\n"),
            "line 3: expected `# ^^^ expect: CODE \"text\"` or `# ^^^ label: \"text\"` below code");
  EXPECT_EQ(ErrorOf("x = 1\n"), "line 1: expected a comment before the first `# --- file`");
  EXPECT_EQ(ErrorOf("# --- a.py\n# --- a.py\n"), "line 2: a second file named a.py");
  EXPECT_EQ(ErrorOf("# EXIT: two\n# --- a.py\n"), "line 1: `EXIT:` wants a number");
  EXPECT_EQ(ErrorOf("# only words\n"), "line 1: no `# --- file` in the case");
  EXPECT_EQ(ErrorOf("# EXPECT-AT: a.py:x DFG201\n# --- a.py\n"),
            "line 1: expected `EXPECT-AT: path[:line[:column-column]] CODE \"text\"`");
}

} // namespace
} // namespace pydefrag
