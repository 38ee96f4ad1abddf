// OutlineTree: see whole_file.h. One walk over the flat tree in preorder. tree-sitter puts `elif`
// below its `if`; an outline has it beside it, so a header holds the items of its block only.
#include "scan/whole_file.h"

#include "scan/lines/split.h"
#include "scan/lines/suppressions.h"
#include "scan/outline/relevance.h"
#include "scan/reduce/reduce_tokens.h"

#include "llvm/ADT/SmallVector.h"

#include <algorithm>

namespace pydefrag {

namespace {

// A header whose block is being walked.
struct OpenHeader {
  int32_t item = -1;
  uint32_t end = 0; // index in the flat tree behind its block
  bool in_function = false;
  bool in_class = false;
  bool may_have_docstring = false; // nothing stands in the block yet
};

class TreeWalker {
public:
  TreeWalker(llvm::StringRef text, const FlatTree &tree, Outline &outline)
      : text_(text), nodes_(tree.nodes), outline_(outline) {
    FindLineStarts();
    open_.push_back({.end = static_cast<uint32_t>(nodes_.size()), .may_have_docstring = true});
  }

  void Run() {
    for (uint32_t i = 1; i < nodes_.size();) {
      CloseBefore(i);
      i = Visit(i);
    }
    CloseBefore(static_cast<uint32_t>(nodes_.size()));
    outline_.lines = static_cast<uint32_t>(line_starts_.size());
    if (line_starts_.back() == text_.size()) {
      --outline_.lines;
    }
    if (!text_.empty() && outline_.lines == 0) {
      outline_.lines = 1;
    }
    FindSuppressions(text_, comments_, outline_.suppressions);
  }

private:
  void FindLineStarts() {
    line_starts_.push_back(0);
    for (uint32_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '\n' || (text_[i] == '\r' && !text_.substr(i + 1).starts_with("\n"))) {
        line_starts_.push_back(i + 1);
      }
    }
  }

  uint32_t LineOf(uint32_t offset) const {
    return static_cast<uint32_t>(
        std::upper_bound(line_starts_.begin(), line_starts_.end(), offset) - line_starts_.begin());
  }

  void CloseBefore(uint32_t index) {
    while (open_.size() > 1 && open_.back().end <= index) {
      outline_.items[static_cast<size_t>(open_.pop_back_val().item)].subtree_end =
          static_cast<uint32_t>(outline_.items.size());
    }
  }

  // Returns the index of the node to visit next.
  uint32_t Visit(uint32_t index) {
    const Node &node = nodes_[index];
    switch (node.kind) {
    case NodeKind::Comment:
      comments_.push_back({node.begin, CommentEnd(node)});
      return node.subtree_end;
    case NodeKind::PrintStatement:
      if (nodes_[index + 1].kind != NodeKind::Chevron || index + 1 == node.subtree_end) {
        RejectPython2(node, "the print statement is Python 2 syntax");
      }
      return AddSimple(index, StatementKind::Expression);
    case NodeKind::ExecStatement:
      RejectPython2(node, "the exec statement is Python 2 syntax");
      return AddSimple(index, StatementKind::Expression);
    case NodeKind::TokenLessGreater:
      RejectPython2(node, "`<>` is Python 2 syntax");
      return node.subtree_end;
    case NodeKind::ImportStatement:
      return AddSimple(index, StatementKind::Import);
    case NodeKind::ImportFromStatement:
    case NodeKind::FutureImportStatement:
      return AddSimple(index, StatementKind::FromImport);
    case NodeKind::AssertStatement:
      return AddSimple(index, StatementKind::Assert);
    case NodeKind::ExpressionStatement:
      return AddSimple(index, ExpressionKind(node));
    case NodeKind::ReturnStatement:
      return AddSimple(index, StatementKind::Return);
    case NodeKind::DeleteStatement:
      return AddSimple(index, StatementKind::Delete);
    case NodeKind::RaiseStatement:
      return AddSimple(index, StatementKind::Raise);
    case NodeKind::PassStatement:
    case NodeKind::BreakStatement:
    case NodeKind::ContinueStatement:
      return AddSimple(index, StatementKind::Pass);
    case NodeKind::GlobalStatement:
      return AddSimple(index, StatementKind::Global);
    case NodeKind::NonlocalStatement:
      return AddSimple(index, StatementKind::Nonlocal);
    case NodeKind::TypeAliasStatement:
      return AddSimple(index, StatementKind::TypeAlias);
    case NodeKind::DecoratedDefinition:
      decorators_ = node.begin;
      return index + 1;
    default:
      return VisitHeader(index);
    }
  }

  uint32_t VisitHeader(uint32_t index) {
    switch (nodes_[index].kind) {
    case NodeKind::IfStatement:
      return AddHeader(index, StatementKind::If);
    case NodeKind::ElifClause:
      return AddHeader(index, StatementKind::Elif);
    case NodeKind::ElseClause:
      return AddHeader(index, StatementKind::Else);
    case NodeKind::ForStatement:
      return AddHeader(index, StatementKind::For);
    case NodeKind::WhileStatement:
      return AddHeader(index, StatementKind::While);
    case NodeKind::TryStatement:
      return AddHeader(index, StatementKind::Try);
    case NodeKind::ExceptClause:
      return AddHeader(index, nodes_[index + 1].kind == NodeKind::TokenStar
                                  ? StatementKind::ExceptStar
                                  : StatementKind::Except);
    case NodeKind::FinallyClause:
      return AddHeader(index, StatementKind::Finally);
    case NodeKind::WithStatement:
      return AddHeader(index, StatementKind::With);
    case NodeKind::MatchStatement:
      return AddHeader(index, StatementKind::Match);
    case NodeKind::CaseClause:
      return AddHeader(index, StatementKind::Case);
    case NodeKind::FunctionDefinition:
      return AddHeader(index, StatementKind::Function);
    case NodeKind::ClassDefinition:
      return AddHeader(index, StatementKind::Class);
    default:
      return index + 1;
    }
  }

