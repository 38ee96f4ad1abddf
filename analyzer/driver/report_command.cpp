// `pydefrag report`: the passes of `check`, rendered as a document for people. Findings do not make
// it fail: that is `check`'s business.
#include "driver/commands.h"
#include "driver/examine.h"
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
  llvm::Expected<Examined> examined = Examine(line, env);
  if (!examined) {
    return PrintError(env, examined.takeError());
  }
  Analysis &analysis = *examined->analysis;
  Stopwatch watch(env, analysis.times);
  const std::string text = Render(examined->report, *examined->sources, line);
  if (line.output.empty()) {
    *env.out << text;
  } else if (std::error_code error = env.write_file(AbsolutePath(line.output, env.cwd), text)) {
    *env.err << "error: cannot write `" << line.output << "`: " << error.message() << '\n';
    return 2;
  } else if (!line.quiet) {
    *env.err << "Wrote " << line.output << ".\n";
  }
  watch.Lap("render");
  if (line.timing) {
    PrintTimes(env, analysis);
  }
  return examined->report.complete ? 0 : 3;
}

} // namespace pydefrag
