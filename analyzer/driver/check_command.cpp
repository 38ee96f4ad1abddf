// `pydefrag check`: the passes, then each output that was asked for. Standard output holds one
// format; the others go to files, written whole or not at all.
#include "driver/commands.h"
#include "driver/terminal.h"
#include "report/render_concise.h"
#include "report/render_full.h"
#include "report/render_json.h"

#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

static void Render(llvm::raw_ostream &os, OutputFormat format, const Report &report,
                   SourceCache &sources, const CommandLine &line, const FullOptions &options) {
  const SuppressedFindings suppressed =
      line.show_suppressed ? SuppressedFindings::Shown : SuppressedFindings::LeftOut;
  switch (format) {
  case OutputFormat::Full:
    if (line.statistics) {
      RenderStatistics(os, report);
    } else {
      RenderFull(os, report, sources, options);
    }
    return;
  case OutputFormat::Concise:
    RenderConcise(os, report, sources,
                  {.color = options.color, .path_prefix = options.path_prefix});
    return;
  case OutputFormat::Json:
    RenderJson(os, report, sources, suppressed);
    return;
  case OutputFormat::JsonLines:
    RenderJsonLines(os, report, sources, suppressed);
    return;
  }
}

static FullOptions OptionsFor(const CommandLine &line, const Analysis &analysis,
                              const Environment &env) {
  FullOptions options;
  options.color = DecideColor(line.color, env);
  options.path_prefix = analysis.place.path_prefix;
  if (line.quiet) {
    options.how_much = HowMuch::Quiet;
  } else if (line.verbose) {
    options.how_much = HowMuch::Verbose;
  }
  if (line.all) {
    options.max_blocks = 0;
    options.max_sites = 0;
  }
  return options;
}

// The status of the outputs: 0, or 2 when a file could not be written.
static int WriteOutputs(const Report &report, SourceCache &sources, const CommandLine &line,
                        const FullOptions &options, const Environment &env) {
  std::vector<OutputRequest> outputs = line.outputs;
  if (outputs.empty()) {
    outputs.push_back({});
  }
  bool summarised = false;
  for (const OutputRequest &output : outputs) {
    if (output.file.empty()) {
      summarised = summarised || output.format == OutputFormat::Full;
      Render(*env.out, output.format, report, sources, line, options);
      continue;
    }
    FullOptions plain = options;
    plain.color = ColorUse::Off;
    std::string content;
    llvm::raw_string_ostream stream(content);
    Render(stream, output.format, report, sources, line, plain);
    const std::string file = AbsolutePath(output.file, env.cwd);
    if (std::error_code error = env.write_file(file, content)) {
      *env.err << "error: cannot write `" << output.file << "`: " << error.message() << '\n';
      return 2;
    }
  }
  if (!summarised && !line.quiet) {
    FullOptions plain = options;
    plain.color = ColorUse::Off;
    RenderProblems(*env.err, report, plain);
    *env.err << SummaryLine(report) << '\n';
  }
  return 0;
}

static void ShowSettings(const Analysis &analysis, const CommandLine &line,
                         const Environment &env) {
  llvm::raw_ostream &os = *env.out;
  const Config &config = analysis.config;
  const Project &project = *analysis.project;
  os << "root = " << analysis.place.shown << " (" << analysis.place.because << ")\n"
     << "config = " << (config.file.empty() ? "none" : config.file) << '\n'
     << "environment = " << (project.environment.empty() ? "none" : project.environment) << '\n'
     << "target-version = " << project.target.major << '.' << project.target.minor << '\n';
  for (const SourceRoot &root : project.roots) {
    os << "source-root = " << (root.path.empty() ? "." : root.path) << " (" << root.because
       << ")\n";
  }
  for (const std::string &pattern : config.exclude) {
    os << "exclude = " << pattern << '\n';
  }
  os << "fail-on = "
     << SeverityName(line.fail_on.value_or(config.fail_on.value_or(Severity::Error))) << '\n';
  for (const auto &[rule, severity] : PlanRules(line.selection, config).rules) {
    os << "rule = " << rule->meta.code << ' ' << rule->meta.name << ' ' << SeverityName(severity)
       << '\n';
  }
}

static void ShowFiles(const Analysis &analysis, const Environment &env) {
  for (const DiscoveredFile &file : analysis.discovery.files) {
    if (file.kind == FileKind::Source && file.reported &&
        IsInPaths(file.path, analysis.place.paths)) {
      *env.out << analysis.place.path_prefix << file.path << '\n';
    }
  }
}

int RunCheck(const CommandLine &line, const Environment &env) {
  llvm::Expected<std::unique_ptr<Analysis>> analyzed = Analyze(line, env);
  if (!analyzed) {
    return PrintError(env, analyzed.takeError());
  }
  Analysis &analysis = **analyzed;
  SourceCache sources(*analysis.project, *analysis.disk);
  llvm::Expected<Report> report = Check(analysis, line, env, sources);
  if (!report) {
    return PrintError(env, report.takeError());
  }
  if (line.show_settings) {
    ShowSettings(analysis, line, env);
    return 0;
  }
  if (line.show_files) {
    ShowFiles(analysis, env);
    return 0;
  }
  const double start = env.seconds();
  const int status = WriteOutputs(*report, sources, line, OptionsFor(line, analysis, env), env);
  analysis.times.push_back({"render", env.seconds() - start});
  if (line.timing) {
    PrintTimes(env, analysis);
  }
  return status != 0 ? status : report->exit_status;
}

} // namespace pydefrag
