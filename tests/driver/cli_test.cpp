#include "driver/cli.h"

#include "llvm/ADT/STLExtras.h"

#include "gtest/gtest.h"

namespace pydefrag {
namespace {

ParsedCommandLine Parse(std::vector<const char *> args) {
  return ParseCommandLine(args);
}

CommandLine Good(std::vector<const char *> args) {
  ParsedCommandLine parsed = Parse(std::move(args));
  EXPECT_TRUE(parsed.command.has_value()) << parsed.text;
  return parsed.command.value_or(CommandLine{});
}

std::string Error(std::vector<const char *> args) {
  const ParsedCommandLine parsed = Parse(std::move(args));
  EXPECT_FALSE(parsed.command.has_value());
  EXPECT_EQ(parsed.status, 2);
  return llvm::StringRef(parsed.text).split('\n').first.str();
}

using Strings = std::vector<std::string>;

TEST(CommandLine, CheckTakesPaths) {
  const CommandLine line = Good({"check", "shop", "till.py"});
  EXPECT_EQ(line.command, Command::Check);
  EXPECT_EQ(line.paths, (Strings{"shop", "till.py"}));
}

TEST(CommandLine, ListsAreSplitAtCommasAndDoNotSwallowPaths) {
  const CommandLine line = Good({"check", "--select", "DFG101,DFG202", "--select", "DFG9", "shop"});
  EXPECT_EQ(line.selection.select, (Strings{"DFG101", "DFG202", "DFG9"}));
  EXPECT_EQ(line.paths, Strings{"shop"});
}

TEST(CommandLine, OutputsAreFormatsWithOrWithoutAFile) {
  const CommandLine line =
      Good({"check", "--output-format", "concise", "--output-format", "json=out=1.json", "shop"});
  ASSERT_EQ(line.outputs.size(), 2u);
  EXPECT_EQ(line.outputs[0].format, OutputFormat::Concise);
  EXPECT_EQ(line.outputs[0].file, "");
  EXPECT_EQ(line.outputs[1].format, OutputFormat::Json);
  EXPECT_EQ(line.outputs[1].file, "out=1.json");
  EXPECT_EQ(line.paths, Strings{"shop"});
}

TEST(CommandLine, ValuesAreConverted) {
  const CommandLine line = Good({"check", "--fail-on", "warning", "--target-version", "3.9",
                                 "--color=never", "-j", "3", "-q"});
  EXPECT_EQ(line.fail_on, Severity::Warning);
  EXPECT_EQ(line.target_version, (PythonVersion{3, 9}));
  EXPECT_EQ(line.color, ColorWhen::Never);
  EXPECT_EQ(line.jobs, 3u);
  EXPECT_TRUE(line.quiet);
}

TEST(CommandLine, StandardInputNeedsAName) {
  const CommandLine line = Good({"check", "--stdin-filename", "till.py", "-"});
  EXPECT_EQ(line.paths, Strings{"-"});
  EXPECT_EQ(Error({"check", "-"}), "error: --stdin-filename and PATH `-` go together");
  EXPECT_EQ(Error({"check", "--stdin-filename", "till.py"}),
            "error: --stdin-filename and PATH `-` go together");
}

TEST(CommandLine, ReportTakesWhatDecidesTheFindings) {
  const CommandLine line =
      Good({"report", "shop", "--format", "html", "-o", "out.html", "--select", "DFG1", "--tests",
            "junit.xml", "--plan", "plan.toml", "--exclude", "vendor"});
  EXPECT_EQ(line.command, Command::Report);
  EXPECT_EQ(line.format, "html");
  EXPECT_EQ(line.output, "out.html");
  EXPECT_EQ(line.selection.select, Strings{"DFG1"});
  EXPECT_EQ(line.tests, Strings{"junit.xml"});
  EXPECT_EQ(line.plan, "plan.toml");
  EXPECT_EQ(line.exclude, Strings{"vendor"});
  EXPECT_EQ(Good({"report"}).format, "markdown");
  EXPECT_EQ(Error({"report", "--format", "pdf"}).find("error: --format takes markdown or html"),
            0u);
}

TEST(CommandLine, TraceGraphAndRule) {
  EXPECT_EQ(Good({"trace", "shop:Cart"}).subject, "shop:Cart");
  EXPECT_EQ(Good({"trace", "shop:Cart"}).format, "tree");
  EXPECT_EQ(Good({"trace", "shop:Cart", "--format", "json"}).format, "json");
  EXPECT_EQ(Good({"graph", "--format", "json", "shop"}).paths, Strings{"shop"});
  EXPECT_EQ(Good({"rule"}).subject, "");
  EXPECT_EQ(Good({"rule", "DFG202"}).subject, "DFG202");
}

TEST(CommandLine, UnknownWordsNameTheNearest) {
  EXPECT_EQ(Error({"chekc"}), "error: unknown command `chekc`; did you mean `check`?");
  EXPECT_EQ(Error({"check", "--selct", "DFG1"}),
            "error: unknown option `--selct`; did you mean `--select`?");
  EXPECT_EQ(Error({"check", "--output-format", "jsno"}),
            "error: unknown output format `jsno`; did you mean `json`?");
}

TEST(CommandLine, BadValuesSayWhatIsTaken) {
  EXPECT_EQ(Error({"check", "--fail-on", "off"}),
            "error: --fail-on takes error, warning or note, not `off`");
  EXPECT_EQ(Error({"check", "--target-version", "three"}),
            "error: --target-version takes a version such as 3.13, not `three`");
  EXPECT_EQ(Error({"check", "--target-version", "2.7"}),
            "error: --target-version takes a version such as 3.13, not `2.7`");
  EXPECT_EQ(Error({"check", "--color", "blue"}),
            "error: --color takes auto, always or never, not `blue`");
  EXPECT_EQ(Error({"graph", "--format", "dotty"}),
            "error: --format takes json, dot or mermaid, not `dotty`");
  EXPECT_EQ(Error({"check", "--output-format", "json="}), "error: no file after `json=`");
  EXPECT_EQ(Error({"check", "--output-format", "json", "--output-format", "concise"}),
            "error: only one output format can go to standard output; write the others as "
            "FORMAT=FILE");
  EXPECT_NE(Error({"check", "--jobs", "many"}).find("--jobs"), std::string::npos);
  EXPECT_NE(Error({"trace"}).find("SYMBOL"), std::string::npos);
}

TEST(CommandLine, WordsOfTheParserAreOurs) {
  EXPECT_EQ(Error({"check", "--jobs", "many"}), "error: --jobs takes a number, not `many`");
  EXPECT_EQ(Error({"trace", "Cart", "Item"}), "error: unexpected argument `Item`");
  EXPECT_EQ(Error({"check", "--baseline"}), "error: --baseline needs a value");
  EXPECT_EQ(Good({"check", "--jobs", "100000"}).jobs, 256u);
}

TEST(CommandLine, EmptyValuesAreErrors) {
  EXPECT_EQ(Error({"check", "--since", ""}), "error: --since needs a value");
  EXPECT_EQ(Error({"check", "--root="}), "error: --root needs a value");
  EXPECT_EQ(Error({"report", "--tests", ""}), "error: --tests needs a value");
  EXPECT_EQ(Error({"check", ""}), "error: an empty PATH");
}

TEST(CommandLine, WhatWouldBeIgnoredIsAnError) {
  EXPECT_EQ(Error({"graph", "--focus", "shop"}),
            "error: --focus and --collapse need --format dot or mermaid");
  EXPECT_EQ(Error({"check", "--watch", "--fix"}), "error: --watch and --fix do not go together");
  EXPECT_EQ(Error({"check", "--fix", "--write-baseline"}),
            "error: --fix and --write-baseline do not go together");
  EXPECT_EQ(Error({"check", "--diff", "--output-format", "sarif=x.sarif"}),
            "error: --diff and --output-format do not go together");
  EXPECT_EQ(Error({"check", "--no-baseline", "--write-baseline"}),
            "error: --no-baseline and --write-baseline do not go together");
}

TEST(CommandLine, IsDescribedForCompletions) {
  const std::vector<CommandDescription> commands = DescribeCommandLine();
  ASSERT_FALSE(commands.empty());
  EXPECT_EQ(commands.front().name, "check");
  const auto &options = commands.front().options;
  const auto since = llvm::find_if(options, [](const OptionDescription &option) {
    return llvm::is_contained(option.names, "--since");
  });
  ASSERT_NE(since, options.end());
  EXPECT_TRUE(since->takes_value);
  const auto quiet = llvm::find_if(options, [](const OptionDescription &option) {
    return llvm::is_contained(option.names, "-q");
  });
  ASSERT_NE(quiet, options.end());
  EXPECT_FALSE(quiet->takes_value);
}

TEST(CommandLine, HelpAndVersionGoToStandardOutput) {
  const ParsedCommandLine version = Parse({"--version"});
  EXPECT_EQ(version.status, 0);
  EXPECT_EQ(version.text.find("pydefrag 0."), 0u) << version.text;
  const ParsedCommandLine help = Parse({"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_NE(help.text.find("trace"), std::string::npos);
  const ParsedCommandLine check = Parse({"check", "--help"});
  EXPECT_NE(check.text.find("--output-format"), std::string::npos);
  EXPECT_EQ(Parse({}).status, 2);
}

} // namespace
} // namespace pydefrag
