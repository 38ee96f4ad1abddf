// ImportOrder: what a module has bound when a module that it imports runs. `from shop import Cart`
// fails in whatever `shop/__init__.py` imports before it comes to `Cart`.
#pragma once

#include "link/project.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/DenseMap.h"

#include <cstdint>

namespace pydefrag {

struct ImportGraph;

// Refers to the project, its resolver and its graph, which outlive it. Not to be used from two
// threads at once.
class ImportOrder {
public:
  ImportOrder(const Project &project, Resolver &resolver, const ImportGraph &graph)
      : project_(project), resolver_(resolver), graph_(graph) {}

  // Whether `importer` may run while `source` is imported and has not bound `name` yet. Of names
  // that it binds by a from-import or a star. Every import of either runs the packages around both
  // first: what these import comes in their order; else `source` may come first.
  bool IsTooEarly(ModuleId source, NameId name, ModuleId importer);

private:
  // What an import of one module runs: when each begins, what first begins after its end, and who
  // imports it first.
  struct Step {
    uint32_t begin = 0;
    uint32_t end = 0;
    ModuleId by;
  };
  using Walk = llvm::DenseMap<ModuleId, Step>;

  const Walk &WalkFrom(ModuleId first); // stays until the next one is asked for
  ModuleId FirstOf(ModuleId source, ModuleId importer);
  uint32_t StatementOf(ModuleId source, ModuleId imported) const;

  const Project &project_;
  Resolver &resolver_;
  const ImportGraph &graph_;
  llvm::DenseMap<ModuleId, Walk> walks_;
};

} // namespace pydefrag
