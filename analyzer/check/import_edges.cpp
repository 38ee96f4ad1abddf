#include "check/import_edges.h"

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

// Tarjan's algorithm with an explicit stack. Linear in modules and edges.
class CycleFinder {
public:
  explicit CycleFinder(ImportEdges &graph) : graph_(graph) {}

  void Find() {
    const size_t count = graph_.edges.size();
    index_.assign(count, 0);
    low_.assign(count, 0);
    on_stack_.assign(count, false);
    for (size_t i = 0; i < count; ++i) {
      if (index_[i] == 0) {
        Visit(ModuleId(i));
      }
    }
    std::sort(graph_.cycles.begin(), graph_.cycles.end());
  }

private:
  struct Frame {
    ModuleId module;
    size_t next = 0;
  };
  static size_t At(ModuleId module) { return static_cast<size_t>(module.index); }

  void Enter(ModuleId module) {
    index_[At(module)] = low_[At(module)] = ++counter_;
    on_stack_[At(module)] = true;
    stack_.push_back(module);
    frames_.push_back({module, 0});
  }

  void Visit(ModuleId root) {
    Enter(root);
    while (!frames_.empty()) {
      Frame &frame = frames_.back();
      const ModuleId module = frame.module;
      const std::vector<ImportEdge> &edges = graph_.edges[module];
      if (frame.next < edges.size()) {
        const ModuleId to = edges[frame.next++].to;
        if (index_[At(to)] == 0) {
          Enter(to);
        } else if (on_stack_[At(to)]) {
          low_[At(module)] = std::min(low_[At(module)], index_[At(to)]);
        }
        continue;
      }
      frames_.pop_back();
      if (!frames_.empty()) {
        const ModuleId up = frames_.back().module;
        low_[At(up)] = std::min(low_[At(up)], low_[At(module)]);
      }
      if (low_[At(module)] == index_[At(module)]) {
        Close(module);
      }
    }
  }

  void Close(ModuleId root) {
    std::vector<ModuleId> members;
    ModuleId module;
    do {
      module = stack_.back();
      stack_.pop_back();
      on_stack_[At(module)] = false;
      members.push_back(module);
    } while (module != root);
    if (members.size() > 1) {
      std::sort(members.begin(), members.end());
      graph_.cycles.push_back(std::move(members));
    }
  }

  ImportEdges &graph_;
  std::vector<uint32_t> index_, low_;
  std::vector<bool> on_stack_;
  std::vector<ModuleId> stack_;
  std::vector<Frame> frames_;
  uint32_t counter_ = 0;
};

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

ImportEdges FindImportEdges(const Project &project) {
  ImportEdges graph;
  graph.edges.resize(project.modules.size());
  llvm::DenseSet<std::pair<ModuleId, ModuleId>> seen;
  for (size_t i = 0; i < project.rows.size(); ++i) {
    const ImportRow &row = project.rows[RowId(i)];
    if (!RunsAtImport(project, row)) {
      continue;
    }
    const ModuleId to = WantedModule(project, row);
    if (to.valid() && to != row.importer && project.modules[to].first_party &&
        project.modules[to].file.valid() && seen.insert({row.importer, to}).second) {
      graph.edges[row.importer].push_back({to, RowId(i)});
    }
  }
  CycleFinder(graph).Find();
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
