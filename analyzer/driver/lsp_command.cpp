// `pydefrag lsp`: the language server's workspace is the pipeline, with the facts of all files kept
// from one analysis to the next.
#include "driver/commands.h"
#include "driver/pipeline.h"
#include "report/render_json.h"
#include "server/serve.h"

namespace pydefrag {
namespace {

class LiveWorkspace final : public Workspace {
public:
  LiveWorkspace(const CommandLine &line, const Environment &env) : line_(line), env_(env) {
    line_.quiet = true; // standard error is the editor's log
  }

  llvm::Expected<Snapshot> Analyze(llvm::StringRef folder, llvm::ArrayRef<MemoryFile> buffers,
                                   const WorkspaceChange &change) override {
    sources_.reset();
    std::unique_ptr<Disk> laid_over = MakeOverlayDisk(*env_.disk, buffers);
    Environment env = env_;
    env.disk = laid_over.get();
    env.cwd = folder.empty() ? env_.cwd : folder.str();
    if (llvm::Error error = Bring(change, env)) {
      analysis_.reset();
      return error;
    }
    disk_ = std::move(laid_over);
    sources_ = std::make_unique<SourceCache>(*analysis_->project, *analysis_->disk);
    llvm::Expected<Report> report = Check(*analysis_, line_, env, *sources_);
    if (!report) {
      return report.takeError();
    }
    report_ = std::move(*report);
    return Snapshot{.report = &report_, .sources = sources_.get()};
  }

  std::optional<std::string> Read(llvm::StringRef path) override {
    llvm::SmallVector<char, 0> bytes;
    if (env_.disk->Read(path, UINT32_MAX, bytes)) {
      return std::nullopt;
    }
    return std::string(bytes.data(), bytes.size());
  }

private:
  // Up to date: all anew, or only what changed.
  llvm::Error Bring(const WorkspaceChange &change, const Environment &env) {
    if (!analysis_ || change.structure) {
      llvm::Expected<std::unique_ptr<Analysis>> analysis = pydefrag::Analyze(line_, env);
      if (!analysis) {
        return analysis.takeError();
      }
      analysis_ = std::move(*analysis);
      return llvm::Error::success();
    }
    std::vector<std::string> paths;
    for (const std::string &path : change.paths) {
      const std::string below = RelativeTo(path, analysis_->place.root);
      if (llvm::is_contained(analysis_->project->scanned.paths, below) &&
          !llvm::is_contained(paths, below)) {
        paths.push_back(below);
      }
    }
    analysis_ = Reanalyze(std::move(analysis_), paths, line_, env);
    return llvm::Error::success();
  }

  CommandLine line_;
  const Environment &env_;
  std::unique_ptr<Disk> disk_; // what `analysis_` read
  std::unique_ptr<Analysis> analysis_;
  std::unique_ptr<SourceCache> sources_;
  Report report_;
};

} // namespace

int RunLsp(const CommandLine &line, const Environment &env) {
  LiveWorkspace workspace(line, env);
  return Serve({.read = env.read_bytes, .out = env.out, .version = ToolVersion().str()}, workspace);
}

} // namespace pydefrag
