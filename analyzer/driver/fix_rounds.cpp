#include "driver/fix_rounds.h"

#include "driver/fix_harm.h"
#include "fix/apply.h"
#include "fix/batch.h"
#include "source/paths.h"

#include "llvm/Support/xxhash.h"

namespace pydefrag {
namespace {

constexpr int kMaxRounds = 20;
constexpr int kMaxTries = 8; // of one round

class Rounds {
public:
  Rounds(const CommandLine &line, const Environment &env) : line_(line), env_(env) {
    if (!line.stdin_filename.empty()) {
      standard_input_ = env.read_stdin();
    }
  }

  llvm::Expected<std::unique_ptr<FixRounds>> Run();

private:
  struct Analyzed {
    std::unique_ptr<Disk> disk;
    std::unique_ptr<Analysis> analysis;
    std::unique_ptr<SourceCache> sources;
    Report report;
  };
  using Files = std::map<std::string, FixedFile>;

  llvm::Expected<Analyzed> AnalyzeWith(const Files &files);
  Files Edited(const FixBatch &batch);
  FixBatch NextBatch();
  llvm::Expected<bool> Round();
  void Accept(Analyzed next, Files files, const FixBatch &batch);

  const CommandLine &line_;
  const Environment &env_;
  std::string standard_input_;
  FixRounds state_;
  Blocked blocked_;
};

// The project with `files` laid over it.
llvm::Expected<Rounds::Analyzed> Rounds::AnalyzeWith(const Files &files) {
  Analyzed result;
  Environment env = env_;
  env.read_stdin = [this] { return standard_input_; };
  if (!files.empty()) {
    std::vector<MemoryFile> laid_over;
    for (const auto &[path, file] : files) {
      laid_over.push_back({OnDisk(state_.analysis->project->root, path), file.after});
    }
    result.disk = MakeOverlayDisk(*env_.disk, laid_over);
    env.disk = result.disk.get();
    for (const MemoryFile &file : laid_over) {
      if (!line_.stdin_filename.empty() &&
          file.path == AbsolutePath(line_.stdin_filename, env_.cwd)) {
        env.read_stdin = [content = file.content] { return content; };
      }
    }
  }
  llvm::Expected<std::unique_ptr<Analysis>> analysis = Analyze(line_, env);
  if (!analysis) {
    return analysis.takeError();
  }
  result.analysis = std::move(*analysis);
  result.sources = std::make_unique<SourceCache>(*result.analysis->project, *result.analysis->disk);
  llvm::Expected<Report> report = Check(*result.analysis, line_, env, *result.sources);
  if (!report) {
    return report.takeError();
  }
  result.report = std::move(*report);
  return result;
}

FixBatch Rounds::NextBatch() {
  const Project &project = *state_.analysis->project;
  return PlanFixes(state_.report.findings, project, *state_.sources,
                   line_.unsafe_fixes ? Applicability::Unsafe : Applicability::Safe,
                   [&](const Fix &fix) { return !blocked_.Contains(project, fix); });
}

// All changed files after `batch`. A file that is no longer what was scanned is left out.
Rounds::Files Rounds::Edited(const FixBatch &batch) {
  const Project &project = *state_.analysis->project;
  Files files = state_.files;
  for (const auto &[id, edits] : batch.edits) {
    const std::string path = project.PathOf(id).str();
    llvm::SmallVector<char, 0> buffer;
    if (edits.empty() ||
        state_.analysis->disk->Read(OnDisk(project.root, path), UINT32_MAX, buffer)) {
      continue;
    }
    const llvm::StringRef bytes(buffer.data(), buffer.size());
    if (llvm::xxh3_64bits(bytes) != project.scanned.facts[id].content_hash) {
      continue;
    }
    std::optional<std::string> after = EditBytes(bytes, edits);
    if (after && *after != bytes) {
      files.try_emplace(path, FixedFile{.before = bytes.str(), .after = ""}).first->second.after =
          std::move(*after);
    }
  }
  return files;
}

void Rounds::Accept(Analyzed next, Files files, const FixBatch &batch) {
  if (next.disk) {
    state_.disks.push_back(std::move(next.disk));
  }
  state_.analysis = std::move(next.analysis);
  state_.sources = std::move(next.sources);
  state_.report = std::move(next.report);
  state_.report.project = state_.analysis->project.get();
  state_.files = std::move(files);
  state_.fixed += batch.fixed.size();
}

static bool SameContent(const std::map<std::string, FixedFile> &a,
                        const std::map<std::string, FixedFile> &b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](const auto &x, const auto &y) {
           return x.first == y.first && x.second.after == y.second.after;
         });
}

// Tells whether anything was changed.
llvm::Expected<bool> Rounds::Round() {
  for (int i = 0; i < kMaxTries; ++i) {
    const FixBatch batch = NextBatch();
    Files files = Edited(batch);
    if (SameContent(files, state_.files)) {
      return false;
    }
    llvm::Expected<Analyzed> next = AnalyzeWith(files);
    if (!next) {
      return next.takeError();
    }
    const size_t harm = blocked_.Note({.before = *state_.analysis->project,
                                       .after = *next->analysis->project,
                                       .findings_before = state_.report.findings,
                                       .findings_after = next->report.findings,
                                       .batch = batch,
                                       .cycles_allowed = line_.unsafe_fixes});
    if (harm == 0) {
      Accept(std::move(*next), std::move(files), batch);
      return true;
    }
    state_.held_back += harm;
  }
  return false;
}

llvm::Expected<std::unique_ptr<FixRounds>> Rounds::Run() {
  llvm::Expected<Analyzed> first = AnalyzeWith({});
  if (!first) {
    return first.takeError();
  }
  Accept(std::move(*first), {}, {});
  for (int round = 0; round < kMaxRounds; ++round) {
    llvm::Expected<bool> changed = Round();
    if (!changed) {
      return changed.takeError();
    }
    if (!*changed) {
      break;
    }
  }
  return std::make_unique<FixRounds>(std::move(state_));
}

} // namespace

llvm::Expected<std::unique_ptr<FixRounds>> FixInRounds(const CommandLine &line,
                                                       const Environment &env) {
  return Rounds(line, env).Run();
}

} // namespace pydefrag
