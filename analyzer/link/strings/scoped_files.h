// ScopedFiles: the uses of some names in some files with the import that binds each
// (scan/trees/scoped_uses.h). Files are read again and parsed as a whole, in parallel.
#pragma once

#include "link/project.h"
#include "scan/trees/scoped_uses.h"
#include "source/disk.h"

#include "llvm/ADT/StringSet.h"

namespace pydefrag {

struct WantedNames {
  FileId file;
  llvm::StringSet<> names;
};

// In the order of `wanted`.
std::vector<std::vector<ScopedUse>> ReadScopedUses(const Project &project, const Disk &disk,
                                                   const std::vector<WantedNames> &wanted,
                                                   unsigned jobs);

// The rows of a file that give `local`; of the import statements that begin at `imports` only.
std::vector<const ImportRow *> RowsOf(const Project &project, FileId file, llvm::StringRef local);
std::vector<const ImportRow *> RowsOf(const Project &project, FileId file, llvm::StringRef local,
                                      llvm::ArrayRef<uint32_t> imports);

} // namespace pydefrag
