#include "driver/live_workspace.h"

#include "driver/draft.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

LiveWorkspace::LiveWorkspace(const CommandLine &line, const Environment &env)
    : line_(line), env_(env) {
  line_.quiet = true; // standard error is the editor's log
}

// Those of `paths` that the project knows, below its root.
static std::vector<std::string> KnownPaths(const std::vector<std::string> &paths,
                                           const Analysis &analysis) {
  const std::vector<std::string> &all = analysis.project->scanned.paths.raw();
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(analysis.project->file_count);
  std::vector<std::string> known;
  for (const std::string &path : paths) {
    const std::string below = RelativeTo(path, analysis.place.root);
    if (std::binary_search(all.begin(), end, below) && !llvm::is_contained(known, below)) {
      known.push_back(below);
    }
  }
  return known;
}

void LiveWorkspace::Begin(llvm::StringRef folder, llvm::ArrayRef<MemoryFile> buffers,
                          const WorkspaceChange &change) {
  next_ = std::make_unique<Run>();
  Run &run = *next_;
  run.line = line_;
  run.disk = MakeOverlayDisk(*env_.disk, buffers);
  run.env = env_;
  run.env.disk = run.disk.get();
  run.env.cwd = folder.empty() ? env_.cwd : folder.str();
  if (current_ && !change.structure) {
    run.paths = KnownPaths(change.paths, *current_->analysis);
    run.analysis = CopyForReanalysis(*current_->analysis);
    // One processor is left for what is asked meanwhile.
    run.line.jobs = std::max(1u, EffectiveJobs(line_.jobs) - 1);
  }
  work_.Start([&run] { Work(run); });
}

void LiveWorkspace::Work(Run &run) {
  if (run.analysis) {
    run.analysis = Reanalyze(std::move(run.analysis), run.paths, run.line, run.env);
  } else {
    llvm::Expected<std::unique_ptr<Analysis>> analysis = Analyze(run.line, run.env);
    if (!analysis) {
      run.error = llvm::toString(analysis.takeError());
      return;
    }
    run.analysis = std::move(*analysis);
  }
  run.sources = std::make_unique<SourceCache>(*run.analysis->project, *run.analysis->disk);
  llvm::Expected<Report> report = Check(*run.analysis, run.line, run.env, *run.sources);
  if (!report) {
    run.error = llvm::toString(report.takeError());
    return;
  }
  run.report = std::move(*report);
}

llvm::Expected<Snapshot> LiveWorkspace::Take() {
  work_.IsDone(-1);
  std::unique_ptr<Run> before = std::move(current_);
  std::unique_ptr<Run> taken = std::move(next_);
  disposal_.Start([old = std::shared_ptr<Run>(std::move(before))]() mutable { old.reset(); });
  if (!taken->error.empty()) {
    return llvm::createStringError(taken->error);
  }
  current_ = std::move(taken);
  return Snapshot{.report = &current_->report, .sources = current_->sources.get()};
}

LiveFile LiveWorkspace::Draft(FileId file, const MemoryFile &buffer, LiveFile live) {
  const std::unique_ptr<Disk> disk = MakeOverlayDisk(*env_.disk, buffer);
  const DraftInput input{.analysis = *current_->analysis,
                         .report = current_->report,
                         .sources = *current_->sources,
                         .line = line_};
  return DraftFile(input, file, *disk, std::move(live));
}

std::optional<std::string> LiveWorkspace::Read(llvm::StringRef path) {
  llvm::SmallVector<char, 0> bytes;
  if (env_.disk->Read(path, UINT32_MAX, bytes)) {
    return std::nullopt;
  }
  return std::string(bytes.data(), bytes.size());
}

} // namespace pydefrag
