// Shapes: what is left of a statement when every name is `a`, every plain string `""` and every
// plain integer `0`. Statements of one shape have the same tree, so tree-sitter parses each shape
// once, and the tree's places are moved to where the statement's own tokens stand:
//
//   from shop.cart import Cart, Till as T       from a.a import a, a as a
//   PRICE = {"apple": 3}                        a = {"": 0}
//
// Keywords stay, soft ones too, and so does whatever the grammar may look into: f-strings, other
// numbers, names that are not ASCII. Entry points: MakeShape, ShapeTree. Does not parse.
#pragma once

#include "scan/tree.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <vector>

namespace pydefrag {

struct TokenPlace {
  uint32_t begin = 0; // byte offsets in the statement's text
  uint32_t end = 0;
};

using ShapeText = llvm::SmallString<1024>;

// Replaces `shape` by the shape of `text`, and `tokens` by the places of its tokens in `text`.
void MakeShape(llvm::StringRef text, ShapeText &shape, std::vector<TokenPlace> &tokens);

// The tree of one shape, its places told by tokens.
class ShapeTree {
public:
  // `nodes` is the subtree of one statement, with offsets in a text that has the shape at `begin`;
  // `tokens` are the shape's own tokens, relative to `begin`.
  ShapeTree(llvm::ArrayRef<Node> nodes, uint32_t begin, llvm::ArrayRef<TokenPlace> tokens);

  // Replaces `tree` by the tree of a text of this shape that has these tokens. Its root is node 1.
  void Place(llvm::ArrayRef<TokenPlace> tokens, FlatTree &tree) const;

private:
  struct PlacedNode {
    uint32_t begin_token = 0;
    uint32_t begin_delta = 0; // bytes behind the token's begin
    uint32_t end_token = 0;
    uint32_t end_delta = 0; // bytes before the token's end
  };

  std::vector<Node> nodes_;
  std::vector<PlacedNode> places_;
};

} // namespace pydefrag
