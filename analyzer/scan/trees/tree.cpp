// TreeParser: see tree.h. Walks the library's own tree once; its cursor, which is for trees that
// are edited, takes four times as long. Also the table from symbols of the grammar to NodeKind
// (node_kinds.h): the only file that includes tree-sitter.
#include "scan/trees/tree.h"

#include "base/check.h"
#include "scan/trees/node_kinds.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <vector>

extern "C" {
#include <subtree.h> // tree-sitter's own, of the pinned version
#include <tree.h>
}

extern "C" const TSLanguage *tree_sitter_python(void);

namespace pydefrag {

// Made once from the grammar's own names.
static NodeKind KindOfName(llvm::StringRef name, bool named) {
#define PYDEFRAG_COMPARE(kind, spelling, is_named)                                                 \
  if (named == (is_named) && name == (spelling)) {                                                 \
    return NodeKind::kind;                                                                         \
  }
  PYDEFRAG_NODE_KINDS(PYDEFRAG_COMPARE)
#undef PYDEFRAG_COMPARE
  return NodeKind::None;
}

static std::vector<NodeKind> MakeTable() {
  const TSLanguage *language = tree_sitter_python();
  std::vector<NodeKind> table(ts_language_symbol_count(language), NodeKind::None);
  for (size_t i = 0; i < table.size(); ++i) {
    const TSSymbol symbol = static_cast<TSSymbol>(i);
    const TSSymbolType type = ts_language_symbol_type(language, symbol);
    if (type == TSSymbolTypeRegular || type == TSSymbolTypeAnonymous) {
      table[i] = KindOfName(ts_language_symbol_name(language, symbol), type == TSSymbolTypeRegular);
    }
  }
  return table;
}

NodeKind KindOfSymbol(uint16_t symbol) {
  static const std::vector<NodeKind> table = MakeTable();
  return symbol < table.size() ? table[symbol] : NodeKind::None;
}

namespace {

// Children of a node that are still to come.
struct Level {
  const Subtree *next = nullptr;
  const Subtree *end = nullptr;
  const TSSymbol *aliases = nullptr; // of the children from `next` on that are no extras, or null
  uint32_t begin = 0;                // byte offset of `next`
  uint32_t holder = 0;               // the node in the flat tree that they stand in
  bool closes = false;               // `holder` ends with the last of them
};

} // namespace

struct TreeParser::Impl {
  TSParser *parser = nullptr;
  llvm::SmallVector<Level, 64> open; // innermost last
};

TreeParser::TreeParser() : impl_(std::make_unique<Impl>()) {
  impl_->parser = ts_parser_new();
  PD_CHECK(ts_parser_set_language(impl_->parser, tree_sitter_python()));
}

TreeParser::~TreeParser() {
  ts_parser_delete(impl_->parser);
}

// Whether a string may hold interpolations: only then is it walked.
static bool HasInterpolations(llvm::StringRef text) {
  for (char c : text.take_front(3)) {
    switch (c) {
    case 'f':
    case 'F':
    case 't':
    case 'T':
      return true;
    case '"':
    case '\'':
      return false;
    default:
      break;
    }
  }
  return false;
}

namespace {

// From the library's tree to the flat one. The library keeps, besides what the grammar names, nodes
// that only group others: those are hidden, and their children count as the children of the node
// above. A rule may give a child another name, its alias.
class Flattener {
public:
  Flattener(const TSTree &parsed, llvm::StringRef text, TreeParser::Comments comments,
            llvm::SmallVectorImpl<Level> &open, FlatTree &tree)
      : language_(*parsed.language), text_(text), comments_(comments), open_(open), tree_(tree) {}

