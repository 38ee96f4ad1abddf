#include "driver/join_tests.h"

#include "driver/locate.h"
#include "join/join.h"

namespace pydefrag {

static llvm::Error AddReports(const Analysis &analysis, const CommandLine &line,
                              const Environment &env, JoinInput &input) {
  for (const std::string &report : line.tests) {
    const std::string path = AbsolutePath(report, env.cwd);
    if (!analysis.disk->IsFile(path) && !analysis.disk->IsDirectory(path)) {
      return llvm::createStringError("--tests: no such file `" + report + "`");
    }
    input.reports.push_back(path);
  }
  return llvm::Error::success();
}

// Reports by the names that the user gave them.
static void Rename(const CommandLine &line, const JoinInput &input, Joined &joined) {
  auto shown = [&](std::string &path) {
    for (size_t i = 0; i < input.reports.size(); ++i) {
      path = path == input.reports[i] ? line.tests[i] : path;
    }
  };
  for (SourceRead &source : joined.run.sources) {
    shown(source.path);
  }
  for (auto *recorded : {&joined.run.revision, &joined.run.branch, &joined.run.python,
                         &joined.run.framework, &joined.run.platform, &joined.run.host}) {
    if (*recorded) {
      shown((*recorded)->from);
    }
  }
  for (Recorded &declared : joined.run.declared) {
    shown(declared.from);
  }
  for (Problem &problem : joined.problems) {
    shown(problem.path);
  }
}

llvm::Error JoinTests(const Analysis &analysis, const CommandLine &line, const Environment &env,
                      Report &report) {
  JoinInput input;
  input.project = analysis.project.get();
  input.config = &analysis.config;
  input.settings = &analysis.settings;
  input.disk = analysis.disk;
  input.today = env.today ? env.today() : "";
  if (llvm::Error error = AddReports(analysis, line, env, input)) {
    return error;
  }
  if (!line.plan.empty()) {
    llvm::Expected<Plan> plan = LoadPlan(*analysis.disk, AbsolutePath(line.plan, env.cwd));
    if (!plan) {
      return plan.takeError();
    }
    input.plan = std::move(*plan);
    input.plan.path = line.plan;
  }
  std::vector<Finding *> findings;
  for (Finding &finding : report.findings) {
    findings.push_back(&finding);
  }
  for (Finding &finding : report.suppressed) {
    findings.push_back(&finding);
  }
  report.joined = JoinOutcomes(input, findings);
  Rename(line, input, report.joined);
  report.problems.insert(report.problems.end(), report.joined.problems.begin(),
                         report.joined.problems.end());
  for (const Problem &problem : report.joined.problems) {
    report.complete = report.complete && !MakesIncomplete(problem.kind);
  }
  return llvm::Error::success();
}

} // namespace pydefrag
