// `pydefrag check`: the passes, then each output that was asked for.
#include "driver/commands.h"
#include "driver/examine.h"
#include "driver/fix_command.h"
#include "driver/outputs.h"
#include "driver/pre_commit.h"
#include "driver/terminal.h"
#include "driver/watch.h"

#include "llvm/Support/BuryPointer.h"

namespace pydefrag {

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
      *env.out << analysis.place.path_prefix + file.path << '\n';
    }
  }
}

// A module that is there and is not found needs a word.
static void NameUntracked(const std::vector<std::string> &untracked, const Environment &env) {
  *env.err << "note: not part of the commit: " << untracked.front();
  if (const size_t more = untracked.size() - 1; more > 0) {
    *env.err << " and " << more << " more untracked " << (more == 1 ? "file" : "files");
  }
  *env.err << '\n';
}

static int RunHook(const CommandLine &line, const Environment &env) {
  llvm::Expected<HookPlan> plan = PlanHook(line, env);
  if (!plan) {
    return PrintError(env, plan.takeError());
  }
  if (plan->nothing_to_do) {
    return 0;
  }
  CommandLine changed = line;
  changed.pre_commit = false;
  changed.since = plan->since;
  if (changed.outputs.empty()) {
    changed.outputs.push_back({.format = OutputFormat::Concise, .file = ""});
  }
  if (!plan->of_commit || line.fix || line.diff) { // these speak of what lies on the disk
    return RunCheck(changed, env);
  }
  llvm::Expected<StagedTree> staged = MakeStagedTree(line, env);
  if (!staged) {
    return PrintError(env, staged.takeError());
  }
  changed.of_commit = true;
  Environment of_commit = env;
  of_commit.disk = staged->disks.disk.get();
  const int status = RunCheck(changed, of_commit);
  if (status == 1 && !line.quiet && !staged->untracked.empty()) {
    NameUntracked(staged->untracked, env);
  }
  return status;
}

int RunCheck(const CommandLine &line, const Environment &env) {
  if (line.pre_commit) {
    return RunHook(line, env);
  }
  if (line.watch) {
    return RunWatch(line, env);
  }
  if (line.fix || line.diff) {
    return RunFix(line, env);
  }
  llvm::Expected<Examined> examined = Examine(line, env);
  if (!examined) {
    return PrintError(env, examined.takeError());
  }
  Analysis &analysis = *examined->analysis;
  if (line.show_settings) {
    ShowSettings(analysis, line, env);
    return 0;
  }
  if (line.show_files) {
    ShowFiles(analysis, env);
    return 0;
  }
  Stopwatch watch(env, analysis.times);
  const int status = WriteOutputs(examined->report, *examined->sources, line, analysis.place, env);
  watch.Lap("render");
  if (line.timing) {
    PrintTimes(env, analysis);
  }
  if (env.ends_with_command) {
    llvm::BuryPointer(std::move(examined->analysis));
  }
  return status != 0 ? status : examined->report.exit_status;
}

} // namespace pydefrag