  void Run(Subtree root) {
    tree_.nodes.clear();
    tree_.has_error = ts_subtree_error_cost(root) > 0;
    open_.clear();
    // A text that is wrong from its start has an ERROR node for its root.
    const uint32_t begin = ts_subtree_padding(root).bytes;
    const uint32_t node = Append(root, begin, NodeKind::Module);
    Enter(root, begin, node, true);
    while (!open_.empty()) {
      Level &level = open_.back();
      if (level.next == level.end) {
        if (level.closes) {
          tree_.nodes[level.holder].subtree_end = static_cast<uint32_t>(tree_.nodes.size());
        }
        open_.pop_back();
      } else {
        Take(level);
      }
    }
  }

private:
  // Takes the next child of `level`, which may be gone afterwards.
  void Take(Level &level) {
    const Subtree node = *level.next++;
    const uint32_t begin = level.begin;
    const uint32_t holder = level.holder;
    level.begin += ts_subtree_size(node).bytes;
    if (level.next != level.end) {
      level.begin += ts_subtree_padding(*level.next).bytes;
    }
    TSSymbol alias = 0;
    if (level.aliases != nullptr && !ts_subtree_extra(node)) {
      alias = *level.aliases++;
    }
    if (alias == 0 && !ts_subtree_visible(node)) {
      Enter(node, begin, holder, false);
    } else {
      Visit(node, KindOf(alias != 0 ? alias : ts_subtree_symbol(node)), begin, holder);
    }
  }

  NodeKind KindOf(TSSymbol symbol) const {
    return symbol == ts_builtin_sym_error ? NodeKind::None
                                          : KindOfSymbol(language_.public_symbol_map[symbol]);
  }

  void Visit(Subtree node, NodeKind kind, uint32_t begin, uint32_t holder) {
    switch (kind) {
    case NodeKind::None: // a bracket, or something that only groups
      Enter(node, begin, holder, false);
      return;
    case NodeKind::TokenComma:
      tree_.nodes[holder].flags |= kHasComma;
      return;
    case NodeKind::TokenAsync:
      tree_.nodes[holder].flags |= kIsAsync;
      return;
    case NodeKind::Comment:
      if (comments_ == TreeParser::Comments::Drop) {
        return;
      }
      break;
    default:
      break;
    }
    const uint32_t index = Append(node, begin, kind);
    const bool leaf = IsToken(kind) || kind == NodeKind::Identifier ||
                      (kind == NodeKind::String && !HasInterpolations(text_.substr(begin)));
    if (!leaf) {
      Enter(node, begin, index, true);
    }
  }

  uint32_t Append(Subtree node, uint32_t begin, NodeKind kind) {
    Node flat;
    flat.begin = begin;
    flat.end = begin + ts_subtree_size(node).bytes;
    flat.subtree_end = static_cast<uint32_t>(tree_.nodes.size()) + 1;
    flat.kind = kind;
    if (tree_.has_error && ts_subtree_error_cost(node) > 0) {
      flat.flags = kErroneous;
    }
    tree_.nodes.push_back(flat);
    return flat.subtree_end - 1;
  }

  void Enter(Subtree node, uint32_t begin, uint32_t holder, bool closes) {
    if (ts_subtree_visible_child_count(node) == 0) {
      return;
    }
    const Subtree *children = ts_subtree_children(node);
    const uint32_t production = node.ptr->production_id;
    open_.push_back({.next = children,
                     .end = children + node.ptr->child_count,
                     .aliases = production == 0
                                    ? nullptr
                                    : language_.alias_sequences +
                                          production * language_.max_alias_sequence_length,
                     .begin = begin,
                     .holder = holder,
                     .closes = closes});
  }

  const TSLanguage &language_;
  llvm::StringRef text_;
  TreeParser::Comments comments_;
  llvm::SmallVectorImpl<Level> &open_;
  FlatTree &tree_;
};

} // namespace

void TreeParser::Parse(llvm::StringRef text, Comments comments, FlatTree &tree) {
  TSTree *parsed = ts_parser_parse_string(impl_->parser, nullptr, text.data(),
                                          static_cast<uint32_t>(text.size()));
  PD_CHECK(parsed != nullptr);
  Flattener(*parsed, text, comments, impl_->open, tree).Run(parsed->root);
  ts_tree_delete(parsed);
}

} // namespace pydefrag
