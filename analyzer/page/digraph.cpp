#include "page/digraph.h"

#include "base/components.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <queue>
#include <set>

namespace pydefrag {

using Lists = std::vector<std::vector<uint32_t>>;

static Lists Targets(const Digraph &graph) {
  Lists lists(graph.nodes);
  for (const Arc &arc : graph.arcs) {
    lists[arc.from].push_back(arc.to);
  }
  for (std::vector<uint32_t> &list : lists) {
    llvm::sort(list);
  }
  return lists;
}

std::vector<uint32_t> StrongComponents(const Digraph &graph) {
  const Lists targets = Targets(graph);
  return ComponentNumbers(
      static_cast<uint32_t>(graph.nodes), [&](uint32_t node) { return targets[node].size(); },
      [&](uint32_t node, uint32_t i) { return targets[node][i]; }, [](uint32_t) { return true; });
}

std::vector<uint32_t> ComponentSizes(llvm::ArrayRef<uint32_t> components) {
  std::vector<uint32_t> sizes;
  for (uint32_t component : components) {
    if (component >= sizes.size()) {
      sizes.resize(component + 1, 0);
    }
    ++sizes[component];
  }
  return sizes;
}

namespace {

// Eades, Lin and Smyth: sinks go to one end, sources to the other, and when there are neither, the
// node that sends most more than it gets.
class CycleOrder {
public:
  CycleOrder(const Digraph &graph, llvm::ArrayRef<uint32_t> members)
      : out_(graph.nodes), in_(graph.nodes), sent_(graph.nodes, 0), got_(graph.nodes, 0),
        left_(members.begin(), members.end()) {
    for (const Arc &arc : graph.arcs) {
      if (left_.contains(arc.from) && left_.contains(arc.to)) {
        out_[arc.from].push_back(arc);
        in_[arc.to].push_back(arc);
        sent_[arc.from] += arc.weight;
        got_[arc.to] += arc.weight;
      }
    }
    for (uint32_t node : members) {
      queue_.insert({Key(node), node});
    }
  }

  // Targets first.
  std::vector<uint32_t> Run() {
    std::vector<uint32_t> sinks, sources;
    while (!left_.empty()) {
      const uint32_t sink = Sink();
      if (sink != kNone) {
        sinks.push_back(sink);
        Take(sink);
        continue;
      }
      const uint32_t source = queue_.begin()->second;
      sources.push_back(source);
      Take(source);
    }
    sinks.insert(sinks.end(), sources.rbegin(), sources.rend());
    return sinks;
  }

private:
  static constexpr uint32_t kNone = UINT32_MAX;
  // Ascending: sources first, then by how much more is sent than got.
  std::pair<bool, int64_t> Key(uint32_t node) const {
    return {got_[node] != 0, int64_t{got_[node]} - int64_t{sent_[node]}};
  }

  uint32_t Sink() const {
    for (auto at = queue_.rbegin(); at != queue_.rend(); ++at) {
      if (sent_[at->second] == 0) {
        return at->second;
      }
      if (at->first.second <= 0) {
        break; // a sink gets more than it sends, or is alone
      }
    }
    return kNone;
  }

  void Change(uint32_t node, uint32_t less_sent, uint32_t less_got) {
    if (left_.contains(node)) {
      queue_.erase({Key(node), node});
      sent_[node] -= less_sent;
      got_[node] -= less_got;
      queue_.insert({Key(node), node});
    }
  }

  void Take(uint32_t node) {
    queue_.erase({Key(node), node});
    left_.erase(node);
    for (const Arc &arc : out_[node]) {
      Change(arc.to, 0, arc.weight);
    }
    for (const Arc &arc : in_[node]) {
      Change(arc.from, arc.weight, 0);
    }
  }

  std::vector<std::vector<Arc>> out_, in_;
  std::vector<uint32_t> sent_, got_;
  std::set<uint32_t> left_;
  std::set<std::pair<std::pair<bool, int64_t>, uint32_t>> queue_;
};

} // namespace

std::vector<uint32_t> TargetsFirst(const Digraph &graph) {
  const std::vector<uint32_t> component = StrongComponents(graph);
  const size_t count = ComponentSizes(component).size();
  Lists members(count), sources(count);
  for (uint32_t node = 0; node < graph.nodes; ++node) {
    members[component[node]].push_back(node);
  }
  std::vector<uint32_t> waiting(count, 0); // arcs to components that have no place yet
  for (const Arc &arc : graph.arcs) {
    if (component[arc.from] != component[arc.to]) {
      sources[component[arc.to]].push_back(component[arc.from]);
      ++waiting[component[arc.from]];
    }
  }
  std::priority_queue<std::pair<uint32_t, uint32_t>, std::vector<std::pair<uint32_t, uint32_t>>,
                      std::greater<>>
      ready; // smallest member, component
  for (uint32_t each = 0; each < count; ++each) {
    if (waiting[each] == 0) {
      ready.push({members[each].front(), each});
    }
  }
  std::vector<uint32_t> order;
  while (!ready.empty()) {
    const uint32_t next = ready.top().second;
    ready.pop();
    const std::vector<uint32_t> &nodes = members[next];
    llvm::append_range(order, nodes.size() == 1 ? nodes : CycleOrder(graph, nodes).Run());
    for (uint32_t source : sources[next]) {
      if (--waiting[source] == 0) {
        ready.push({members[source].front(), source});
      }
    }
  }
  return order;
}

// Whether `to` is reached from `from` over `targets`.
static bool Reaches(const Lists &targets, uint32_t from, uint32_t to) {
  std::vector<bool> seen(targets.size(), false);
  std::vector<uint32_t> stack{from};
  seen[from] = true;
  while (!stack.empty()) {
    const uint32_t node = stack.back();
    stack.pop_back();
    if (node == to) {
      return true;
    }
    for (uint32_t next : targets[node]) {
      if (!seen[next]) {
        seen[next] = true;
        stack.push_back(next);
      }
    }
  }
  return false;
}

std::vector<size_t> FeedbackArcs(const Digraph &graph) {
  const std::vector<uint32_t> order = TargetsFirst(graph);
  std::vector<uint32_t> place(graph.nodes);
  for (uint32_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
  }
  Lists kept(graph.nodes);
  std::vector<size_t> against;
  for (size_t i = 0; i < graph.arcs.size(); ++i) {
    const Arc &arc = graph.arcs[i];
    if (place[arc.from] < place[arc.to]) {
      against.push_back(i);
    } else {
      kept[arc.from].push_back(arc.to);
    }
  }
  // The heaviest may stay if they close no cycle.
  llvm::stable_sort(
      against, [&](size_t a, size_t b) { return graph.arcs[a].weight > graph.arcs[b].weight; });
  std::vector<size_t> feedback;
  for (size_t i : against) {
    const Arc &arc = graph.arcs[i];
    if (Reaches(kept, arc.to, arc.from)) {
      feedback.push_back(i);
    } else {
      kept[arc.from].push_back(arc.to);
    }
  }
  llvm::sort(feedback);
  return feedback;
}

} // namespace pydefrag
