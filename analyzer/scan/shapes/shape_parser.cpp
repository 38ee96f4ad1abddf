// See shape_parser.h.
#include "scan/shapes/shape_parser.h"

#include "llvm/ADT/SmallVector.h"

namespace pydefrag {

// Larger batches gain nothing; smaller ones show tree-sitter's start.
static constexpr size_t kBatchBytes = 16u << 10;

uint32_t ShapeParser::Add(llvm::StringRef shape) {
  const auto [it, inserted] = index_.try_emplace(shape, static_cast<uint32_t>(shapes_.size()));
  if (inserted) {
    shapes_.push_back(it->getKey());
  }
  return it->getValue();
}

void ShapeParser::ParseNew() {
  trees_.reserve(shapes_.size());
  while (trees_.size() < shapes_.size()) {
    const llvm::ArrayRef<llvm::StringRef> rest = llvm::ArrayRef(shapes_).drop_front(trees_.size());
    size_t count = 0;
    for (size_t bytes = 0; count < rest.size() && bytes < kBatchBytes; ++count) {
      bytes += rest[count].size() + 1;
    }
    ParseBatch(rest.take_front(count));
  }
}

// Appends one tree, or none, for each of `shapes`, in order.
void ShapeParser::ParseBatch(llvm::ArrayRef<llvm::StringRef> shapes) {
  llvm::SmallVector<llvm::ArrayRef<llvm::StringRef>, 16> ranges;
  ranges.push_back(shapes);
  while (!ranges.empty()) {
    const llvm::ArrayRef<llvm::StringRef> range = ranges.pop_back_val();
    if (ParseTogether(range)) {
      for (size_t i = 0; i < range.size(); ++i) {
        AppendTree(range[i], begins_[i], roots_[i]);
      }
    } else if (range.size() == 1) {
      trees_.emplace_back(std::nullopt);
    } else {
      ranges.push_back(range.drop_front(range.size() / 2));
      ranges.push_back(range.take_front(range.size() / 2));
    }
  }
}

// Whether the shapes parse without an error, each as exactly one statement within its own bytes.
bool ShapeParser::ParseTogether(llvm::ArrayRef<llvm::StringRef> shapes) {
  buffer_.clear();
  begins_.clear();
  roots_.clear();
  for (llvm::StringRef shape : shapes) {
    begins_.push_back(static_cast<uint32_t>(buffer_.size()));
    buffer_.append(shape.data(), shape.size());
    buffer_.push_back('\n');
  }
  parser_.Parse(buffer_, TreeParser::Comments::Drop, tree_);
  if (tree_.has_error) {
    return false;
  }
  for (uint32_t i = 1; i < tree_.nodes.size(); i = tree_.nodes[i].subtree_end) {
    const size_t number = roots_.size();
    if (number == shapes.size() || tree_.nodes[i].begin != begins_[number] ||
        tree_.nodes[i].end > begins_[number] + shapes[number].size() + 1) {
      return false;
    }
    roots_.push_back(i);
  }
  return roots_.size() == shapes.size();
}

// Where a name stood there is a name, so the shape's tokens are found as those of any text.
void ShapeParser::AppendTree(llvm::StringRef shape, uint32_t begin, uint32_t root) {
  FindTokens(shape, tokens_);
  const llvm::ArrayRef<Node> nodes =
      llvm::ArrayRef(tree_.nodes).slice(root, tree_.nodes[root].subtree_end - root);
  trees_.emplace_back(ShapeTree(nodes, begin, tokens_));
}

} // namespace pydefrag
