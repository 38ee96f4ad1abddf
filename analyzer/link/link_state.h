// LinkState: the linker's own tables, kept with the project for look-ups after linking
// (suggestions, traces, string targets).
#pragma once

#include "base/near_names.h"
#include "link/file_tree.h"
#include "link/graph.h"
#include "link/module_table.h"
#include "link/resolve.h"
#include "link/roots.h"

#include "llvm/ADT/StringMap.h"

namespace pydefrag {

// Chains of imports are followed by recursion; this is enough for the longest that resolve.cpp
// follows. Only what is used of it takes memory.
inline constexpr unsigned kLinkStackBytes = 1u << 30;

// The modules below one package, to be asked for what is spelled alike.
struct SimilarModules {
  std::vector<ModuleId> ids;
  NearNames names; // last components, of the same modules
};

struct LinkState {
  LinkState(Project &project) : view(project.scanned), tree(project.scanned.names) {}

  SyntaxView view;
  FileTree tree;
  Roots roots;
  std::unique_ptr<ModuleTable> table;
  std::unique_ptr<ImportTargets> targets;
  std::unique_ptr<ExtensionNames> extensions;
  std::unique_ptr<Resolver> resolver;
  ImportGraph graph;
  // Where public names are defined: name -> definitions, in id order. For suggestions.
  llvm::DenseMap<NameId, std::vector<DefinitionId>> definitions_by_name;
  // Last component of module names -> modules that have a file, in id order.
  llvm::DenseMap<NameId, std::vector<ModuleId>> modules_by_last_name;
  llvm::StringMap<std::unique_ptr<SimilarModules>> modules_below; // by "package."; "" at the top
};

// Fills these three.
void IndexForSuggestions(Project &project);

} // namespace pydefrag
