// Left out uses: attributes that a statement asks for when it runs, and that facts leave out: in
// defaults and annotations of a `def` (semantics.md B38), in annotations, in long literals.
//
//     def show(session: sessions.Session, limit=settings.LIMIT): ...
//     current: sessions.Session
//     SERVICES = {des.ID: des.Des(), ...}
//
// Only what names of modules that are under way begin can fail, so few files are read for it.
#pragma once

#include "link/execute/graph.h"
#include "link/resolve/resolve.h"
#include "scan/trees/tree.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <memory>
#include <string>
#include <vector>

namespace pydefrag {

struct LeftOutUse {
  uint32_t statement = 0;
  NameId name;
  std::string attributes; // "b.c" of name.b.c
  bool annotation = false;
};

class LeftOutUses {
public:
  LeftOutUses(const Project &project, Resolver &resolver, const ImportGraph &graph)
      : project_(project), resolver_(resolver), graph_(graph) {}

  // The modules of its own cycle that a module imports and has a name for.
  llvm::ArrayRef<ModuleId> NamedModules(ModuleId module);
  // What one of its statements asks of those, in order, but for operands that may be left out
  // (lambdas, `x if y else z`). Nothing where it binds names on the way, where the class around it
  // may bind one of these, or where the file cannot be read again.
  llvm::ArrayRef<LeftOutUse> Of(ModuleId module, uint32_t statement);

private:
  struct Uses {
    llvm::SmallVector<ModuleId, 2> modules;
    llvm::SmallVector<NameId, 2> names; // of these, or of the packages that they are taken from
    std::vector<LeftOutUse> uses;       // by statement
    bool read = false;
  };
  Uses &UsesOf(ModuleId module);
  void Read(ModuleId module, Uses &uses);
  void ReadStatement(uint32_t statement, bool annotations, bool values, llvm::StringRef text,
                     Uses &uses);

  const Project &project_;
  Resolver &resolver_;
  const ImportGraph &graph_;
  TreeParser parser_;
  FlatTree tree_;
  IdVector<ModuleId, std::unique_ptr<Uses>> uses_;
};

} // namespace pydefrag
