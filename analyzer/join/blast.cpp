#include "join/blast.h"

#include "link/link_state.h"

namespace pydefrag {

BlastTable::BlastTable(const Project &project) : project_(project) {
  importers_.resize(project.modules.size());
  const IdVector<ModuleId, std::vector<ModuleId>> &edges = project.state->graph.edges;
  for (size_t i = 0; i < edges.size(); ++i) {
    for (ModuleId target : edges[ModuleId(i)]) {
      importers_[target].push_back(ModuleId(i));
    }
  }
}

Blast BlastTable::Of(llvm::ArrayRef<FileId> files) const {
  std::vector<bool> seen(project_.modules.size(), false);
  std::vector<ModuleId> work;
  for (FileId file : files) {
    if (static_cast<size_t>(file.index) >= project_.module_of_file.size()) {
      continue; // a settings file: nothing imports it
    }
    work.push_back(project_.module_of_file[file]);
    seen[static_cast<size_t>(work.back().index)] = true;
  }
  Blast blast;
  for (size_t at = 0; at < work.size(); ++at) {
    for (ModuleId importer : importers_[work[at]]) {
      const size_t index = static_cast<size_t>(importer.index);
      if (seen[index]) {
        continue;
      }
      seen[index] = true;
      work.push_back(importer);
      const Module &module = project_.modules[importer];
      blast.modules += module.first_party;
      blast.test_files += module.test;
    }
  }
  return blast;
}

} // namespace pydefrag
