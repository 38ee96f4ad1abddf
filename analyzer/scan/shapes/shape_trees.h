// Shapes (shape.h) -> their trees, put together from the trees of their pieces (shape_pieces.h), of
// which each distinct one is parsed once. Entry points: ShapeTrees, ParsePieces. A shape that
// cannot be cut up, or whose pieces give no tree, is parsed whole.
#pragma once

#include "scan/shapes/shape.h"
#include "scan/shapes/shape_parser.h"
#include "scan/shapes/shape_pieces.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace pydefrag {

// The shapes that one thread works on: those that are added, then parsed together with those of
// others (ParsePieces), then put together.
class ShapeTrees {
public:
  // The index of `shape`, added when new.
  uint32_t Add(llvm::StringRef shape);
  // Makes the trees of what was added, once its texts have theirs.
  void PutTogether();
  // Null when there is an ERROR or MISSING node in it, or when it is not exactly one statement.
  const ShapeTree *Tree(uint32_t index) const { return trees_[index]; }

  // What has to be parsed: pieces, and whole shapes. Each once.
  llvm::ArrayRef<llvm::StringRef> texts() const { return texts_; }
  // Its tree, or null as in `Tree`; must outlive this object.
  void SetTree(size_t text, const ShapeTree *tree) { text_trees_[text] = tree; }

private:
  // A shape's piece that is the statement, or the text that is all of it.
  struct Source {
    bool cut = false;
    uint32_t index = 0;
  };

  uint32_t AddText(llvm::StringRef text);
  bool Append(const ShapePieces::Piece &piece, ShapeTree &tree) const;

  llvm::StringMap<uint32_t> index_;
  std::vector<llvm::StringRef> shapes_; // keys of index_
  std::vector<Source> sources_;
  std::vector<const ShapeTree *> trees_;
  std::vector<std::unique_ptr<ShapeTree>> made_; // those put together
  llvm::StringMap<uint32_t> text_index_;
  std::vector<llvm::StringRef> texts_; // keys of text_index_
  std::vector<const ShapeTree *> text_trees_;
  ShapePieces pieces_;
  std::optional<ShapeParser> parser_; // of shapes whose pieces give no tree
  std::vector<TokenPlace> tokens_;
};

// Parses the texts of all of them, each distinct one once; the trees belong to what is returned.
std::vector<ShapeParser> ParsePieces(llvm::ArrayRef<ShapeTrees *> all, unsigned jobs);

} // namespace pydefrag
