// See shape_trees.h.
#include "scan/shapes/shape_trees.h"

#include "base/parallel.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/xxhash.h"

namespace pydefrag {

uint32_t ShapeTrees::Add(llvm::StringRef shape) {
  const auto [it, inserted] = index_.try_emplace(shape, static_cast<uint32_t>(shapes_.size()));
  if (!inserted) {
    return it->getValue();
  }
  shapes_.push_back(it->getKey());
  FindTokens(shape, tokens_);
  const bool cut =
      CutShape(shape, tokens_, [this](llvm::StringRef text) { return AddText(text); }, pieces_);
  sources_.push_back(
      {.cut = cut,
       .index = cut ? static_cast<uint32_t>(pieces_.pieces.size()) - 1 : AddText(shape)});
  return it->getValue();
}

uint32_t ShapeTrees::AddText(llvm::StringRef text) {
  const auto [it, inserted] = text_index_.try_emplace(text, static_cast<uint32_t>(texts_.size()));
  if (inserted) {
    texts_.push_back(it->getKey());
    text_trees_.push_back(nullptr);
  }
  return it->getValue();
}

void ShapeTrees::PutTogether() {
  std::vector<std::pair<size_t, uint32_t>> whole; // shapes, and what they are in `parser_`
  for (size_t i = trees_.size(); i < shapes_.size(); ++i) {
    const Source source = sources_[i];
    if (!source.cut) {
      trees_.push_back(text_trees_[source.index]);
      continue;
    }
    auto tree = std::make_unique<ShapeTree>();
    if (Append(pieces_.pieces[source.index], *tree)) {
      trees_.push_back(tree.get());
      made_.push_back(std::move(tree));
      continue;
    }
    if (!parser_) {
      parser_.emplace();
    }
    trees_.push_back(nullptr);
    whole.emplace_back(i, parser_->Add(shapes_[i]));
  }
  if (!whole.empty()) {
    parser_->ParseNew();
  }
  for (const auto &[shape, index] : whole) {
    trees_[shape] = parser_->Tree(index);
  }
}

std::vector<ShapeParser> ParsePieces(llvm::ArrayRef<ShapeTrees *> all, unsigned jobs) {
  const unsigned threads = EffectiveJobs(jobs);
  std::vector<ShapeParser> parsers(threads == 1 ? 1 : threads * 2);
  ParallelFor(parsers.size(), jobs, 1, [&](size_t part) {
    struct Wanted {
      ShapeTrees *trees;
      size_t text;
      uint32_t index;
    };
    ShapeParser &parser = parsers[part];
    std::vector<Wanted> wanted;
    for (ShapeTrees *trees : all) {
      for (size_t i = 0; i < trees->texts().size(); ++i) {
        const llvm::StringRef text = trees->texts()[i];
        if (parsers.size() == 1 || llvm::xxh3_64bits(text) % parsers.size() == part) {
          wanted.push_back({.trees = trees, .text = i, .index = parser.Add(text)});
        }
      }
    }
    parser.ParseNew();
    for (const Wanted &one : wanted) {
      one.trees->SetTree(one.text, parser.Tree(one.index));
    }
  });
  return parsers;
}

// Where in the tree of a piece what it stands for begins: behind the statement, the bracket, and
// the name that is called. Nothing when the tree is not of that form.
static std::optional<size_t> BeginOf(PieceKind kind, llvm::ArrayRef<Node> nodes) {
  // What is within: one node, and all that is left stands under it.
  const auto inside = [nodes](llvm::ArrayRef<NodeKind> around) -> std::optional<size_t> {
    for (size_t i = 0; i < around.size(); ++i) {
      if (i >= nodes.size() || nodes[i].kind != around[i]) {
        return std::nullopt;
      }
    }
    const size_t begin = around.size();
    return begin < nodes.size() && nodes[begin].subtree_end == nodes.size() + 1
               ? std::optional(begin)
               : std::nullopt;
  };
  switch (kind) {
  case PieceKind::Statement:
    return 0;
  case PieceKind::Argument:
    return inside({NodeKind::ExpressionStatement, NodeKind::Call, NodeKind::Identifier,
                   NodeKind::ArgumentList});
  case PieceKind::Element:
    return inside({NodeKind::ExpressionStatement, NodeKind::List});
  case PieceKind::Item:
    return inside({NodeKind::ExpressionStatement, NodeKind::Tuple});
  case PieceKind::Entry:
    return inside({NodeKind::ExpressionStatement, NodeKind::Dictionary});
  }
  return std::nullopt;
}

static NodeKind NodeOf(PieceKind kind) {
  switch (kind) {
  case PieceKind::Argument:
    return NodeKind::ArgumentList;
  case PieceKind::Element:
    return NodeKind::List;
  case PieceKind::Item:
    return NodeKind::Tuple;
  default:
    return NodeKind::Dictionary;
  }
}

// Appends what the piece stands for; false when some piece has no tree, or another one than one
// would think.
bool ShapeTrees::Append(const ShapePieces::Piece &piece, ShapeTree &tree) const {
  const ShapeTree *own = text_trees_[piece.text];
  const std::optional<size_t> begin =
      own == nullptr ? std::nullopt : BeginOf(piece.kind, own->nodes());
  if (!begin) {
    return false;
  }
  const size_t count = own->nodes().size();
  llvm::SmallVector<uint32_t, 32> places; // of the nodes, in `tree`
  uint32_t group = piece.groups_begin;
  for (size_t i = *begin; i < count; ++i) {
    places.push_back(static_cast<uint32_t>(tree.nodes().size()));
    tree.AppendNode(*own, i, llvm::ArrayRef(pieces_.tokens).drop_front(piece.tokens_begin));
    if (group == piece.groups_end || own->BeginToken(i) != pieces_.groups[group].token ||
        own->nodes()[i].kind != NodeOf(pieces_.groups[group].kind)) {
      continue;
    }
    const ShapePieces::Group &emptied = pieces_.groups[group++];
    if (own->nodes()[i].subtree_end != i + 2) {
      return false;
    }
    tree.node(places.back()).flags |= emptied.comma ? kHasComma : 0;
    for (uint32_t member = emptied.begin; member < emptied.end; ++member) {
      if (!Append(pieces_.pieces[pieces_.members[member]], tree)) {
        return false;
      }
    }
  }
  places.push_back(static_cast<uint32_t>(tree.nodes().size()));
  for (size_t i = *begin; i < count; ++i) {
    tree.node(places[i - *begin]).subtree_end =
        places[own->nodes()[i].subtree_end - 1 - *begin] + 1;
  }
  return group == piece.groups_end;
}

} // namespace pydefrag
