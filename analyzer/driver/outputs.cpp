// One row of kRenderers per format; a format is added by its function, its row and its word in
// cli_values.
#include "driver/outputs.h"

#include "driver/terminal.h"
#include "report/ci/render_github.h"
#include "report/ci/render_gitlab.h"
#include "report/ci/render_junit.h"
#include "report/ci/render_rdjson.h"
#include "report/ci/render_sarif.h"
#include "report/json/render_json.h"
#include "report/text/render_concise.h"
#include "report/text/render_full.h"
#include "report/text/render_grouped.h"
#include "report/text/render_markdown.h"

namespace pydefrag {

namespace {

// What the renderers choose from.
struct RenderInput {
  const Report &report;
  SourceCache &sources;
  const CommandLine &line;
  FullOptions options;           // its path_prefix leads from the working directory to the root
  std::string repository_prefix; // leads from the repository's folder to the root

  SuppressedFindings suppressed() const {
    return line.show_suppressed ? SuppressedFindings::Shown : SuppressedFindings::LeftOut;
  }
};

} // namespace

static void Full(llvm::raw_ostream &os, const RenderInput &input) {
  if (input.line.statistics) {
    RenderStatistics(os, input.report);
  } else {
    RenderFull(os, input.report, input.sources, input.options);
  }
}

static void Concise(llvm::raw_ostream &os, const RenderInput &input) {
  RenderConcise(os, input.report, input.sources,
                {.color = input.options.color, .path_prefix = input.options.path_prefix});
}

static void Grouped(llvm::raw_ostream &os, const RenderInput &input) {
  RenderGrouped(os, input.report, input.sources,
                {.color = input.options.color, .path_prefix = input.options.path_prefix});
}

static void Json(llvm::raw_ostream &os, const RenderInput &input) {
  RenderJson(os, input.report, input.sources, input.suppressed());
}

static void JsonLines(llvm::raw_ostream &os, const RenderInput &input) {
  RenderJsonLines(os, input.report, input.sources, input.suppressed());
}

static void Sarif(llvm::raw_ostream &os, const RenderInput &input) {
  RenderSarif(os, input.report, input.sources, input.repository_prefix, input.suppressed());
}

static void Github(llvm::raw_ostream &os, const RenderInput &input) {
  RenderGithub(os, input.report, input.sources, input.repository_prefix);
}

static void Gitlab(llvm::raw_ostream &os, const RenderInput &input) {
  RenderGitlab(os, input.report, input.sources, input.repository_prefix);
}

static void Rdjson(llvm::raw_ostream &os, const RenderInput &input) {
  RenderRdjson(os, input.report, input.sources, input.options.path_prefix.way());
}

static void Junit(llvm::raw_ostream &os, const RenderInput &input) {
  RenderJunit(os, input.report, input.sources, input.options.path_prefix.way());
}

static void Markdown(llvm::raw_ostream &os, const RenderInput &input) {
  RenderMarkdown(os, input.report, input.sources, input.repository_prefix);
}

using Renderer = void (*)(llvm::raw_ostream &os, const RenderInput &input);
// In the order of OutputFormat.
static constexpr Renderer kRenderers[] = {Full,   Concise, Grouped, Json,  JsonLines, Sarif,
                                          Github, Gitlab,  Rdjson,  Junit, Markdown};

static void Render(llvm::raw_ostream &os, OutputFormat format, const RenderInput &input) {
  kRenderers[static_cast<size_t>(format)](os, input);
}

static FullOptions OptionsFor(const CommandLine &line, const ProjectPlace &place,
                              const Environment &env) {
  FullOptions options;
  options.color = DecideColor(line.color, env);
  options.path_prefix = place.path_prefix;
  options.links = DecideLinks(options.color, env);
  options.width = SourceWidth(env);
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

static std::error_code WriteToFile(const std::string &file, OutputFormat format,
                                   const RenderInput &input, const Environment &env) {
  auto write = [&](llvm::raw_ostream &os) { Render(os, format, input); };
  if (env.stream_file) {
    return env.stream_file(file, write);
  }
  std::string content;
  llvm::raw_string_ostream stream(content);
  write(stream);
  return env.write_file(file, content);
}

int WriteOutputs(const Report &report, SourceCache &sources, const CommandLine &line,
                 const ProjectPlace &place, const Environment &env) {
  const RenderInput input{.report = report,
                          .sources = sources,
                          .line = line,
                          .options = OptionsFor(line, place, env),
                          .repository_prefix = RepositoryPrefix(place.root, *env.disk)};
  RenderInput plain = input;
  plain.options.color = ColorUse::Off;
  plain.options.links = false;
  plain.options.width = FullOptions().width;
  std::vector<OutputRequest> outputs = line.outputs;
  if (outputs.empty()) {
    outputs.push_back({});
  }
  bool summarised = false;
  for (const OutputRequest &output : outputs) {
    if (output.file.empty()) {
      summarised = summarised || output.format == OutputFormat::Full;
      Render(*env.out, output.format, input);
      continue;
    }
    const std::string file = AbsolutePath(output.file, env.cwd);
    if (std::error_code error = WriteToFile(file, output.format, plain, env)) {
      *env.err << "error: cannot write `" << output.file << "`: " << error.message() << '\n';
      return 2;
    }
  }
  if (!summarised && !line.quiet) {
    RenderProblems(*env.err, report, plain.options);
    *env.err << SummaryLine(report) << '\n';
    RenderKnown(*env.err, report, plain.options.how_much);
  } else if (!summarised && !report.complete) { // a status of 3 needs a reason
    RenderProblems(*env.err, report, plain.options);
  }
  return 0;
}

} // namespace pydefrag
