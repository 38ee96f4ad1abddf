#include "page/explorer.h"

#include "report/positions.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <tuple>

namespace pydefrag {
namespace {

class ExplorerBuilder {
public:
  ExplorerBuilder(const Report &report, const PackageTree &tree, const ImportEdges &edges,
                  unsigned jobs)
      : report_(report), tree_(tree), edges_(edges), jobs_(jobs) {}

  Explorer Build() {
    AddModules();
    AddLinks();
    Order();
    return std::move(explorer_);
  }

private:
  void AddModules() {
    std::vector<std::pair<std::string, uint32_t>> names;
    for (uint32_t node = 1; node < tree_.nodes.size(); ++node) {
      if (tree_.nodes[node].module.valid()) {
        names.push_back({tree_.NameOf(node), node});
      }
    }
    llvm::sort(names);
    index_.assign(report_.project->modules.size(), -1);
    for (const auto &[name, node] : names) {
      const ModuleId module = tree_.nodes[node].module;
      index_[static_cast<size_t>(module.index)] = static_cast<int32_t>(explorer_.modules.size());
      ExplorerModule entry;
      entry.node = node;
      entry.module = module;
      entry.health = tree_.nodes[node].worst;
      explorer_.modules.push_back(std::move(entry));
    }
  }

  void AddLinks() {
    std::vector<Location> places;
    for (ExplorerModule &from : explorer_.modules) {
      for (const ImportEdge &edge : edges_.edges[from.module]) {
        const int32_t to = index_[static_cast<size_t>(edge.to.index)];
        if (to >= 0) {
          from.imports.push_back({.to = static_cast<uint32_t>(to), .line = 0});
          const ImportRow &row = report_.project->rows[edge.row];
          places.push_back({row.file, row.where});
        }
      }
    }
    const std::vector<LineColumn> lines =
        FindPositions(*report_.project, *report_.disk, places, jobs_);
    size_t next = 0;
    for (uint32_t i = 0; i < explorer_.modules.size(); ++i) {
      for (ExplorerLink &link : explorer_.modules[i].imports) {
        link.line = lines[next++].line;
        explorer_.modules[link.to].importers.push_back(i);
      }
    }
  }

  // The bad ones first, then those that most others import, then by name.
  void Order() {
    auto key = [&](uint32_t module) {
      const ExplorerModule &entry = explorer_.modules[module];
      return std::make_tuple(-static_cast<int>(entry.health),
                             -static_cast<int64_t>(entry.importers.size()), module);
    };
    for (ExplorerModule &module : explorer_.modules) {
      llvm::sort(module.imports, [&](const ExplorerLink &a, const ExplorerLink &b) {
        return key(a.to) < key(b.to);
      });
    }
    std::vector<std::vector<uint32_t>> importers;
    for (const ExplorerModule &module : explorer_.modules) {
      importers.push_back(module.importers);
      llvm::sort(importers.back(), [&](uint32_t a, uint32_t b) { return key(a) < key(b); });
    }
    auto links = [&](uint32_t module) {
      const ExplorerModule &entry = explorer_.modules[module];
      return entry.imports.size() + entry.importers.size();
    };
    for (uint32_t i = 0; i < explorer_.modules.size(); ++i) {
      explorer_.modules[i].importers = std::move(importers[i]);
      if (links(i) > links(explorer_.start)) {
        explorer_.start = i;
      }
    }
  }

  const Report &report_;
  const PackageTree &tree_;
  const ImportEdges &edges_;
  unsigned jobs_;
  Explorer explorer_;
  std::vector<int32_t> index_; // by ModuleId
};

// The next column on one side: neighbours of `from` that have no place yet.
std::vector<uint32_t> NextColumn(const Explorer &explorer, llvm::ArrayRef<uint32_t> from,
                                 bool imports, llvm::DenseSet<uint32_t> &placed) {
  std::vector<uint32_t> column;
  auto add = [&](uint32_t module) {
    if (placed.insert(module).second) {
      column.push_back(module);
    }
  };
  for (uint32_t module : from) {
    if (imports) {
      llvm::for_each(explorer.modules[module].imports,
                     [&](const ExplorerLink &link) { add(link.to); });
    } else {
      llvm::for_each(explorer.modules[module].importers, add);
    }
  }
  return column;
}

} // namespace

Explorer BuildExplorer(const Report &report, const PackageTree &tree, const ImportEdges &edges,
                       unsigned jobs) {
  return ExplorerBuilder(report, tree, edges, jobs).Build();
}

EgoGraph LayOutEgo(const Explorer &explorer, uint32_t module, int depth, size_t limit) {
  EgoGraph graph;
  llvm::DenseSet<uint32_t> placed{module};
  std::vector<std::pair<int, std::vector<uint32_t>>> columns{{0, {module}}};
  std::vector<uint32_t> sides[2] = {{module}, {module}}; // importers, imports
  size_t room = limit > 0 ? limit - 1 : 0;
  for (int distance = 1; distance <= depth; ++distance) {
    std::vector<uint32_t> next[2];
    for (int side : {0, 1}) {
      next[side] = NextColumn(explorer, sides[side], side == 1, placed);
    }
    // One side may use what the other leaves, and half of the room at least.
    const size_t half = room / 2;
    const size_t first =
        std::min(next[0].size(), std::max(half, room - std::min(room, next[1].size())));
    const size_t second = std::min(next[1].size(), room - first);
    graph.left_out += next[0].size() - first + next[1].size() - second;
    next[0].resize(first);
    next[1].resize(second);
    room -= first + second;
    for (int side : {0, 1}) {
      columns.push_back({side == 1 ? distance : -distance, next[side]});
      sides[side] = std::move(next[side]);
    }
  }
  llvm::sort(columns, [](const auto &a, const auto &b) { return a.first < b.first; });
  for (const auto &[column, modules] : columns) {
    for (uint32_t each : modules) {
      graph.nodes.push_back({.module = each, .column = column});
    }
  }
  return graph;
}

} // namespace pydefrag
