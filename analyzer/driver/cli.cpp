// Which commands and options there are. CLI11 throws; it is caught here. Its own messages are used
// where they are clear; unknown commands, options and values get ours, which name the nearest known
// word. What the words of a value mean is cli_values.
#include "driver/cli.h"

#include "driver/cli_values.h"
#include "report/json/render_json.h"

#include "llvm/ADT/STLExtras.h"

#include <CLI/CLI.hpp>

#include <set>

namespace pydefrag {

namespace {

class Parser {
public:
  Parser();
  ParsedCommandLine Parse(llvm::ArrayRef<const char *> args);
  std::vector<CommandDescription> Describe() const;

private:
  CLI::App *AddCommand(Command command, const char *name, const char *summary);
  void AddPaths(CLI::App *app);
  void AddFormat(CLI::App *app, std::vector<llvm::StringRef> words);
  void AddAnalysisOptions(CLI::App *app);
  void AddTestOptions(CLI::App *app);
  void AddKnownOptions(CLI::App *app);
  void AddRuleOptions(CLI::App *app);
  void AddCheck();
  void AddReport();
  void AddTrace();
  void AddGraph();
  void AddRule();
  void AddWhy();
  void AddInit();
  void AddCompletions();
  void AddLsp();
  void List(CLI::App *app, const char *name, std::vector<std::string> &values, const char *text);

  ParsedCommandLine Convert();
  std::string UnknownWord(llvm::ArrayRef<const char *> args) const;
  ParsedCommandLine UsageError(const std::string &message) const;

