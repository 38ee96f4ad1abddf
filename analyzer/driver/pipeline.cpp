#include "driver/pipeline.h"

#include "base/parallel.h"
#include "driver/join_tests.h"
#include "driver/known.h"
#include "driver/progress.h"
#include "driver/settings_check.h"
#include "fix/prepare.h"
#include "report/suppress.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace pydefrag {

Stopwatch::Stopwatch(const Environment &env, std::vector<PhaseTime> &times)
    : env_(env), times_(times), last_(env.seconds()) {}

void Stopwatch::Lap(const char *phase) {
  const double now = env_.seconds();
  times_.push_back({phase, now - last_, env_.memory ? env_.memory() : 0});
  last_ = now;
}

// Lays standard input over the file it stands for.
static void UseDisk(Analysis &analysis, const CommandLine &line, const Environment &env) {
  analysis.disk = env.disk;
  if (!line.stdin_filename.empty()) {
    const MemoryFile buffer{AbsolutePath(line.stdin_filename, env.cwd), env.read_stdin()};
    analysis.overlay = MakeOverlayDisk(*env.disk, buffer);
    analysis.disk = analysis.overlay.get();
  }
}

static llvm::Error ReadConfig(Analysis &analysis, const CommandLine &line, const Environment &env) {
  if (!line.isolated || !line.config.empty()) {
    const std::string file = line.config.empty() ? "" : AbsolutePath(line.config, env.cwd);
    llvm::Expected<Config> config = LoadConfig(*analysis.disk, analysis.place.root, file);
    if (!config) {
      return config.takeError();
    }
    analysis.config = std::move(*config);
  }
  if (line.target_version) {
    analysis.config.target_version = line.target_version;
  }
  analysis.config.exclude.insert(analysis.config.exclude.end(), line.exclude.begin(),
                                 line.exclude.end());
  return llvm::Error::success();
}

static Scanned ScanSources(const Analysis &analysis, const CommandLine &line,
                           const Environment &env) {
  std::vector<std::string> paths;
  for (const DiscoveredFile &file : analysis.discovery.files) {
    if (file.kind == FileKind::Source) {
      paths.push_back(file.path);
    }
  }
  Progress progress(env, env.err_is_terminal && !line.quiet ? ProgressUse::On : ProgressUse::Off);
  auto update = [&](size_t done, size_t total) { progress.Update(done, total); };
  llvm::function_ref<void(size_t, size_t)> callback = update;
  ScanOptions options;
  options.root = analysis.place.root;
  options.jobs = line.jobs;
  options.hash_contents = line.fix || line.diff;
  options.progress = &callback;
  Scanned scanned;
  ScanFiles(*analysis.disk, paths, options, scanned);
  return scanned;
}

static void Measure(Analysis &analysis) {
  const Project &project = *analysis.project;
  analysis.stats.files = project.module_of_file.size();
  for (size_t i = 0; i < analysis.stats.files; ++i) {
    analysis.stats.lines += project.scanned.facts[FileId(i)].lines;
    analysis.stats.bytes += project.scanned.facts[FileId(i)].bytes;
  }
  analysis.stats.modules = static_cast<size_t>(
      llvm::count_if(project.modules, [](const Module &module) { return module.first_party; }));
}

static void CollectProblems(Analysis &analysis) {
  std::vector<Problem> &all = analysis.problems;
  for (const std::vector<Problem> *some :
       {&analysis.discovery.problems, &analysis.settings.problems,
        &analysis.project->scanned.problems, &analysis.project->problems}) {
    all.insert(all.end(), some->begin(), some->end());
  }
  llvm::append_range(
      all, CheckSettings(analysis.config, *analysis.project, *analysis.disk, analysis.place.root));
  const bool said = llvm::any_of(
      all, [](const Problem &problem) { return problem.kind == ProblemKind::NoSources; });
  if (analysis.project->module_of_file.empty() && !said) {
    all.push_back({.kind = ProblemKind::NoSources,
                   .path = "",
                   .line = 0,
                   .message = "no Python file below `" + analysis.place.shown + "`"});
  }
  auto key = [](const Problem &p) { return std::tie(p.path, p.line, p.kind, p.message); };
  llvm::sort(all, [&](const Problem &a, const Problem &b) { return key(a) < key(b); });
  all.erase(std::unique(all.begin(), all.end(),
                        [&](const Problem &a, const Problem &b) { return key(a) == key(b); }),
            all.end());
}

// Everything that can keep an analysis from starting. Returns the environment's folder.
static llvm::Expected<std::string> Prepare(Analysis &analysis, const CommandLine &line,
                                           const Environment &env, const Config *config) {
  llvm::Expected<ProjectPlace> place = LocateProject(line, env);
  if (!place) {
    return place.takeError();
  }
  analysis.place = std::move(*place);
  UseDisk(analysis, line, env);
  if (config) {
    analysis.config = *config;
  } else if (llvm::Error error = ReadConfig(analysis, line, env)) {
    return error;
  }
  return LocateEnvironment(line, analysis.config, analysis.place.root, env);
}

