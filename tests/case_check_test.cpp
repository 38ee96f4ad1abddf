// The comparison of a case with a report can fail, both ways.
#include "case_check.h"

#include "gtest/gtest.h"

namespace pydefrag {
namespace {

constexpr llvm::StringRef kJson = R"({"findings": [
 {"id": "1", "code": "DFG202", "message": "`b` does not define `X`", "help": "import `Y`",
  "path": "a.py",
  "range": {"start": {"line": 1, "column": 15, "offset": 14}, "end": {"line": 1, "column": 16, "offset": 15}},
  "related": [{"path": "b.py",
    "range": {"start": {"line": 2, "column": 1, "offset": 7}, "end": {"line": 2, "column": 2, "offset": 8}},
    "message": "a similar name"}],
  "fix": {"title": "import `Y` instead", "applicability": "safe", "edits": [
    {"path": "a.py", "content": "Y",
     "range": {"start": {"line": 1, "column": 15, "offset": 14}, "end": {"line": 1, "column": 16, "offset": 15}}}]}}
]})";

PyCase Case(llvm::StringRef text) {
  return llvm::cantFail(ParsePyCase(text));
}

SeenReport Seen() {
  return llvm::cantFail(ReadReport(kJson));
}

std::vector<std::string> DifferencesOf(llvm::StringRef rows) {
  return Differences(
      Case(("# --- a.py\nfrom b import  X\n" + rows + "# --- b.py\n\nY = 1\n").str()), Seen());
}

using Lines = std::vector<std::string>;

TEST(CaseCheck, ExactColumnsAndTextMatch) {
  EXPECT_EQ(DifferencesOf("#             ^ expect: DFG202 \"does not define `X`\"\n"), Lines{});
}

TEST(CaseCheck, TextMayComeFromHelpOrFix) {
  EXPECT_EQ(DifferencesOf("#             ^ expect: DFG202 \"import `Y` instead\"\n"), Lines{});
  EXPECT_EQ(DifferencesOf("#             ^ expect: DFG202 \"import `Y`\"\n"), Lines{});
}

TEST(CaseCheck, AnUnexpectedFindingIsADifference) {
  EXPECT_EQ(DifferencesOf(""),
            Lines{"not expected: a.py:1:15-1:16 DFG202 `b` does not define `X`"});
}

TEST(CaseCheck, WrongColumnsTextAndCodeAreDifferences) {
  for (const char *row :
       {"#            ^ expect: DFG202\n", "#             ^^ expect: DFG202\n",
        "#             ^ expect: DFG201\n", "#             ^ expect: DFG202 \"other\"\n"}) {
    EXPECT_EQ(DifferencesOf(row).size(), 2u) << row;
  }
}

TEST(CaseCheck, OneFindingMeetsOneExpectation) {
  EXPECT_EQ(DifferencesOf("#             ^ expect: DFG202\n#             ^ expect: DFG202\n"),
            Lines{"line 4: expected DFG202 \"\" and did not see it"});
}

TEST(CaseCheck, LabelsAreLookedForInAllFindings) {
  PyCase labelled =
      Case("# EXPECT-AT: a.py DFG202\n# --- a.py\nfrom b import  X\n# --- b.py\n\nY = 1\n"
           "# ^ label: \"similar\"\n");
  labelled.expectations[1].columns = Columns{1, 2};
  EXPECT_EQ(Differences(labelled, Seen()), Lines{});
  labelled.expectations[1].columns = Columns{1, 3};
  EXPECT_EQ(Differences(labelled, Seen()), Lines{"line 7: no label \"similar\" there"});
}

TEST(CaseCheck, SafeFixesAreApplied) {
  const Fixed fixed = WithSafeFixes({{"a.py", "from b import X\n"}, {"b.py", "\nY = 1\n"}}, Seen());
  EXPECT_EQ(fixed.files[0].content, "from b import Y\n");
  EXPECT_EQ(fixed.files[1].content, "\nY = 1\n");
  EXPECT_EQ(fixed.applied, std::vector<size_t>{0});
}

TEST(CaseCheck, UnsafeAndOverlappingFixesAreNot) {
  SeenReport seen = Seen();
  seen.findings.push_back(seen.findings[0]);
  EXPECT_EQ(WithSafeFixes({{"a.py", "from b import X\n"}}, seen).applied, std::vector<size_t>{0});
  seen.findings[0].safe_fix = seen.findings[1].safe_fix = false;
  EXPECT_EQ(WithSafeFixes({{"a.py", "from b import X\n"}}, seen).files[0].content,
            "from b import X\n");
}

TEST(CaseCheck, AFixMustEndItsFindingAndMakeNoNewOne) {
  SeenReport after;
  EXPECT_EQ(FixDifferences(Seen(), {0}, after), Lines{});
  EXPECT_EQ(FixDifferences(Seen(), {0}, Seen()).size(), 1u);
  EXPECT_EQ(FixDifferences(Seen(), {}, Seen()), Lines{});
  after.findings.push_back(Seen().findings[0]);
  after.findings[0].message = "something else";
  EXPECT_EQ(FixDifferences(Seen(), {0}, after).size(), 1u);
}

TEST(CaseCheck, WhatIsNoReportIsAnError) {
  EXPECT_EQ(llvm::toString(ReadReport("{}").takeError()), "no `findings` in the JSON");
  EXPECT_NE(llvm::toString(ReadReport("{").takeError()), "");
}

} // namespace
} // namespace pydefrag
