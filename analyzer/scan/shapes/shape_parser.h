// Shapes (shape.h) -> their trees, each parsed once by tree-sitter. Entry points: Add, ParseNew.
//
// Many shapes are put into one buffer and parsed at once, because starting tree-sitter costs more
// than a short statement does. A buffer with an error in it is halved until the shapes that are
// wrong stand alone, so that what one gives never depends on its neighbours.
#pragma once

#include "scan/shapes/shape.h"
#include "scan/trees/tree.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

class ShapeParser {
public:
  // The index of `shape`, added when new.
  uint32_t Add(llvm::StringRef shape);
  // Parses what was added since the last call.
  void ParseNew();
  // Null when there is an ERROR or MISSING node in it, or when it is not exactly one statement.
  const ShapeTree *Tree(uint32_t index) const { return trees_[index] ? &*trees_[index] : nullptr; }

private:
  void ParseBatch(llvm::ArrayRef<llvm::StringRef> shapes);
  bool ParseTogether(llvm::ArrayRef<llvm::StringRef> shapes);
  void AppendTree(llvm::StringRef shape, uint32_t begin, uint32_t root);

  llvm::StringMap<uint32_t> index_;
  std::vector<llvm::StringRef> shapes_; // keys of index_
  std::vector<std::optional<ShapeTree>> trees_;
  TreeParser parser_;
  FlatTree tree_;
  std::string buffer_;
  std::vector<uint32_t> begins_; // of the shapes in buffer_
  std::vector<uint32_t> roots_;  // their nodes in tree_
  std::vector<TokenPlace> tokens_;
};

} // namespace pydefrag