static LinkInput InputFor(const Analysis &analysis, const CommandLine &line) {
  LinkInput input;
  input.root = analysis.place.root;
  input.discovery = &analysis.discovery;
  input.settings = &analysis.settings;
  input.config = &analysis.config;
  input.disk = analysis.disk;
  input.target = analysis.config.target_version.value_or(PythonVersion{});
  input.jobs = line.jobs;
  input.all_paths = line.command != Command::Check;
  return input;
}

llvm::Expected<std::unique_ptr<Analysis>> Analyze(const CommandLine &line, const Environment &env,
                                                  const Config *config) {
  auto analysis = std::make_unique<Analysis>();
  const double start = env.seconds();
  Stopwatch watch(env, analysis->times);
  llvm::Expected<std::string> python = Prepare(*analysis, line, env, config);
  if (!python) {
    return python.takeError();
  }
  watch.Lap("prepare");
  if (!line.since.empty()) {
    llvm::Expected<EarlierFindings> earlier =
        FindEarlier(line, env, analysis->place, analysis->config);
    if (!earlier) {
      return earlier.takeError();
    }
    analysis->earlier = std::move(*earlier);
    watch.Lap("earlier");
  }
  analysis->discovery = Discover(*analysis->disk, {.root = analysis->place.root,
                                                   .exclude = analysis->config.exclude,
                                                   .named = analysis->place.paths,
                                                   .jobs = line.jobs});
  watch.Lap("discover");
  analysis->settings =
      ReadProjectSettings(*analysis->disk, analysis->place.root, analysis->discovery);
  watch.Lap("settings");
  LinkInput input = InputFor(*analysis, line);
  input.environment = *python;
  input.scanned = ScanSources(*analysis, line, env);
  watch.Lap("scan");
  analysis->project = Link(std::move(input));
  watch.Lap("link");
  Measure(*analysis);
  CollectProblems(*analysis);
  analysis->stats.seconds = env.seconds() - start;
  return analysis;
}

// Facts of `paths` as they are now take the place of the old ones; what was read of the environment
// is dropped, since linking reads it again.
static void Rescan(Scanned &scanned, size_t file_count, llvm::ArrayRef<std::string> paths,
                   const Analysis &analysis, const CommandLine &line) {
  scanned.paths.resize(file_count);
  scanned.facts.resize(file_count);
  llvm::erase_if(scanned.problems, [&](const Problem &problem) {
    return llvm::is_contained(paths, problem.path) ||
           !std::binary_search(scanned.paths.begin(), scanned.paths.end(), problem.path);
  });
  std::vector<std::string> sorted(paths.begin(), paths.end());
  llvm::sort(sorted);
  ScanOptions options;
  options.root = analysis.place.root;
  options.jobs = line.jobs;
  ScanFiles(*analysis.disk, sorted, options, scanned);
  for (size_t i = 0; i < sorted.size(); ++i) {
    const auto place = llvm::lower_bound(
        llvm::make_range(scanned.paths.begin(),
                         scanned.paths.begin() + static_cast<std::ptrdiff_t>(file_count)),
        sorted[i]);
    scanned.facts[FileId(static_cast<size_t>(place - scanned.paths.begin()))] =
        std::move(scanned.facts[FileId(file_count + i)]);
  }
  scanned.paths.resize(file_count);
  scanned.facts.resize(file_count);
}

std::unique_ptr<Analysis> CopyForReanalysis(const Analysis &analysis) {
  auto copy = std::make_unique<Analysis>();
  copy->place = analysis.place;
  copy->config = analysis.config;
  copy->earlier = analysis.earlier;
  copy->discovery = analysis.discovery;
  copy->settings = analysis.settings;
  copy->project = std::make_unique<Project>();
  const Project &project = *analysis.project;
  copy->project->environment = project.environment;
  copy->project->file_count = project.file_count;
  const Scanned &from = project.scanned;
  Scanned &to = copy->project->scanned;
  to.syntax = from.syntax;
  to.problems = from.problems;
  to.paths.resize(project.file_count);
  to.facts.resize(project.file_count);
  ParallelFor(project.file_count + 1, 0, 256, [&](size_t i) {
    if (i == project.file_count) { // names are numbered in the order they come in
      for (size_t name = 0; name < from.names.size(); ++name) {
        to.names.Intern(from.names.Text(NameId(name)));
      }
      return;
    }
    to.paths[FileId(i)] = from.paths[FileId(i)];
    to.facts[FileId(i)] = from.facts[FileId(i)];
  });
  return copy;
}

std::unique_ptr<Analysis> Reanalyze(std::unique_ptr<Analysis> before,
                                    llvm::ArrayRef<std::string> paths, const CommandLine &line,
                                    const Environment &env) {
  const double start = env.seconds();
  before->times.clear();
  Stopwatch watch(env, before->times);
  before->disk = env.disk;
  before->problems.clear();
  LinkInput input = InputFor(*before, line);
  input.environment = before->project->environment;
  const size_t file_count = before->project->file_count;
  input.scanned = std::move(before->project->scanned);
  before->project.reset();
  Rescan(input.scanned, file_count, paths, *before, line);
  watch.Lap("scan");
  before->project = Link(std::move(input));
  watch.Lap("link");
  before->stats = {};
  Measure(*before);
  CollectProblems(*before);
  before->stats.seconds = env.seconds() - start;
  return before;
}