  CLI::App app_{
      "Finds where the imports of a Python project have fragmented, broken or gone stale.",
      "pydefrag"};
  std::vector<std::pair<Command, CLI::App *>> commands_;
  CommandLine line_;
  RawValues raw_;
};

} // namespace

CLI::App *Parser::AddCommand(Command command, const char *name, const char *summary) {
  CLI::App *app = app_.add_subcommand(name, summary);
  commands_.push_back({command, app});
  return app;
}

// A list option takes one argument at a time, split at commas, so that PATHs behind it stay PATHs.
void Parser::List(CLI::App *app, const char *name, std::vector<std::string> &values,
                  const char *text) {
  app->add_option(name, values, text)->delimiter(',')->allow_extra_args(false);
}

void Parser::AddPaths(CLI::App *app) {
  app->add_option("PATH", line_.paths, "report only on these files and folders");
}

// `words`: what --format takes; the first is the default.
void Parser::AddFormat(CLI::App *app, std::vector<llvm::StringRef> words) {
  app->add_option("--format", raw_.format, JoinWords(words));
  raw_.formats[app->get_name()] = std::move(words);
}

void Parser::AddAnalysisOptions(CLI::App *app) {
  app->option_defaults()->group("What is analysed");
  app->add_option("--root", line_.root, "the project's folder");
  app->add_option("--config", line_.config, "the configuration file");
  app->add_flag("--isolated", line_.isolated, "no configuration file, no environment");
  app->add_option("--python", line_.python, "environment to resolve third-party imports in");
  app->add_option("--target-version", raw_.target_version, "Python version, such as 3.13");
  List(app, "--exclude", line_.exclude, "patterns of files not to report on");
  app->option_defaults()->group("How it runs");
  app->add_option("-j,--jobs", line_.jobs, "number of threads (default: one per processor)");
  app->add_option("--color", raw_.color, "auto, always or never");
  app->add_flag("-q,--quiet", line_.quiet, "only what was asked for");
  app->add_flag("-v,--verbose", line_.verbose, "every detail");
  app->add_flag("--timing", line_.timing, "seconds and memory per phase on standard error");
}

// What decides how findings are joined with what the tests did.
void Parser::AddTestOptions(CLI::App *app) {
  app->option_defaults()->group("What the tests did");
  app->add_option("--tests", line_.tests,
                  "a report of a test run (JUnit XML, reportlog, JSON, a log...); repeatable")
      ->allow_extra_args(false);
  app->add_option("--plan", line_.plan, "the failures that are expected");
}

// What decides which findings are known, so that only the others are shown.
void Parser::AddKnownOptions(CLI::App *app) {
  app->option_defaults()->group("Which findings are known");
  app->add_option("--baseline", line_.baseline,
                  "findings that are known (default: .pydefrag-baseline.json, if it is there)");
  app->add_flag("--no-baseline", line_.no_baseline, "nothing is known");
  app->add_option("--since", line_.since,
                  "show only what was caused since this commit, anywhere in the project");
}

// What decides which findings there are.
void Parser::AddRuleOptions(CLI::App *app) {
  List(app, "--select", line_.selection.select, "rules to run: codes, code prefixes or names");
  List(app, "--ignore", line_.selection.ignore, "rules to leave out");
  List(app, "--extend-select", line_.selection.extend_select, "rules to run as well");
}

void Parser::AddCheck() {
  CLI::App *app = AddCommand(Command::Check, "check", "find what is wrong with the imports");
  AddPaths(app);
  app->option_defaults()->group("Which rules, and what fails");
  AddRuleOptions(app);
  app->add_option("--fail-on", raw_.fail_on, "least severity that fails: error, warning or note");
  app->add_flag("--exit-zero", line_.exit_zero, "findings do not fail");
  app->option_defaults()->group("Fixes");
  app->add_flag("--fix", line_.fix, "apply the safe fixes");
  app->add_flag("--unsafe-fixes", line_.unsafe_fixes, "with --fix or --diff: the unsafe ones too");
  app->add_flag("--diff", line_.diff, "print what --fix would change, and write nothing");
  app->option_defaults()->group("What is shown");
  app->add_option("--output-format", raw_.output_formats,
                  "FORMAT[=FILE]: " + JoinWords(OutputFormats()) + "; repeatable")
      ->allow_extra_args(false);
  app->add_flag("--all", line_.all, "show every cause and every place");
  app->add_flag("--statistics", line_.statistics, "only count findings by rule");
  app->add_flag("--watch", line_.watch, "check again whenever a file changes");
  app->add_flag("--show-suppressed", line_.show_suppressed, "list silenced findings in JSON too");
  app->add_flag("--show-settings", line_.show_settings, "print the settings in force and stop");
  app->add_flag("--show-files", line_.show_files, "print the files reported on and stop");
  app->add_option("--stdin-filename", line_.stdin_filename,
                  "the file that standard input (PATH `-`) stands for");
  AddKnownOptions(app);
  app->add_flag("--write-baseline", line_.write_baseline, "make all that is found now known");
  app->add_flag("--baseline-strict", line_.baseline_strict,
                "fail when the baseline knows what is no longer found");
  app->add_flag("--pre-commit", line_.pre_commit,
                "in a commit hook: only what the commit adds; nothing to do without Python");
  AddTestOptions(app);
  AddAnalysisOptions(app);
}

void Parser::AddReport() {
  CLI::App *app = AddCommand(Command::Report, "report", "write what check finds as a document");
  AddPaths(app);
  AddFormat(app, {"markdown", "html"});
  app->add_option("-o,--output", line_.output, "the file to write (default: standard output)");
  app->option_defaults()->group("Which rules");
  AddRuleOptions(app);
  app->add_option("--stdin-filename", line_.stdin_filename,
                  "the file that standard input (PATH `-`) stands for");
  AddKnownOptions(app);
  AddTestOptions(app);
  AddAnalysisOptions(app);
}

void Parser::AddTrace() {
  CLI::App *app = AddCommand(Command::Trace, "trace", "show every path to one class or function");
  app->add_option("SYMBOL", line_.subject, "`pkg.mod:Name` or `Name`")->required();
  AddFormat(app, {"tree", "json"});
  app->add_flag("--all", line_.all, "show every place");
  AddAnalysisOptions(app);
}

void Parser::AddGraph() {
  CLI::App *app = AddCommand(Command::Graph, "graph", "print the linked model");
  AddPaths(app);
  AddFormat(app, {"json", "dot", "mermaid"});
  app->add_option("--focus", line_.focus, "dot, mermaid: only what is near this module");
  app->add_option("--depth", line_.depth, "with --focus: how many imports away (default: 1)");
  app->add_option("--collapse", line_.collapse, "dot, mermaid: keep so many parts of each name");
  app->add_option("--stdin-filename", line_.stdin_filename,
                  "the file that standard input (PATH `-`) stands for");
  AddAnalysisOptions(app);
}

void Parser::AddWhy() {
  CLI::App *app = AddCommand(Command::Why, "why", "show how one module comes to import another");
  app->add_option("MODULE", line_.subject, "the module that imports")->required();
  app->add_option("IMPORTED", line_.target, "the module that is imported")->required();
  AddFormat(app, {"text", "json"});
  AddAnalysisOptions(app);
}

void Parser::AddInit() {
  CLI::App *app =
      AddCommand(Command::Init, "init", "write a configuration to start from, for this project");
  app->add_flag("--dry-run", line_.dry_run, "print it, write nothing");
  AddAnalysisOptions(app);
}

void Parser::AddCompletions() {
  CLI::App *app = AddCommand(Command::Completions, "completions", "print completions for a shell");
  app->add_option("SHELL", line_.subject, "bash, zsh or fish")->required();
}

void Parser::AddRule() {
  CLI::App *app = AddCommand(Command::Rule, "rule", "explain a rule, or list them all");
  app->add_option("RULE", line_.subject, "code or name");
  app->add_option("--markdown-dir", line_.markdown_dir,
                  "write every rule's page, and the table, into this folder");
}

void Parser::AddLsp() {
  CLI::App *app = AddCommand(Command::Lsp, "lsp", "language server on standard input and output");
  const std::string stdio = "what editors may add; there is no other way";
  app->add_flag("--stdio", stdio);
  List(app, "--select", line_.selection.select, "rules to run: codes, code prefixes or names");
  List(app, "--ignore", line_.selection.ignore, "rules to leave out");
  AddAnalysisOptions(app);
}

Parser::Parser() {
  app_.set_version_flag("-V,--version", ("pydefrag " + ToolVersion()).str());
  app_.require_subcommand(1);
  app_.footer(
      "Start with `pydefrag check`. `pydefrag COMMAND --help` lists a command's options,\n"
      "`pydefrag rule` the rules. Exit status: 0 nothing that fails, 1 findings, 2 usage or\n"
      "configuration, 3 something could not be read.");
  AddCheck();
  AddReport();
  AddTrace();
  AddWhy();
  AddGraph();
  AddRule();
  AddInit();
  AddCompletions();
  AddLsp();
}

ParsedCommandLine Parser::UsageError(const std::string &message) const {
  return {.command = std::nullopt,
          .text =
              "error: " + message + "\nusage: pydefrag COMMAND [OPTIONS]; try `pydefrag --help`\n",
          .status = 2};
}

// What is wrong with the first word that nobody knows; empty when there is none.
std::string Parser::UnknownWord(llvm::ArrayRef<const char *> args) const {
  std::vector<std::string> names;
  for (const auto &[command, app] : commands_) {
    names.push_back(app->get_name());
  }
  const std::vector<llvm::StringRef> commands(names.begin(), names.end());
  const CLI::App *app = nullptr;
  for (llvm::StringRef arg : args) {
    if (app == nullptr && !arg.starts_with("-")) {
      if (!llvm::is_contained(commands, arg)) {
        return ("unknown command `" + arg + "`" + DidYouMean(arg, commands)).str();
      }
      app = app_.get_subcommand(arg.str());
    } else if (arg.starts_with("--")) {
      const llvm::StringRef name = arg.split('=').first;
      std::set<std::string> known = {"--help"};
      for (const CLI::Option *option : (app ? app : &app_)->get_options()) {
        for (const std::string &word : option->get_lnames()) {
          known.insert("--" + word);
        }
      }
      if (!known.count(name.str())) {
        const std::vector<llvm::StringRef> words(known.begin(), known.end());
        return ("unknown option `" + name + "`" + DidYouMean(name, words)).str();
      }
    }
  }
  return "";
}

// `--since "$BASE"` with nothing in the variable would be no `--since` at all.
static std::string EmptyValue(const CLI::App &app) {
  for (const CLI::Option *option : app.get_options()) {
    if (option->get_items_expected_max() > 0 && llvm::is_contained(option->results(), "")) {
      const std::string name = option->get_name();
      return option->get_positional() ? "an empty " + name : name + " needs a value";
    }
  }
  return "";
}

// The words of CLI11, as ours are.
static std::string InOurWords(llvm::StringRef said) {
  if (said.consume_front("Could not convert: ")) {
    const auto [option, value] = said.split(" = ");
    return (option + " takes a number, not `" + value + "`").str();
  }
  for (llvm::StringRef unexpected : {"The following argument was not expected: ",
                                     "The following arguments were not expected: "}) {
    if (said.consume_front(unexpected)) {
      return ("unexpected argument `" + said + "`").str();
    }
  }
  if (const auto [option, wants] = said.split(": 1 required "); wants.ends_with(" missing")) {
    return (option + " needs a value").str();
  }
  return said.str();
}

ParsedCommandLine Parser::Convert() {
  for (const auto &[command, app] : commands_) {
    if (app->parsed()) {
      line_.command = command;
      raw_.command = app->get_name();
      if (const std::string error = EmptyValue(*app); !error.empty()) {
        return UsageError(error);
      }
    }
  }
  if (const std::string error = ConvertValues(raw_, line_); !error.empty()) {
    return UsageError(error);
  }
  return {.command = std::move(line_), .text = "", .status = 0};
}

ParsedCommandLine Parser::Parse(llvm::ArrayRef<const char *> args) {
  if (args.empty()) {
    return {.command = std::nullopt, .text = app_.help(), .status = 2};
  }
  std::vector<std::string> reversed(args.rbegin(), args.rend()); // as CLI11 wants them
  try {
    app_.parse(std::move(reversed));
  } catch (const CLI::CallForHelp &) {
    const std::vector<CLI::App *> chosen = app_.get_subcommands();
    return {.command = std::nullopt,
            .text = chosen.empty() ? app_.help() : chosen.front()->help(),
            .status = 0};
  } catch (const CLI::CallForVersion &version) {
    return {.command = std::nullopt, .text = version.what() + std::string("\n"), .status = 0};
  } catch (const CLI::ParseError &error) {
    const std::string unknown = UnknownWord(args);
    const llvm::StringRef first = llvm::StringRef(error.what()).split('\n').first;
    return UsageError(unknown.empty() ? InOurWords(first) : unknown);
  }
  return Convert();
}

std::vector<CommandDescription> Parser::Describe() const {
  std::vector<CommandDescription> commands;
  for (const auto &[command, app] : commands_) {
    CommandDescription &description = commands.emplace_back();
    description.name = app->get_name();
    description.help = app->get_description();
    for (const CLI::Option *option : app->get_options()) {
      OptionDescription &row = description.options.emplace_back();
      row.help = option->get_description();
      row.takes_value = option->get_items_expected_max() > 0;
      for (const std::string &name : option->get_lnames()) {
        row.names.push_back("--" + name);
      }
      for (const std::string &name : option->get_snames()) {
        row.names.push_back("-" + name);
      }
    }
  }
  return commands;
}

std::vector<CommandDescription> DescribeCommandLine() {
  return Parser().Describe();
}

ParsedCommandLine ParseCommandLine(llvm::ArrayRef<const char *> args) {
  return Parser().Parse(args);
}

} // namespace pydefrag
