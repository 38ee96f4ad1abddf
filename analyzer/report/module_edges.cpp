#include "report/module_edges.h"

#include "check/import_edges.h"

#include "llvm/ADT/DenseMap.h"

namespace pydefrag {

ModuleEdges FindModuleEdges(const Project &project) {
  ModuleEdges edges;
  for (size_t i = 0; i < project.modules.size(); ++i) {
    edges.push_back({});
  }
  llvm::DenseMap<std::pair<ModuleId, ModuleId>, size_t> places; // index into the module's edges
  for (size_t i = 0; i < project.rows.size(); ++i) {
    const ImportRow &row = project.rows[RowId(i)];
    if (row.status != RowStatus::Resolved || row.context.unreachable || !row.importer.valid()) {
      continue;
    }
    const ModuleId to = WantedModule(project, row);
    if (!to.valid() || to == row.importer || !project.modules[to].first_party) {
      continue;
    }
    const ModuleEdge edge{.to = to, .row = RowId(i), .at_import = RunsAtImport(project, row)};
    std::vector<ModuleEdge> &of_module = edges[row.importer];
    auto [place, added] = places.try_emplace({row.importer, to}, of_module.size());
    if (added) {
      of_module.push_back(edge);
    } else if (edge.at_import && !of_module[place->second].at_import) {
      of_module[place->second] = edge;
    }
  }
  return edges;
}

} // namespace pydefrag
