#include "page/matrix.h"

#include "page/digraph.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <map>
#include <set>

namespace pydefrag {

static constexpr size_t kFewRows = 12; // with fewer, a split that overflows is worth it

namespace {

// Which packages get a row. A cut through the tree: a node of the cut stands for its subtree, less
// the subtrees of deeper nodes in the cut.
class RowChooser {
public:
  RowChooser(const PackageTree &tree, size_t limit) : tree_(tree), limit_(limit) {}

  std::vector<uint32_t> Choose() {
    Split(0);
    while (true) {
      int32_t best = -1;
      for (uint32_t node : cut_) {
        if (MaySplit(node) && (best < 0 || Bigger(node, static_cast<uint32_t>(best)))) {
          best = static_cast<int32_t>(node);
        }
      }
      if (best < 0) {
        break;
      }
      Split(static_cast<uint32_t>(best));
    }
    return {cut_.begin(), cut_.end()};
  }

private:
  bool Bigger(uint32_t a, uint32_t b) const {
    return tree_.nodes[a].modules > tree_.nodes[b].modules;
  }

  bool MaySplit(uint32_t node) const {
    const size_t parts = tree_.nodes[node].children.size();
    if (parts == 0 || split_.count(node)) {
      return false;
    }
    return cut_.size() + parts <= limit_ || cut_.size() < std::min(limit_, kFewRows);
  }

  void Split(uint32_t node) {
    split_.insert(node);
    if (!tree_.nodes[node].module.valid()) {
      cut_.erase(node); // nothing of its own is left
    }
    cut_.insert(tree_.nodes[node].children.begin(), tree_.nodes[node].children.end());
  }

  const PackageTree &tree_;
  const size_t limit_;
  std::set<uint32_t> cut_, split_;
};

class MatrixBuilder {
public:
  MatrixBuilder(const PackageTree &tree, const Explorer &explorer, size_t limit)
      : tree_(tree), explorer_(explorer), limit_(limit) {}

  Matrix Build() {
    nodes_ = RowChooser(tree_, limit_).Choose();
    AssignModules();
    CountImports();
    const std::vector<uint32_t> kept = MostCoupled();
    Fold(kept);
    Place();
    return std::move(matrix_);
  }

private:
  using Pair = std::pair<uint32_t, uint32_t>; // from, to: indices into nodes_

  void AssignModules() {
    std::vector<int32_t> row(tree_.nodes.size(), -1);
    for (uint32_t i = 0; i < nodes_.size(); ++i) {
      row[nodes_[i]] = static_cast<int32_t>(i);
    }
    for (uint32_t node = 1; node < tree_.nodes.size(); ++node) {
      row[node] = row[node] >= 0 ? row[node] : row[static_cast<size_t>(tree_.nodes[node].parent)];
    }
    for (const ExplorerModule &module : explorer_.modules) {
      matrix_.row_of.push_back(row[module.node]);
    }
  }

  void CountImports() {
    for (size_t i = 0; i < explorer_.modules.size(); ++i) {
      for (const ExplorerLink &link : explorer_.modules[i].imports) {
        const int32_t from = matrix_.row_of[i], to = matrix_.row_of[link.to];
        if (from >= 0 && to >= 0) {
          ++counts_[{static_cast<uint32_t>(from), static_cast<uint32_t>(to)}];
        }
      }
    }
  }

  // Indices into nodes_ that get a row of their own, in order.
  std::vector<uint32_t> MostCoupled() const {
    std::vector<uint32_t> all(nodes_.size());
    for (uint32_t i = 0; i < all.size(); ++i) {
      all[i] = i;
    }
    if (all.size() <= limit_) {
      return all;
    }
    std::vector<uint64_t> coupling(nodes_.size(), 0);
    for (const auto &[pair, count] : counts_) {
      if (pair.first != pair.second) {
        coupling[pair.first] += count;
        coupling[pair.second] += count;
      }
    }
    llvm::stable_sort(all, [&](uint32_t a, uint32_t b) { return coupling[a] > coupling[b]; });
    all.resize(limit_ - 1);
    llvm::sort(all);
    return all;
  }

