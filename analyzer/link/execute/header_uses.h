// Header uses: attributes that a `def` or an annotated name asks for when the statement runs: those
// in defaults and annotations of parameters, which facts leave out (semantics.md B38).
//
//     def show(session: sessions.Session, limit=settings.LIMIT): ...
//     current: sessions.Session
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

struct HeaderUse {
  uint32_t statement = 0;
  NameId name;
  std::string attributes; // "b.c" of name.b.c
  bool annotation = false;
};

class HeaderUses {
public:
  HeaderUses(const Project &project, Resolver &resolver, const ImportGraph &graph)
      : project_(project), resolver_(resolver), graph_(graph) {}

  // The modules of its own cycle that a module imports and has a name for.
  llvm::ArrayRef<ModuleId> NamedModules(ModuleId module);
  // What one of its statements asks of those, in order, but for operands that may be left out
  // (lambdas, `x if y else z`). Nothing where it binds names on the way, where the class around it
  // may bind one of these, or where the file cannot be read again.
  llvm::ArrayRef<HeaderUse> Of(ModuleId module, uint32_t statement);

private:
  struct Uses {
    llvm::SmallVector<ModuleId, 2> modules;
    llvm::SmallVector<NameId, 2> names; // of these, or of the packages that they are taken from
    std::vector<HeaderUse> uses;        // by statement
    bool read = false;
  };
  Uses &UsesOf(ModuleId module);
  void Read(ModuleId module, Uses &uses);
  void ReadStatement(uint32_t statement, StatementKind kind, bool annotations, llvm::StringRef text,
                     Uses &uses);

  const Project &project_;
  Resolver &resolver_;
  const ImportGraph &graph_;
  TreeParser parser_;
  FlatTree tree_;
  IdVector<ModuleId, std::unique_ptr<Uses>> uses_;
};

} // namespace pydefrag
