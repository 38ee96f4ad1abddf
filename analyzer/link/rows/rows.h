// Rows: every imported name of every import statement, with what it reaches and the context it
// stands in (under TYPE_CHECKING, in a function, guarded...). Rows come in file and source order.
#pragma once

#include "link/modules/roots.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/SmallVector.h"

#include <utility>
#include <vector>

namespace pydefrag {

// What reading the import statements of one file left to do.
struct RowNotes {
  std::vector<uint32_t> unfinished; // rows that only the resolver can finish
  std::vector<uint32_t> renamed;    // rows that spell a module by another name than its own
  // `pytest.importorskip("x")`: what imports x after it is skipped, not failed.
  llvm::SmallVector<std::pair<uint32_t, llvm::StringRef>, 0> skips; // by statement
};

// The first row of each file, and the end.
std::vector<uint32_t> FindRowBegins(const Project &project, const Resolver &resolver);

// All rows of the project. Returns the notes of each file, for ResolveRowsAgain.
std::vector<RowNotes> ResolveRows(Project &project, Resolver &resolver, const Roots &roots,
                                  unsigned jobs);

// Makes those rows again that may be others by now: the execution of imports told the resolver of
// names that hold something else than their logs tell (Resolver::Override).
void ResolveRowsAgain(Project &project, Resolver &resolver, const Roots &roots,
                      const std::vector<RowNotes> &notes, unsigned jobs);

// Rows that import what lies below a package that puts another module into its own place: unknown,
// unless importing the package loads it. After SimulateImports.
void DoubtHiddenRows(Project &project, Resolver &resolver, unsigned jobs);

// The rows of one file and no others, for a draft of it.
void ResolveRowsOf(Project &project, Resolver &resolver, const Roots &roots, FileId file);

} // namespace pydefrag
