#include "driver/examine.h"

namespace pydefrag {

llvm::Expected<Examined> Examine(const CommandLine &line, const Environment &env) {
  llvm::Expected<std::unique_ptr<Analysis>> analysis = Analyze(line, env);
  if (!analysis) {
    return analysis.takeError();
  }
  Examined examined;
  examined.analysis = std::move(*analysis);
  examined.sources =
      std::make_unique<SourceCache>(*examined.analysis->project, *examined.analysis->disk);
  llvm::Expected<Report> report = Check(*examined.analysis, line, env, *examined.sources);
  if (!report) {
    return report.takeError();
  }
  examined.report = std::move(*report);
  return examined;
}

} // namespace pydefrag
