// The command line as a value. Entry point: ParseCommandLine. The only file that includes CLI11.
#pragma once

#include "check/run.h"
#include "config/config.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

enum class Command : uint8_t { Check, Report, Trace, Why, Graph, Rule, Init, Lsp, Completions };
enum class ColorWhen : uint8_t { Auto, Always, Never };
enum class OutputFormat : uint8_t {
  Full,
  Concise,
  Grouped,
  Json,
  JsonLines,
  Sarif,
  Github,
  Gitlab,
  Rdjson,
  Junit,
  Markdown
};

struct OutputRequest {
  OutputFormat format = OutputFormat::Full;
  std::string file; // empty: standard output
};

struct CommandLine {
  Command command = Command::Check;
  std::vector<std::string> paths; // as written; "-" stands for standard input
  std::string subject; // trace: the symbol; rule: code or name; why: a module; completions: a shell
  std::string target;  // why: the other module
  // What is analysed.
  std::string root, config, python, stdin_filename;
  std::vector<std::string> exclude;
  std::optional<PythonVersion> target_version;
  unsigned jobs = 0;
  bool isolated = false;
  // Which rules.
  Selection selection;
  std::optional<Severity> fail_on;
  bool exit_zero = false;
  // Which findings are known.
  std::string baseline, since;
  bool no_baseline = false; // whatever the configuration says
  bool write_baseline = false;
  bool baseline_strict = false;
  bool pre_commit = false;
  bool of_commit = false; // with `since`, not an option: what is staged is compared
  // What the tests did.
  std::vector<std::string> tests; // reports, as written
  std::string plan;               // expected failures, as written
  // What is done about it.
  bool fix = false;          // write the files with fixes applied
  bool unsafe_fixes = false; // also those that are not sure
  bool diff = false;         // print what would be written, write nothing
  // How it is shown.
  std::vector<OutputRequest> outputs; // check
  std::string format;                 // report, trace, graph: --format, never empty
  std::string output;                 // report: the file to write; empty: standard output
  bool all = false;
  bool statistics = false;
  bool show_suppressed = false;
  bool show_settings = false;
  bool show_files = false;
  bool watch = false;
  bool quiet = false;
  bool verbose = false;
  bool timing = false;
  ColorWhen color = ColorWhen::Auto;
  std::string markdown_dir; // rule: write all pages there
  // graph as a picture
  std::string focus;
  unsigned depth = 1;
  unsigned collapse = 0;
  bool dry_run = false; // init
};

struct ParsedCommandLine {
  std::optional<CommandLine> command; // nothing: print `text` and end with `status`
  std::string text;
  int status = 0; // 0: help or version, for standard output; 2: usage error, for standard error
};

// `args` without the program's own name.
ParsedCommandLine ParseCommandLine(llvm::ArrayRef<const char *> args);

// What the command line is made of, for shell completions.
struct OptionDescription {
  std::vector<std::string> names; // "--format", "-q"; empty: a positional argument
  std::string help;
  bool takes_value = false;
};
struct CommandDescription {
  std::string name;
  std::string help;
  std::vector<OptionDescription> options;
};
std::vector<CommandDescription> DescribeCommandLine();

// "; did you mean `x`?", or nothing.
std::string DidYouMean(llvm::StringRef word, llvm::ArrayRef<llvm::StringRef> known);

} // namespace pydefrag
