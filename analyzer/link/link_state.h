// LinkState: the linker's own tables, kept with the project for look-ups after linking
// (suggestions, traces, string targets).
#pragma once

#include "base/near_names.h"
#include "link/defects/duplicate_classes.h"
#include "link/execute/graph.h"
#include "link/modules/file_tree.h"
#include "link/modules/module_table.h"
#include "link/modules/roots.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/DenseSet.h"
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

// Which definitions go by a name, in id order.
class DefinitionsByName {
public:
  void Fill(const Project &project);
  bool IsFilled() const { return !begin_.empty(); }
  llvm::ArrayRef<DefinitionId> Of(NameId name) const {
    const auto i = static_cast<size_t>(name.index);
    const bool known = name.valid() && i + 1 < begin_.size();
    return known ? llvm::ArrayRef(ids_).slice(begin_[i], begin_[i + 1] - begin_[i])
                 : llvm::ArrayRef<DefinitionId>();
  }

private:
  std::vector<uint32_t> begin_; // of each name in `ids_`, and the end
  std::vector<DefinitionId> ids_;
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
  std::unique_ptr<DuplicateClasses> duplicates; // while they are read, until FindDefects takes them
  DefinitionsByName definitions_by_name;        // for suggestions
  llvm::DenseSet<RowId> arguable_imports;       // FindArguableImports
  // Last component of module names -> modules that have a file, in id order.
  llvm::DenseMap<NameId, std::vector<ModuleId>> modules_by_last_name;
  llvm::StringMap<std::unique_ptr<SimilarModules>> modules_below; // by "package."; "" at the top
};

// Fills these three.
void IndexForSuggestions(Project &project);

} // namespace pydefrag
