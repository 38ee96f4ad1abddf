// TreeParser: see tree.h. Walks the library's tree once with its cursor. Also the table from
// symbols of the grammar to NodeKind (node_kinds.h): the only file that includes tree-sitter.
#include "scan/tree.h"

#include "base/check.h"
#include "scan/node_kinds.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <tree_sitter/api.h>

#include <vector>

extern "C" const TSLanguage *tree_sitter_python(void);

namespace pydefrag {

// Made once from the grammar's own names.
static NodeKind KindOfName(llvm::StringRef name, bool named) {
#define PYDEFRAG_COMPARE(kind, spelling, is_named)                                                 \
  if (named == (is_named) && name == spelling) {                                                   \
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

struct TreeParser::Impl {
  TSParser *parser = nullptr;
  TSTreeCursor cursor = {};
  bool has_cursor = false;
  llvm::SmallVector<uint32_t, 64> open; // indices of the nodes that the cursor is below; kNotKept
                                        // for levels whose node is left out
};

static constexpr uint32_t kNotKept = 0xffffffff;

TreeParser::TreeParser() : impl_(std::make_unique<Impl>()) {
  impl_->parser = ts_parser_new();
  PD_CHECK(ts_parser_set_language(impl_->parser, tree_sitter_python()));
}

TreeParser::~TreeParser() {
  if (impl_->has_cursor) {
    ts_tree_cursor_delete(&impl_->cursor);
  }
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

static void NoteInParent(FlatTree &tree, llvm::ArrayRef<uint32_t> open, uint8_t flag) {
  for (size_t i = open.size(); i-- > 0;) {
    if (open[i] != kNotKept) {
      tree.nodes[open[i]].flags |= flag;
      return;
    }
  }
}

namespace {

struct Visited {
  uint32_t index = kNotKept; // in the flat tree
  bool descend = true;
};

} // namespace

static Visited Visit(TSNode node, llvm::StringRef text, TreeParser::Comments comments,
                     llvm::ArrayRef<uint32_t> open, FlatTree &tree) {
  // A text that is wrong from its start has an ERROR node for its root.
  const NodeKind kind = tree.nodes.empty() ? NodeKind::Module : KindOfSymbol(ts_node_symbol(node));
  switch (kind) {
  case NodeKind::None: // a bracket, or something that only groups
    return {.descend = ts_node_child_count(node) > 0};
  case NodeKind::TokenComma:
    NoteInParent(tree, open, kHasComma);
    return {.descend = false};
  case NodeKind::TokenAsync:
    NoteInParent(tree, open, kIsAsync);
    return {.descend = false};
  case NodeKind::Comment:
    if (comments == TreeParser::Comments::Drop) {
      return {.descend = false};
    }
    break;
  default:
    break;
  }
  Node flat;
  flat.begin = ts_node_start_byte(node);
  flat.end = ts_node_end_byte(node);
  flat.kind = kind;
  if (tree.has_error && ts_node_has_error(node)) {
    flat.flags = kErroneous;
  }
  tree.nodes.push_back(flat);
  flat.subtree_end = static_cast<uint32_t>(tree.nodes.size());
  const bool leaf = IsToken(kind) || kind == NodeKind::Identifier ||
                    (kind == NodeKind::String && !HasInterpolations(text.substr(flat.begin)));
  tree.nodes.back().subtree_end = flat.subtree_end;
  return {.index = flat.subtree_end - 1, .descend = !leaf && ts_node_child_count(node) > 0};
}

void TreeParser::Parse(llvm::StringRef text, Comments comments, FlatTree &tree) {
  tree.nodes.clear();
  TSTree *parsed = ts_parser_parse_string(impl_->parser, nullptr, text.data(),
                                          static_cast<uint32_t>(text.size()));
  PD_CHECK(parsed != nullptr);
  const TSNode root = ts_tree_root_node(parsed);
  tree.has_error = ts_node_has_error(root);
  TSTreeCursor &cursor = impl_->cursor;
  if (impl_->has_cursor) {
    ts_tree_cursor_reset(&cursor, root);
  } else {
    cursor = ts_tree_cursor_new(root);
    impl_->has_cursor = true;
  }
  llvm::SmallVector<uint32_t, 64> &open = impl_->open;
  open.clear();
  for (bool more = true; more;) {
    const Visited visited = Visit(ts_tree_cursor_current_node(&cursor), text, comments, open, tree);
    if (visited.descend && ts_tree_cursor_goto_first_child(&cursor)) {
      open.push_back(visited.index);
      continue;
    }
    while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
      if (open.empty() || !ts_tree_cursor_goto_parent(&cursor)) {
        more = false;
        break;
      }
      if (open.back() != kNotKept) {
        tree.nodes[open.back()].subtree_end = static_cast<uint32_t>(tree.nodes.size());
      }
      open.pop_back();
    }
  }
  ts_tree_delete(parsed);
}

} // namespace pydefrag