  // Makes the rows, unordered: by name, "other" last.
  void Fold(llvm::ArrayRef<uint32_t> kept) {
    std::vector<std::pair<std::string, uint32_t>> names;
    for (uint32_t index : kept) {
      names.push_back({tree_.NameOf(nodes_[index]), index});
    }
    llvm::sort(names);
    std::vector<uint32_t> row_of(nodes_.size(), static_cast<uint32_t>(names.size()));
    for (const auto &[name, index] : names) {
      row_of[index] = static_cast<uint32_t>(matrix_.rows.size());
      matrix_.rows.emplace_back().name = name;
      matrix_.rows.back().parts = {nodes_[index]};
    }
    if (kept.size() < nodes_.size()) {
      matrix_.rows.emplace_back().name = "other";
      matrix_.rows.back().other = true;
      for (uint32_t index = 0; index < nodes_.size(); ++index) {
        if (row_of[index] == names.size()) {
          matrix_.rows.back().parts.push_back(nodes_[index]);
        }
      }
    }
    for (int32_t &row : matrix_.row_of) {
      row = row < 0 ? -1 : static_cast<int32_t>(row_of[static_cast<size_t>(row)]);
      if (row >= 0) {
        ++matrix_.rows[static_cast<size_t>(row)].modules;
      }
    }
    std::map<Pair, uint32_t> folded;
    for (const auto &[pair, count] : counts_) {
      folded[{row_of[pair.first], row_of[pair.second]}] += count;
    }
    counts_ = std::move(folded);
  }

  // Puts the rows in order. "other" is a mixture: it takes no part, and stands last.
  void Place() {
    const uint32_t other = matrix_.rows.empty() || !matrix_.rows.back().other
                               ? UINT32_MAX
                               : static_cast<uint32_t>(matrix_.rows.size() - 1);
    Digraph graph;
    graph.nodes = other == UINT32_MAX ? matrix_.rows.size() : other;
    for (const auto &[pair, count] : counts_) {
      if (pair.first != pair.second && pair.first != other && pair.second != other) {
        graph.arcs.push_back({.from = pair.first, .to = pair.second, .weight = count});
      }
    }
    const std::vector<uint32_t> components = StrongComponents(graph);
    std::vector<uint32_t> order = TargetsFirst(graph);
    if (other != UINT32_MAX) {
      order.push_back(other);
    }
    std::vector<uint32_t> place(order.size());
    std::vector<MatrixRow> rows;
    for (uint32_t row : order) {
      place[row] = static_cast<uint32_t>(rows.size());
      rows.push_back(std::move(matrix_.rows[row]));
      rows.back().block = row == other ? UINT32_MAX : components[row];
    }
    matrix_.rows = std::move(rows);
    for (int32_t &row : matrix_.row_of) {
      row = row < 0 ? -1 : static_cast<int32_t>(place[static_cast<size_t>(row)]);
    }
    FillCells(place, other);
  }

  void FillCells(llvm::ArrayRef<uint32_t> place, uint32_t other) {
    for (const auto &[pair, count] : counts_) {
      MatrixRow &row = matrix_.rows[place[pair.first]];
      if (pair.first == pair.second) {
        row.inside = count;
        continue;
      }
      row.cells.push_back({.column = place[pair.second], .imports = count});
      if (place[pair.second] > place[pair.first] && pair.second != other) {
        matrix_.against += count;
      }
    }
    for (MatrixRow &row : matrix_.rows) {
      llvm::sort(row.cells,
                 [](const MatrixCell &a, const MatrixCell &b) { return a.column < b.column; });
    }
  }

  const PackageTree &tree_;
  const Explorer &explorer_;
  const size_t limit_;
  std::vector<uint32_t> nodes_; // of the cut, in number order
  std::map<Pair, uint32_t> counts_;
  Matrix matrix_;
};

} // namespace

Matrix BuildMatrix(const PackageTree &tree, const Explorer &explorer, size_t limit) {
  return MatrixBuilder(tree, explorer, limit).Build();
}

} // namespace pydefrag
