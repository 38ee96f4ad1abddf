// What every rule owes its users: codes in order, a name that matches its file and constant, a page
// with all sections whose examples are true, and cases.
#include "case_check.h"
#include "case_runner.h"
#include "check/rule.h"

#include "gtest/gtest.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace pydefrag {
namespace {

namespace fs = std::filesystem;
using llvm::StringRef;

const fs::path kSource = PYDEFRAG_SOURCE_DIR;

std::string ReadText(const fs::path &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path.string());
  return buffer ? (*buffer)->getBuffer().str() : "";
}

// "missing-symbol" -> "missing_symbol" and "MissingSymbol".
std::string FileStem(StringRef name) {
  std::string stem = name.str();
  std::replace(stem.begin(), stem.end(), '-', '_');
  return stem;
}

std::string ConstantName(StringRef name) {
  llvm::SmallVector<StringRef, 4> words;
  name.split(words, '-');
  std::string constant;
  for (const StringRef word : words) {
    constant += llvm::toUpper(word.front());
    constant += word.drop_front();
  }
  return constant;
}

// The text between `## Title` and the next heading.
StringRef Section(StringRef page, StringRef title) {
  const std::string heading = ("## " + title + "\n").str();
  const size_t begin = page.find(heading);
  if (begin == StringRef::npos) {
    return "";
  }
  const StringRef rest = page.drop_front(begin + heading.size());
  return rest.take_front(rest.find("\n## "));
}

StringRef ExampleBlock(StringRef section) {
  const StringRef fence = "```pycase\n";
  const size_t begin = section.find(fence);
  if (begin == StringRef::npos) {
    return "";
  }
  const StringRef rest = section.drop_front(begin + fence.size());
  return rest.take_front(rest.find("\n```") + 1);
}

struct Cases {
  bool fires = false, silent = false, columns = false;
};

Cases CasesOf(const RuleMeta &meta) {
  Cases cases;
  const fs::path folder = kSource / "fixtures" / meta.name;
  if (!fs::is_directory(folder)) {
    return cases;
  }
  for (const fs::directory_entry &entry : fs::directory_iterator(folder)) {
    llvm::Expected<PyCase> parsed = ParsePyCase(ReadText(entry.path()));
    if (!parsed) {
      ADD_FAILURE() << entry.path() << ": " << llvm::toString(parsed.takeError());
      continue;
    }
    bool fires = false;
    for (const CaseExpectation &expectation : parsed->expectations) {
      const bool ours = expectation.code == meta.code;
      fires |= ours;
      cases.columns |= ours && expectation.columns.has_value();
    }
    cases.fires |= fires;
    cases.silent |= !fires;
  }
  return cases;
}

class Registry : public testing::TestWithParam<const Rule *> {
protected:
  const RuleMeta &meta() const { return GetParam()->meta; }

  // The codes that checking an example of the page gives.
  std::vector<std::string> CodesOf(StringRef section) {
    llvm::Expected<PyCase> parsed = ParsePyCase(ExampleBlock(Section(meta().doc, section)));
    if (!parsed) {
      ADD_FAILURE() << section.str() << ": " << llvm::toString(parsed.takeError());
      return {};
    }
    const ProgramRun run = RunProgram(
        parsed->files, {"check", "--extend-select", meta().code, "--output-format", "json"});
    llvm::Expected<SeenReport> report = ReadReport(run.out);
    if (!report) {
      ADD_FAILURE() << llvm::toString(report.takeError()) << run.err;
      return {};
    }
    std::vector<std::string> codes;
    for (const SeenFinding &finding : report->findings) {
      codes.push_back(finding.code);
    }
    return codes;
  }
};

TEST(Registry, CodesAreUniqueAndAscending) {
  std::vector<std::string> codes;
  std::set<std::string> names;
  for (const Rule *rule : AllRules()) {
    EXPECT_TRUE(codes.empty() || codes.back() < rule->meta.code) << rule->meta.code;
    EXPECT_TRUE(names.insert(rule->meta.name).second) << rule->meta.name;
    codes.emplace_back(rule->meta.code);
    EXPECT_EQ(FindRule(rule->meta.code), rule);
    EXPECT_EQ(FindRule(rule->meta.name), rule);
  }
  EXPECT_GE(codes.size(), 7u);
  EXPECT_EQ(FindRule("DFG999"), nullptr);
}

TEST_P(Registry, NameFileAndConstantMatch) {
  const std::string file = ReadText(kSource / "rules" / (FileStem(meta().name) + ".cpp"));
  ASSERT_NE(file, "") << "no rules/" << FileStem(meta().name) << ".cpp";
  EXPECT_TRUE(StringRef(file).contains("constinit const Rule k" + ConstantName(meta().name) + " "));
  EXPECT_TRUE(StringRef(file).contains(meta().code));
  const std::string table = ReadText(kSource / "rules" / "rules.def");
  EXPECT_TRUE(StringRef(table).contains("RULE(" + ConstantName(meta().name) + ")"));
}

TEST_P(Registry, SummaryReadsInATable) {
  const StringRef summary = meta().summary;
  EXPECT_FALSE(summary.empty());
  EXPECT_TRUE(llvm::isLower(summary.front()) || summary.front() == '`') << summary.str();
  EXPECT_FALSE(summary.ends_with(".")) << summary.str();
  EXPECT_FALSE(summary.contains('\n')) << summary.str();
}

TEST_P(Registry, PageHasEverySectionInOrder) {
  size_t last = 0;
  for (const char *title : {"What it does", "Why is this bad?", "Example", "Use instead",
                            "Fix safety", "Limits", "Options"}) {
    const size_t at = StringRef(meta().doc).find(std::string("## ") + title + "\n");
    ASSERT_NE(at, StringRef::npos) << "no section " << title;
    EXPECT_GE(at, last) << title;
    EXPECT_FALSE(Section(meta().doc, title).trim().empty()) << title;
    last = at;
  }
}

TEST_P(Registry, ExampleOnThePageIsReported) {
  const std::vector<std::string> codes = CodesOf("Example");
  EXPECT_NE(std::find(codes.begin(), codes.end(), meta().code), codes.end());
}

TEST_P(Registry, WhatToUseInsteadIsNot) {
  EXPECT_EQ(CodesOf("Use instead"), std::vector<std::string>{});
}

TEST_P(Registry, HasACaseThatFiresANearMissAndOneWithColumns) {
  const Cases cases = CasesOf(meta());
  const std::string folder = std::string("fixtures/") + meta().name;
  EXPECT_TRUE(cases.fires) << folder << " has no case that expects " << meta().code;
  EXPECT_TRUE(cases.silent) << folder << " has no case without " << meta().code;
  EXPECT_TRUE(cases.columns) << folder << " has no caret row for " << meta().code;
}

INSTANTIATE_TEST_SUITE_P(Rules, Registry, testing::ValuesIn(AllRules().begin(), AllRules().end()),
                         [](const testing::TestParamInfo<const Rule *> &info) {
                           return ConstantName(info.param->meta.name);
                         });

} // namespace
} // namespace pydefrag
