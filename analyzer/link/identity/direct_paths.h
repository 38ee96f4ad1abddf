// DirectPaths: what the names of one module are, where its log and its rows alone tell: the last
// event that binds a name decides, when it surely happens. Reads only, so modules are read side by
// side; the names that take more are listed for the resolver.
#pragma once

#include "link/resolve/definition_kinds.h"

#include <vector>

namespace pydefrag {

struct Reached { // `module:name` is the object that `event` of `home` makes
  ModuleId home;
  uint32_t event = 0;
  ModuleId module;
  NameId name;
};

struct ModulePaths { // of one module
  std::vector<Reached> reached;
  std::vector<NameId> asked; // names that only the resolver can tell
};

class DirectPaths {
public:
  // `row_begin`: the first row of each file, and the end. `kinds`: constants are left out; null:
  // they are not.
  DirectPaths(const Project &project, const Resolver &resolver,
              const std::vector<uint32_t> &row_begin, const DefinitionKinds *kinds)
      : project_(project), resolver_(resolver), view_(resolver.view()), row_begin_(row_begin),
        kinds_(kinds) {}

  void Collect(ModuleId module, ModulePaths &found) const;

private:
  std::vector<uint32_t> FindRows(FileId file, const NamespaceLog &log) const;
  void CollectName(ModuleId module, const NamespaceLog &log, llvm::ArrayRef<uint32_t> events,
                   llvm::ArrayRef<uint32_t> rows, ModulePaths &found) const;
  bool MayBindDefinition(ModuleId module, uint32_t event) const;
  void Add(const Reached &path, ModulePaths &found) const;
  bool ImportsModule(ModuleId module, const Event &event) const;

  const Project &project_;
  const Resolver &resolver_;
  const SyntaxView &view_;
  const std::vector<uint32_t> &row_begin_;
  const DefinitionKinds *kinds_;
};

} // namespace pydefrag
