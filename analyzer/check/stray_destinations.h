// Where the stray imports of one definition are to go. Inside the package whose path is canonical
// that is mostly the defining module, since importing the package from below it leads in a circle.
#pragma once

#include "link/project.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace pydefrag {

struct StrayDestination {
  const PathInfo *wanted = nullptr; // never null
  llvm::StringRef package; // the importer stands in it and is to take the definition's own path for
                           // that; empty: it is to take the canonical path
  bool usual = false;      // of imports in the package, by tests or by others, more take that one
                           // than the canonical path, and than all others
};

struct PackageTakers { // imports in a package, but its own
  struct Count {
    size_t own = 0;       // of the defining module
    size_t canonical = 0; // where that is another one
    size_t others = 0;    // of any other one
  };
  ModuleId package;
  Count code;
  Count tests;
};

// Refers to both, which outlive it. Counts the imports in a package when it is first asked.
class StrayDestinations {
public:
  StrayDestinations(const Project &project, const Definition &definition)
      : project_(project), definition_(definition) {}

  // `id` takes `path`, which is neither canonical nor accepted.
  StrayDestination Of(const PathInfo &path, RowId id);

private:
  ModuleId OwnerOf(const PathInfo &path) const;
  const PackageTakers &TakersIn(ModuleId package);

  const Project &project_;
  const Definition &definition_;
  llvm::SmallVector<PackageTakers, 1> takers_;
};

} // namespace pydefrag
