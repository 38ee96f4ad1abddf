// Blast: how far a broken line reaches. Entry point: BlastTable. Follows the imports that run when
// a module is imported, backwards.
#pragma once

#include "link/project.h"

#include <vector>

namespace pydefrag {

struct Blast {
  uint32_t modules = 0;    // of the project that import the file, at any distance
  uint32_t test_files = 0; // of these, test modules and conftests
};

class BlastTable {
public:
  // `project` must outlive it.
  explicit BlastTable(const Project &project);
  // Of several files together.
  Blast Of(llvm::ArrayRef<FileId> files) const;

private:
  const Project &project_;
  IdVector<ModuleId, std::vector<ModuleId>> importers_;
};

} // namespace pydefrag
