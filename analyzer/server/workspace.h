// What the language server needs of the rest of the program: analyses of the folder that is open in
// the editor, with the editor's buffers laid over the disk. The driver makes both.
#pragma once

#include "report/live_file.h"
#include "report/report.h"
#include "source/disk.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace pydefrag {

// What was found, and what it was found in. Valid until the next one is taken.
struct Snapshot {
  const Report *report = nullptr;
  SourceCache *sources = nullptr;
};

// Which files are different from what the last analysis read.
struct WorkspaceChange {
  std::vector<std::string> paths{}; // absolute; only their content changed
  bool structure = false;           // files came or went, or settings changed: all is read again
};

class Workspace {
public:
  virtual ~Workspace() = default;

  // Begins an analysis beside the caller; one at a time. The last snapshot stays valid.
  virtual void Begin(llvm::StringRef folder, llvm::ArrayRef<MemoryFile> buffers,
                     const WorkspaceChange &change) = 0;
  // Whether the analysis that was begun has ended; waits for that, at most so long (-1: for ever).
  virtual bool IsDone(int milliseconds) = 0;
  // What it found. Fails when the project cannot be analysed as it is configured; there is no
  // snapshot then.
  virtual llvm::Expected<Snapshot> Take() = 0;
  // What can be said at once of a file of the snapshot whose text is now that of `buffer`.
  virtual LiveFile Draft(FileId file, const MemoryFile &buffer, LiveFile live) = 0;
  // The content of a file on the disk; nothing when there is none.
  virtual std::optional<std::string> Read(llvm::StringRef path) = 0;
};

} // namespace pydefrag
