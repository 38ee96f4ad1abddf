// LiveWorkspace: the language server's workspace is the pipeline. The facts of all files are kept
// from one analysis to the next; an analysis runs on a copy of them, beside the server, which
// answers from the last one meanwhile.
#pragma once

#include "base/parallel.h"
#include "driver/cli.h"
#include "driver/environment.h"
#include "driver/pipeline.h"
#include "server/workspace.h"

#include <memory>

namespace pydefrag {

class LiveWorkspace final : public Workspace {
public:
  LiveWorkspace(const CommandLine &line, const Environment &env);

  void Begin(llvm::StringRef folder, llvm::ArrayRef<MemoryFile> buffers,
             const WorkspaceChange &change) override;
  bool IsDone(int milliseconds) override { return work_.IsDone(milliseconds); }
  llvm::Expected<Snapshot> Take() override;
  LiveFile Draft(FileId file, const MemoryFile &buffer, LiveFile live) override;
  std::optional<std::string> Read(llvm::StringRef path) override;

private:
  // One analysis and all that it refers to.
  struct Run {
    CommandLine line;
    Environment env;
    std::unique_ptr<Disk> disk;     // what it reads
    std::vector<std::string> paths; // below the root, whose content changed
    std::unique_ptr<Analysis> analysis;
    std::unique_ptr<SourceCache> sources;
    Report report;
    std::string error;
  };
  static void Work(Run &run);

  CommandLine line_;
  const Environment &env_;
  std::unique_ptr<Run> current_; // the snapshot's
  std::unique_ptr<Run> next_;    // under way
  Background work_;
  Background disposal_; // giving back the memory of a large project takes longer than a keystroke
};

} // namespace pydefrag
