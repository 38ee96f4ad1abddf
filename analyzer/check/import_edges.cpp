#include "check/import_edges.h"

#include "base/components.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <deque>

namespace pydefrag {

bool RunsAtImport(const Project &project, const ImportRow &row) {
  const RowContext &context = row.context;
  return row.status == RowStatus::Resolved && !context.type_checking && !context.deferred &&
         !context.unreachable && !context.string && !project.StatementAt(row).lazy;
}

namespace {

// Breadth first from `start` back to it, over members only; gives up at `limit` hops.
std::vector<ImportEdge> WayFrom(const ImportEdges &graph, const llvm::DenseSet<ModuleId> &members,
                                ModuleId start, size_t limit) {
  struct Step {
    ModuleId from;
    ImportEdge edge;
    size_t length = 0;
  };
  llvm::DenseMap<ModuleId, Step> reached; // by target
  std::deque<ModuleId> queue{start};
  while (!queue.empty()) {
    const ModuleId at = queue.front();
    queue.pop_front();
    const size_t length = at == start ? 0 : reached[at].length;
    if (length + 1 > limit) {
      break;
    }
    for (const ImportEdge &edge : graph.edges[at]) {
      if (!members.contains(edge.to) ||
          !reached.try_emplace(edge.to, Step{at, edge, length + 1}).second) {
        continue;
      }
      if (edge.to != start) {
        queue.push_back(edge.to);
        continue;
      }
      std::vector<ImportEdge> hops;
      ModuleId back = start;
      do {
        const Step &step = reached[back];
        hops.push_back(step.edge);
        back = step.from;
      } while (back != start);
      std::reverse(hops.begin(), hops.end());
      return hops;
    }
  }
  return {};
}

} // namespace

ModuleId WantedModule(const Project &project, const ImportRow &row) {
  const bool takes_submodule = row.name.valid() && !row.context.star &&
                               row.target.kind == TargetKind::Module &&
                               project.modules[row.target.module].parent == row.source;
  return takes_submodule ? row.target.module : row.source;
}

static std::vector<std::vector<ModuleId>> Cycles(const ImportEdges &graph) {
  const auto targets = [&](uint32_t module) -> const std::vector<ImportEdge> & {
    return graph.edges[ModuleId(size_t{module})];
  };
  const std::vector<uint32_t> numbers = ComponentNumbers(
      static_cast<uint32_t>(graph.edges.size()),
      [&](uint32_t module) { return targets(module).size(); },
      [&](uint32_t module, uint32_t i) {
        return static_cast<uint32_t>(targets(module)[i].to.index);
      },
      [](uint32_t) { return true; });
  std::vector<std::vector<ModuleId>> cycles;
  for (const std::vector<uint32_t> &members : MembersOfComponents(numbers)) {
    if (members.size() > 1) {
      std::vector<ModuleId> &cycle = cycles.emplace_back();
      for (const uint32_t member : members) {
        cycle.push_back(ModuleId(size_t{member}));
      }
    }
  }
  llvm::sort(cycles);
  return cycles;
}

ImportEdges FindImportEdges(const Project &project) {
  ImportEdges graph;
  graph.edges.resize(project.modules.size());
  std::vector<ModuleId> seen(project.modules.size()); // by target: the last that imported it
  for (size_t i = 0; i < project.rows.size(); ++i) {
    const ImportRow &row = project.rows[RowId(i)];
    if (!RunsAtImport(project, row)) {
      continue;
    }
    const ModuleId to = WantedModule(project, row);
    if (to.valid() && to != row.importer && project.modules[to].first_party &&
        project.modules[to].file.valid() && seen[static_cast<size_t>(to.index)] != row.importer) {
      seen[static_cast<size_t>(to.index)] = row.importer; // rows stand module by module
      graph.edges[row.importer].push_back({to, RowId(i)});
    }
  }
  graph.cycles = Cycles(graph);
  return graph;
}

WayRound ShortestWayRound(const ImportEdges &graph, const std::vector<ModuleId> &members) {
  const llvm::DenseSet<ModuleId> set(members.begin(), members.end());
  WayRound best;
  size_t limit = members.size();
  for (ModuleId start : members) {
    std::vector<ImportEdge> hops = WayFrom(graph, set, start, limit);
    if (!hops.empty() && (best.hops.empty() || hops.size() < best.hops.size())) {
      best = {start, std::move(hops)};
      limit = best.hops.size() - 1;
    }
    if (!best.hops.empty() && best.hops.size() <= 2) {
      break;
    }
  }
  return best;
}

} // namespace pydefrag