static void KeepPaths(std::vector<Finding> &findings, const Project &project,
                      const std::vector<std::string> &paths) {
  llvm::erase_if(findings, [&](const Finding &finding) {
    return !IsInPaths(project.PathOf(finding.where.file), paths);
  });
}

static int ExitStatus(const Report &report, const CommandLine &line) {
  if (!report.complete) {
    return 3;
  }
  if (line.baseline_strict && !report.known.stale.empty()) {
    return 1;
  }
  const bool fails =
      llvm::any_of(report.findings, [&](const Finding &finding) { return Fails(report, finding); });
  return fails && !line.exit_zero ? 1 : 0;
}

// Puts what `more` holds behind what `all` holds, and sorts.
static void Merge(std::vector<Finding> &all, std::vector<Finding> more) {
  llvm::move(more, std::back_inserter(all));
  llvm::stable_sort(all, FindingBefore);
}

// What the report says of the run as a whole.
static Report EmptyReport(const Analysis &analysis) {
  Report report;
  report.project = analysis.project.get();
  report.disk = analysis.disk;
  report.paths = analysis.place.paths;
  report.problems = analysis.problems;
  report.root_shown = analysis.place.shown;
  report.root_because = analysis.place.because;
  report.stats = analysis.stats;
  report.complete = llvm::none_of(
      report.problems, [](const Problem &problem) { return MakesIncomplete(problem.kind); });
  return report;
}

// The files that the report is going to quote, as far as can be told before it is known which
// findings it shows.
static std::vector<FileId> FilesOf(const Report &report, const CommandLine &line) {
  std::vector<FileId> files;
  if (!line.since.empty() || !report.paths.empty()) {
    return files; // perhaps only a few of them
  }
  for (const Finding &finding : report.findings) {
    files.push_back(finding.where.file);
    for (const auto *places : {&finding.related, &finding.flow}) {
      for (const Related &place : *places) {
        files.push_back(place.where.file);
      }
    }
  }
  return files;
}

// Where an unknown selector stands that the configuration has; those of the command line need no
// place.
static std::string PlaceOfSelector(llvm::StringRef error, const Analysis &analysis) {
  const llvm::StringRef selector = error.split('`').second.split('`').first;
  const bool on_command_line = error.contains("` in --");
  return on_command_line
             ? ""
             : SettingsPlace(analysis.config, *analysis.disk, analysis.place.root, selector);
}

llvm::Expected<Report> Check(Analysis &analysis, const CommandLine &line, const Environment &env,
                             SourceCache &sources) {
  const double start = env.seconds();
  Stopwatch watch(env, analysis.times);
  const Project &project = *analysis.project;
  const RulePlan plan = PlanRules(line.selection, analysis.config);
  if (!plan.error.empty()) {
    return llvm::createStringError(PlaceOfSelector(plan.error, analysis) + plan.error);
  }
  RunResult found = RunRules(project, analysis.config, plan, line.jobs);
  watch.Lap("rules");
  SuppressInput input{
      .project = project, .config = analysis.config, .plan = plan, .sources = sources};
  SuppressResult first = Suppress(input, std::move(found.findings));
  RunResult late = RunSuppressedRules(project, analysis.config, plan, first.unused);
  input.comments = CommentScope::NamedOnly;
  SuppressResult second = Suppress(input, std::move(late.findings));
  watch.Lap("suppress");

  Report report = EmptyReport(analysis);
  report.findings = std::move(first.kept);
  Merge(report.findings, std::move(second.kept));
  report.suppressed = std::move(first.suppressed);
  Merge(report.suppressed, std::move(second.suppressed));
  std::optional<llvm::Error> error;
  const std::vector<FileId> shown = FilesOf(report, line);
  RunBeside(
      line.jobs, [&] { error.emplace(JoinTests(analysis, line, env, report)); },
      [&] { sources.Load(shown, line.jobs); });
  if (*error) {
    return std::move(*error);
  }
  watch.Lap("join");
  if (llvm::Error error = TakeOutKnown(report, analysis, line, plan, env)) {
    return error;
  }
  KeepPaths(report.findings, project, report.paths);
  PrepareFixes(report.findings, project, sources);
  KeepPaths(report.suppressed, project, report.paths);
  const auto before = [&](const Finding &a, const Finding &b) {
    return ShownBefore(project, a, b);
  };
  llvm::stable_sort(report.findings, before);
  llvm::stable_sort(report.suppressed, before);
  report.outcomes = std::move(found.outcomes);
  llvm::move(late.outcomes, std::back_inserter(report.outcomes));
  report.stats.seconds += env.seconds() - start;
  report.fail_level = line.fail_on.value_or(analysis.config.fail_on.value_or(Severity::Error));
  report.exit_status = ExitStatus(report, line);
  return report;
}

} // namespace pydefrag
