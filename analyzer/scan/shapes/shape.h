// Shapes: what is left of a statement when every name is `a`, every plain string `""` and every
// plain number `0` or `0.0`. Statements of one shape have the same tree, so tree-sitter parses each
// shape once, and the tree's places are moved to where the statement's own tokens stand:
//
//   from shop.cart import Cart, Till as T       from a.a import a, a as a
//   PRICE = {"apple": 3}                        a = {"": 0}
//
// Keywords stay, soft ones too, and so does whatever the grammar may look into: f-strings, other
// numbers, names that are not ASCII. Of equal elements in a list two are left, and the others are
// told as a fold: their nodes are copies of the second one's.
//
//   X = ["a", "b", "c", "d"]                    a = ["", "", ""], 1 element folded
//
// Entry points: MakeShape, ShapeTree. Does not parse.
#pragma once

#include "scan/trees/tree.h"

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

// Elements that the shape leaves out: `count` times `length` tokens, the comma behind each among
// them, from the statement's token `first` on. What stands before them in the shape is such an
// element too.
struct Fold {
  uint32_t first = 0;
  uint32_t length = 0;
  uint32_t count = 0;
  friend bool operator==(const Fold &, const Fold &) = default;
};

using ShapeText = llvm::SmallString<1024>;

// A statement taken apart. Kept from one to the next, for its capacity.
struct StatementShape {
  ShapeText text;
  std::vector<TokenPlace> tokens; // all of the statement's
  std::vector<Fold> folds;        // ascending
};

// Replaces `shape` by the shape of `text`.
void MakeShape(llvm::StringRef text, StatementShape &shape);

// Replaces `tokens` by the places of the tokens in `text`.
void FindTokens(llvm::StringRef text, std::vector<TokenPlace> &tokens);

// The tree of one shape, its places told by tokens.
class ShapeTree {
public:
  ShapeTree() = default; // for AppendNode
  // `nodes` is the subtree of one statement, with offsets in a text that has the shape at `begin`;
  // `tokens` are the shape's own tokens, relative to `begin`.
  ShapeTree(llvm::ArrayRef<Node> nodes, uint32_t begin, llvm::ArrayRef<TokenPlace> tokens);

  // In preorder; the root is node 1, were node 0 the module. Their places mean nothing.
  llvm::ArrayRef<Node> nodes() const { return nodes_; }
  Node &node(size_t index) { return nodes_[index]; }
  // The token that the node begins with.
  uint32_t BeginToken(size_t index) const { return places_[index].begin_token; }
  // Appends a node of `other`, whose tokens are those of this shape that `tokens` says.
  void AppendNode(const ShapeTree &other, size_t index, llvm::ArrayRef<uint32_t> tokens);

  // Replaces `tree` by the tree of a text of this shape that has these tokens and folds. Its root
  // is node 1.
  void Place(llvm::ArrayRef<TokenPlace> tokens, llvm::ArrayRef<Fold> folds, FlatTree &tree) const;

private:
  struct PlacedNode {
    uint32_t begin_token = 0;
    uint32_t begin_delta = 0; // bytes behind the token's begin
    uint32_t end_token = 0;
    uint32_t end_delta = 0; // bytes before the token's end
  };
  // Where one fold is in this tree.
  struct FoldPlace {
    uint32_t token = 0;    // the first token behind it
    uint32_t left_out = 0; // tokens left out up to there
    uint32_t begin = 0;    // the nodes of the element before it, which are repeated
    uint32_t end = 0;
    uint32_t added = 0; // nodes added up to there
  };

  Node At(size_t index, llvm::ArrayRef<TokenPlace> tokens, uint32_t begin_shift,
          uint32_t end_shift) const;
  FoldPlace PlaceOf(const Fold &fold, const FoldPlace &before) const;
  void PlaceUnfolded(llvm::ArrayRef<TokenPlace> tokens, llvm::ArrayRef<Fold> folds,
                     FlatTree &tree) const;
  void AppendCopies(llvm::ArrayRef<TokenPlace> tokens, const Fold &fold, const FoldPlace &place,
                    FlatTree &tree) const;

  std::vector<Node> nodes_;
  std::vector<PlacedNode> places_;
};

} // namespace pydefrag
