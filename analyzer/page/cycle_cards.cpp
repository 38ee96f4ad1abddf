#include "page/cycle_cards.h"

#include "check/crashes.h"
#include "page/digraph.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <tuple>

namespace pydefrag {
namespace {

class CycleBuilder {
public:
  CycleBuilder(const Report &report, SourceCache &sources, const ImportEdges &edges)
      : project_(*report.project), sources_(sources), edges_(edges) {}

  Cycles Build(size_t limit) {
    for (const Crash &crash : FindCrashes(project_)) {
      crashing_.insert(crash.modules.begin(), crash.modules.end());
    }
    Cycles cycles;
    std::vector<const std::vector<ModuleId> *> sets;
    for (const std::vector<ModuleId> &members : edges_.cycles) {
      if (llvm::any_of(members, [&](ModuleId id) { return project_.modules[id].reported; })) {
        sets.push_back(&members);
        cycles.modules += members.size();
      }
    }
    llvm::stable_sort(sets, [&](const auto *a, const auto *b) {
      return std::make_tuple(Crashes(*a), a->size()) > std::make_tuple(Crashes(*b), b->size());
    });
    cycles.total = sets.size();
    for (const std::vector<ModuleId> *members : llvm::ArrayRef(sets).take_front(limit)) {
      cycles.cards.push_back(Card(*members));
      cycles.cards.back().number = static_cast<uint32_t>(cycles.cards.size());
    }
    return cycles;
  }

private:
  bool Crashes(const std::vector<ModuleId> &members) const {
    return llvm::any_of(members, [&](ModuleId id) { return crashing_.contains(id); });
  }

  std::string Name(ModuleId id) const { return project_.Text(project_.modules[id].name).str(); }

  CycleHop Hop(ModuleId from, const ImportEdge &edge) {
    const ImportRow &row = project_.rows[edge.row];
    const SourceText *text = sources_.Get(row.file);
    return {.from = Name(from),
            .to = Name(edge.to),
            .path = project_.PathOf(row.file).str(),
            .line = text ? text->LineOf(row.where.begin) : 0};
  }

  CycleCard Card(const std::vector<ModuleId> &members) {
    CycleCard card;
    card.crashes = Crashes(members);
    std::vector<ModuleId> order = members;
    llvm::sort(order, [&](ModuleId a, ModuleId b) { return Name(a) < Name(b); });
    const WayRound way = ShortestWayRound(edges_, members);
    if (members.size() <= kMaxRing) {
      order = WayFirst(way, order);
    }
    ModuleId at = way.start;
    for (const ImportEdge &edge : way.hops) {
      card.way.push_back(Hop(at, edge));
      at = edge.to;
    }
    for (ModuleId id : order) {
      card.modules.push_back(Name(id));
    }
    AddImports(order, card);
    return card;
  }

  // On the ring the way round stands first, in its own order, so that it is seen as one.
  static std::vector<ModuleId> WayFirst(const WayRound &way, const std::vector<ModuleId> &others) {
    std::vector<ModuleId> order;
    if (!way.hops.empty()) {
      order.push_back(way.start);
    }
    for (const ImportEdge &edge : llvm::ArrayRef(way.hops).drop_back(way.hops.empty() ? 0 : 1)) {
      order.push_back(edge.to);
    }
    for (ModuleId id : others) {
      if (!llvm::is_contained(order, id)) {
        order.push_back(id);
      }
    }
    return order;
  }

  void AddImports(llvm::ArrayRef<ModuleId> order, CycleCard &card) {
    llvm::DenseMap<ModuleId, uint32_t> index;
    for (uint32_t i = 0; i < order.size(); ++i) {
      index[order[i]] = i;
    }
    Digraph graph;
    graph.nodes = order.size();
    std::vector<std::pair<ModuleId, ImportEdge>> imports;
    for (uint32_t i = 0; i < order.size(); ++i) {
      for (const ImportEdge &edge : edges_.edges[order[i]]) {
        const auto to = index.find(edge.to);
        if (to != index.end()) {
          graph.arcs.push_back({.from = i, .to = to->second, .weight = 1});
          imports.push_back({order[i], edge});
        }
      }
    }
    card.imports = imports.size();
    const std::vector<size_t> feedback = FeedbackArcs(graph);
    card.feedback_total = feedback.size();
    for (size_t arc : llvm::ArrayRef(feedback).take_front(kMaxFeedback)) {
      card.feedback.push_back(Hop(imports[arc].first, imports[arc].second));
    }
    if (order.size() <= kMaxRing) {
      for (const Arc &arc : graph.arcs) {
        card.links.push_back({arc.from, arc.to});
      }
    }
  }

  const Project &project_;
  SourceCache &sources_;
  const ImportEdges &edges_;
  llvm::DenseSet<ModuleId> crashing_;
};

} // namespace

Cycles BuildCycles(const Report &report, SourceCache &sources, const ImportEdges &edges,
                   size_t limit) {
  return CycleBuilder(report, sources, edges).Build(limit);
}

} // namespace pydefrag
