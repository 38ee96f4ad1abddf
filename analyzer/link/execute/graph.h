// ImportGraph: which modules an import of a module runs, in order: its own module-level imports,
// the packages above each of them (CPython runs every `__init__` on the way), what it imports by
// names in strings, and the imports of both kinds in functions that module-level code calls.
// Strongly connected components are the cycles.
#pragma once

#include "link/resolve/resolve.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseSet.h"

#include <vector>

namespace pydefrag {

struct ImportGraph {
  // Targets of each module in source order, each once; only modules with a file.
  IdVector<ModuleId, std::vector<ModuleId>> edges;
  // Components in dependency order: a component imports only earlier ones and itself.
  std::vector<std::vector<ModuleId>> components;
  // Of a module that was met after the graph was built: -1.
  int32_t ComponentOf(ModuleId module) const {
    return static_cast<size_t>(module.index) < component_of.size() ? component_of[module] : -1;
  }
  IdVector<ModuleId, int32_t> component_of; // index into `components`; -1: has no file
  // Rows of each file: rows[row_begin[f] .. row_begin[f + 1]).
  std::vector<uint32_t> row_begin;
  // None of an installed package's file.
  llvm::ArrayRef<ImportRow> RowsOf(const Project &project, FileId file) const;
  llvm::ArrayRef<ImportRow> RowsOf(const Project &project, FileId file, uint32_t statement) const;

  // Names by which functions and classes that import are called, aliases included.
  llvm::DenseSet<NameId> importers;

  bool InCycle(ModuleId module) const;
  // Whether a call of `callee` may run an import; most name nothing of the kind.
  bool MayImport(const SyntaxView &view, ExprId callee) const {
    const bool named = view.Is(callee, ExprKind::Name) || view.Is(callee, ExprKind::Attribute);
    return named && importers.contains(view.At(callee).text);
  }
};

ImportGraph BuildImportGraph(const Project &project, Resolver &resolver,
                             const StatementSigns &signs, unsigned jobs);

} // namespace pydefrag
