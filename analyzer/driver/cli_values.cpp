#include "driver/cli_values.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {

// In the order of OutputFormat.
static constexpr llvm::StringRef kOutputFormats[] = {"full",       "concise", "grouped", "json",
                                                     "json-lines", "sarif",   "github",  "gitlab",
                                                     "rdjson",     "junit",   "markdown"};

std::string DidYouMean(llvm::StringRef word, llvm::ArrayRef<llvm::StringRef> known) {
  unsigned best = static_cast<unsigned>(word.size() / 3 + 2);
  llvm::StringRef nearest;
  for (llvm::StringRef candidate : known) {
    const unsigned distance = word.edit_distance(candidate, true, best);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest.empty() ? "" : ("; did you mean `" + nearest + "`?").str();
}

std::string JoinWords(llvm::ArrayRef<llvm::StringRef> words) {
  std::string text = words.front().str();
  for (size_t i = 1; i < words.size(); ++i) {
    text += (llvm::StringRef(i + 1 < words.size() ? ", " : " or ") + words[i]).str();
  }
  return text;
}

llvm::ArrayRef<llvm::StringRef> OutputFormats() {
  return kOutputFormats;
}

static std::string ConvertOutputs(const RawValues &raw, CommandLine &line) {
  size_t on_stdout = 0;
  for (llvm::StringRef request : raw.output_formats) {
    const auto [word, file] = request.split('=');
    const auto *const format = llvm::find(kOutputFormats, word);
    if (format == std::end(kOutputFormats)) {
      return ("unknown output format `" + word + "`" + DidYouMean(word, kOutputFormats)).str();
    }
    if (request.contains('=') && file.empty()) {
      return ("no file after `" + request + "`").str();
    }
    on_stdout += file.empty() ? 1 : 0;
    line.outputs.push_back(
        {.format = static_cast<OutputFormat>(format - kOutputFormats), .file = file.str()});
  }
  if (on_stdout > 1) {
    return "only one output format can go to standard output; write the others as FORMAT=FILE";
  }
  return "";
}

static std::string ConvertFailOn(const RawValues &raw, CommandLine &line) {
  if (!raw.fail_on.empty()) {
    line.fail_on = ParseSeverity(raw.fail_on);
    if (!line.fail_on || *line.fail_on == Severity::Off) {
      return "--fail-on takes error, warning or note, not `" + raw.fail_on + "`";
    }
  }
  return "";
}

static std::string ConvertTargetVersion(const RawValues &raw, CommandLine &line) {
  if (!raw.target_version.empty()) {
    line.target_version = ParsePythonVersion(raw.target_version);
    if (!line.target_version || line.target_version->major != 3) {
      return "--target-version takes a version such as 3.13, not `" + raw.target_version + "`";
    }
  }
  return "";
}

static std::string ConvertColor(const RawValues &raw, CommandLine &line) {
  constexpr llvm::StringRef words[] = {"auto", "always", "never"}; // in the order of ColorWhen
  const auto *const word = llvm::find(words, raw.color);
  if (word == std::end(words)) {
    return "--color takes auto, always or never, not `" + raw.color + "`";
  }
  line.color = static_cast<ColorWhen>(word - words);
  return "";
}

static std::string ConvertFormat(const RawValues &raw, CommandLine &line) {
  const auto known = raw.formats.find(raw.command);
  if (known == raw.formats.end()) {
    return "";
  }
  const std::vector<llvm::StringRef> &words = known->second;
  if (!raw.format.empty() && !llvm::is_contained(words, raw.format)) {
    return "--format takes " + JoinWords(words) + ", not `" + raw.format + "`";
  }
  line.format = raw.format.empty() ? words.front().str() : raw.format;
  return "";
}

static std::string CheckStandardInput(const RawValues &, CommandLine &line) {
  if (line.unsafe_fixes && !line.fix && !line.diff) {
    return "--unsafe-fixes goes with --fix or --diff";
  }
  const bool reads_stdin = llvm::is_contained(line.paths, "-");
  if (reads_stdin != !line.stdin_filename.empty()) {
    return "--stdin-filename and PATH `-` go together";
  }
  if (reads_stdin && line.paths.size() > 1) {
    return "`-` cannot be combined with other PATHs";
  }
  return "";
}

// More threads than any machine has processors, and more than some can start.
constexpr unsigned kMostJobs = 256;

static std::string LimitJobs(const RawValues &, CommandLine &line) {
  line.jobs = std::min(line.jobs, kMostJobs);
  return "";
}

// What would be ignored in silence is an error.
static std::string CheckCombinations(const RawValues &, CommandLine &line) {
  const bool picture = line.format == "dot" || line.format == "mermaid";
  if (!picture && (!line.focus.empty() || line.collapse > 0)) {
    return "--focus and --collapse need --format dot or mermaid";
  }
  const std::pair<bool, const char *> alone[] = {{line.fix, "--fix"},
                                                 {line.diff, "--diff"},
                                                 {line.write_baseline, "--write-baseline"},
                                                 {line.pre_commit, "--pre-commit"},
                                                 {!line.stdin_filename.empty(), "PATH `-`"}};
  for (const auto &[given, name] : alone) {
    if (line.watch && given) {
      return std::string("--watch and ") + name + " do not go together";
    }
  }
  if (line.write_baseline &&
      (line.fix || line.diff)) { // all would be known, and nothing left to fix
    return std::string(line.fix ? "--fix" : "--diff") + " and --write-baseline do not go together";
  }
  if (line.diff && !line.outputs.empty()) {
    return "--diff and --output-format do not go together";
  }
  if (line.no_baseline && (line.write_baseline || !line.baseline.empty())) {
    return "--no-baseline and --" + std::string(line.write_baseline ? "write-" : "") +
           "baseline do not go together";
  }
  return "";
}

std::string ConvertValues(const RawValues &raw, CommandLine &line) {
  for (auto *convert : {ConvertOutputs, ConvertFailOn, ConvertTargetVersion, ConvertColor,
                        ConvertFormat, LimitJobs, CheckStandardInput, CheckCombinations}) {
    if (std::string error = convert(raw, line); !error.empty()) {
      return error;
    }
  }
  return "";
}

} // namespace pydefrag
