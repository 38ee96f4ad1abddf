// StarPaths: which modules hand on names by star imports, for the names that somebody asks for.
// Walks from the module that binds a name to those that import it with a star, so that a chain of
// stars costs what the names asked for cost, not the square of its length.
#pragma once

#include "base/marks.h"
#include "link/identity/chain_reader.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/DenseSet.h"

#include <vector>

namespace pydefrag {

class StarPaths {
public:
  // The names that rows, strings and `chains` of attributes ask for.
  StarPaths(Project &project, Resolver &resolver, llvm::ArrayRef<std::vector<Chain>> chains,
            unsigned jobs);

  // Whether the names that the module takes by stars are found by walking; else by
  // Resolver::BoundNames.
  bool Covers(ModuleId module) const;

  // By module: the names asked for that it holds through stars only.
  IdVector<ModuleId, std::vector<NameId>> Find();

private:
  void FindImporters();
  void Start(ModuleId module);
  void Visit(ModuleId module, NameId name);
  bool IsAsked(const Event &event) const;

  Project &project_;
  Resolver &resolver_;
  Marks asked_;                                         // by name
  IdVector<ModuleId, std::vector<ModuleId>> importers_; // by the module that a star is of
  std::vector<std::pair<ModuleId, NameId>> open_;       // whose importers are still to be visited
  llvm::DenseSet<std::pair<ModuleId, NameId>> seen_;
  IdVector<ModuleId, std::vector<NameId>> found_;
};

} // namespace pydefrag