  StatementKind ExpressionKind(const Node &node) const {
    return open_.back().may_have_docstring &&
                   (text_[node.end - 1] == '"' || text_[node.end - 1] == '\'') &&
                   IsPlainLiteral(text_, {node.begin, node.end})
               ? StatementKind::Docstring
               : StatementKind::Expression;
  }

  // With a \r\n, tree-sitter's comment holds the \r.
  uint32_t CommentEnd(const Node &node) const {
    const llvm::StringRef comment = text_.slice(node.begin, node.end);
    return node.begin + static_cast<uint32_t>(std::min(comment.find('\r'), comment.size()));
  }

  void RejectPython2(const Node &node, const char *why) {
    if (outline_.status == LexStatus::Certain) {
      outline_.status = LexStatus::Rejected;
      outline_.python2 = true;
      outline_.at = node.begin;
      outline_.why = why;
    }
  }

  OutlineItem &Append(const Node &node, StatementKind kind, uint32_t text_end) {
    OpenHeader &parent = open_.back();
    OutlineItem item;
    item.kind = kind;
    item.begin = node.begin;
    item.head = node.begin;
    item.text_end = text_end;
    item.line = LineOf(node.begin);
    item.last_line = LineOf(text_end - 1);
    item.parent = parent.item;
    item.in_function = parent.in_function;
    item.in_class = parent.in_class;
    item.subtree_end = static_cast<uint32_t>(outline_.items.size()) + 1;
    parent.may_have_docstring = false;
    outline_.items.push_back(item);
    return outline_.items.back();
  }

  // Comments inside are still to be seen, and so is Python 2.
  uint32_t AddSimple(uint32_t index, StatementKind kind) {
    const Node &node = nodes_[index];
    Append(node, kind, node.end);
    for (uint32_t i = index + 1; i < node.subtree_end; ++i) {
      if (nodes_[i].kind == NodeKind::Comment || nodes_[i].kind == NodeKind::TokenLessGreater) {
        Visit(i);
      }
    }
    return node.subtree_end;
  }

  uint32_t AddHeader(uint32_t index, StatementKind kind) {
    const Node &node = nodes_[index];
    uint32_t parts_end = node.begin;
    uint32_t block_end = node.subtree_end;
    for (uint32_t i = index + 1; i < node.subtree_end; i = nodes_[i].subtree_end) {
      if (nodes_[i].kind == NodeKind::Block) {
        block_end = nodes_[i].subtree_end;
        break;
      }
      if (nodes_[i].kind != NodeKind::Comment) {
        parts_end = nodes_[i].end;
      }
    }
    OutlineItem &item = Append(node, kind, ColonEnd(parts_end));
    const OpenHeader &parent = open_.back();
    const bool defines = kind == StatementKind::Function || kind == StatementKind::Class;
    if (defines && decorators_ != kNone) {
      item.begin = decorators_;
      decorators_ = kNone;
    }
    open_.push_back({.item = static_cast<int32_t>(outline_.items.size()) - 1,
                     .end = block_end,
                     .in_function = parent.in_function || kind == StatementKind::Function,
                     .in_class = defines ? kind == StatementKind::Class : parent.in_class,
                     .may_have_docstring = defines});
    return index + 1;
  }

  // Behind the first `:` at or behind `at`.
  uint32_t ColonEnd(uint32_t at) const {
    for (Token token = NextToken(text_, at); token.kind != TokenKind::End;
         token = NextToken(text_, token.end)) {
      if (text_[token.begin] == ':') {
        return token.end;
      }
    }
    return static_cast<uint32_t>(text_.size());
  }

  static constexpr uint32_t kNone = 0xffffffff;

  llvm::StringRef text_;
  const std::vector<Node> &nodes_;
  Outline &outline_;
  llvm::SmallVector<OpenHeader, 32> open_;
  std::vector<uint32_t> line_starts_;
  std::vector<Span> comments_;
  uint32_t decorators_ = kNone;
};

} // namespace

// Where the first ERROR or MISSING node begins, as narrowly as the tree knows.
static uint32_t FirstError(const FlatTree &tree) {
  uint32_t innermost = 0;
  for (uint32_t i = 1; i < tree.nodes[innermost].subtree_end;) {
    if ((tree.nodes[i].flags & kErroneous) != 0) {
      innermost = i++;
    } else {
      i = tree.nodes[i].subtree_end;
    }
  }
  return tree.nodes[innermost].begin;
}

void OutlineTree(llvm::StringRef text, TreeParser &parser, FlatTree &tree, Outline &outline) {
  std::vector<OutlineItem> items = std::move(outline.items);
  items.clear();
  outline = {};
  outline.items = std::move(items);
  outline.has_shebang = text.starts_with("#!");
  std::string replaced;
  if (HasLoneReturn(text)) {
    replaced = text.str();
    ReplaceLoneReturns({replaced.data(), replaced.size()});
  }
  parser.Parse(replaced.empty() ? text : replaced, TreeParser::Comments::Keep, tree);
  TreeWalker(text, tree, outline).Run();
  if (tree.has_error && outline.status == LexStatus::Certain) {
    outline.status = LexStatus::Uncertain;
    outline.at = FirstError(tree);
    outline.why = "this part is not understood";
  }
  RelevanceScratch scratch;
  scratch.interest.Reset(text);
  KeepRelevant(text, outline, scratch);
}

} // namespace pydefrag
