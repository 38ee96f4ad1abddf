// `pydefrag report`: the passes of `check`, rendered as a document for people. Findings do not make
// it fail: that is `check`'s business.
#include "driver/commands.h"
#include "driver/terminal.h"
#include "page/html.h"
#include "page/markdown.h"

namespace pydefrag {

static std::string Render(const Report &report, SourceCache &sources, const CommandLine &line) {
  const Page page = BuildPage(report, sources, {.jobs = line.jobs});
  std::string text;
  llvm::raw_string_ostream os(text);
  if (line.format == "html") {
    RenderHtml(os, page);
  } else {
    RenderMarkdownReport(os, page);
  }
  return text;
}

int RunReport(const CommandLine &line, const Environment &env) {
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
  const double start = env.seconds();
  const std::string text = Render(*report, sources, line);
  if (line.output.empty()) {
    *env.out << text;
  } else if (std::error_code error = env.write_file(AbsolutePath(line.output, env.cwd), text)) {
    *env.err << "error: cannot write `" << line.output << "`: " << error.message() << '\n';
    return 2;
  } else if (!line.quiet) {
    *env.err << "Wrote " << line.output << ".\n";
  }
  analysis.times.push_back({"render", env.seconds() - start});
  if (line.timing) {
    PrintTimes(env, analysis);
  }
  return report->complete ? 0 : 3;
}

} // namespace pydefrag
