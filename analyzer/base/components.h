// Strongly connected components of a directed graph whose nodes are 0 ... count - 1. Tarjan's
// algorithm (SIAM Journal on Computing 1, 1972) with an explicit stack: linear in nodes and edges,
// at any depth. Entry point: ComponentNumbers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace pydefrag {

inline constexpr uint32_t kNoComponent = UINT32_MAX;

// Finds components for ComponentNumbers.
template <typename Degree, typename Successor> class ComponentFinder {
public:
  ComponentFinder(uint32_t count, Degree degree, Successor successor)
      : degree_(degree), successor_(successor), index_(count, 0), low_(count, 0),
        component_(count, kNoComponent) {}

  bool Seen(uint32_t node) const { return index_[node] != 0; }
  std::vector<uint32_t> Take() { return std::move(component_); }

  void Visit(uint32_t root) {
    Enter(root);
    while (!frames_.empty()) {
      const uint32_t node = frames_.back().node;
      if (frames_.back().next < degree_(node)) {
        const uint32_t to = successor_(node, frames_.back().next++);
        if (!Seen(to)) {
          Enter(to);
        } else if (component_[to] == kNoComponent) {
          low_[node] = std::min(low_[node], index_[to]);
        }
        continue;
      }
      frames_.pop_back();
      if (!frames_.empty()) {
        const uint32_t up = frames_.back().node;
        low_[up] = std::min(low_[up], low_[node]);
      }
      if (low_[node] == index_[node]) {
        Close(node);
      }
    }
  }

private:
  struct Frame {
    uint32_t node = 0;
    uint32_t next = 0; // among its successors
  };

  void Enter(uint32_t node) {
    index_[node] = low_[node] = ++entered_;
    stack_.push_back(node);
    frames_.push_back({.node = node});
  }

  void Close(uint32_t root) {
    uint32_t node;
    do {
      node = stack_.back();
      stack_.pop_back();
      component_[node] = closed_;
    } while (node != root);
    ++closed_;
  }

  Degree degree_;
  Successor successor_;
  std::vector<uint32_t> index_, low_; // by node; 0: not seen yet
  std::vector<uint32_t> component_;
  std::vector<uint32_t> stack_;
  std::vector<Frame> frames_;
  uint32_t entered_ = 0, closed_ = 0;
};

// By node: the number of its component; a component comes after all that it reaches. `degree(node)`
// is how many successors a node has, `successor(node, i)` one of them. What no node with
// `is_root(node)` reaches gets kNoComponent.
template <typename Degree, typename Successor, typename IsRoot>
std::vector<uint32_t> ComponentNumbers(uint32_t count, Degree degree, Successor successor,
                                       IsRoot is_root) {
  ComponentFinder<Degree, Successor> finder(count, degree, successor);
  for (uint32_t node = 0; node < count; ++node) {
    if (!finder.Seen(node) && is_root(node)) {
      finder.Visit(node);
    }
  }
  return finder.Take();
}

// The members of each component, in ascending order, by the component's number.
inline std::vector<std::vector<uint32_t>>
MembersOfComponents(const std::vector<uint32_t> &numbers) {
  std::vector<std::vector<uint32_t>> members;
  for (uint32_t node = 0; node < numbers.size(); ++node) {
    const uint32_t number = numbers[node];
    if (number == kNoComponent) {
      continue;
    }
    if (number >= members.size()) {
      members.resize(number + 1);
    }
    members[number].push_back(node);
  }
  return members;
}

} // namespace pydefrag
