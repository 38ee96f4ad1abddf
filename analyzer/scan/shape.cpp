// See shape.h.
#include "scan/shape.h"

#include "scan/reduce_tokens.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <algorithm>

namespace pydefrag {

// Every word that the grammar knows.
static bool IsGrammarWord(llvm::StringRef word) {
  if (word.size() == 1) {
    return word[0] == '_';
  }
  if (word.size() > 8) {
    return word == "__future__";
  }
  return llvm::StringSwitch<bool>(word)
      .Cases("as", "if", "in", "is", "or", true)
      .Cases("and", "def", "del", "for", "not", "try", true)
      .Cases("case", "elif", "else", "exec", "from", "None", "pass", "True", "type", "with", true)
      .Cases("async", "await", "break", "class", "False", "match", "print", "raise", "while", true)
      .Case("yield", true)
      .Cases("assert", "except", "global", "import", "lambda", "return", true)
      .Cases("finally", "continue", "nonlocal", true)
      .Default(false);
}

// A decimal integer that is no piece of another number: neither `1.5` nor `1_000`.
static bool IsPlainInteger(llvm::StringRef text, const Token &token) {
  const llvm::StringRef word = text.slice(token.begin, token.end);
  const bool point_before = token.begin > 0 && text[token.begin - 1] == '.';
  const bool point_behind = token.end < text.size() && text[token.end] == '.';
  return !point_before && !point_behind && (word[0] != '0' || word.size() == 1) &&
         llvm::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

static llvm::StringRef ShapeOfWord(llvm::StringRef text, const Token &token) {
  const llvm::StringRef word = text.slice(token.begin, token.end);
  if (word[0] >= '0' && word[0] <= '9') {
    return IsPlainInteger(text, token) ? "0" : word;
  }
  const bool ascii =
      llvm::all_of(word, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii && !IsGrammarWord(word) ? "a" : word;
}

static llvm::StringRef ShapeOfString(llvm::StringRef token) {
  for (char c : token.take_front(2)) {
    if (c == 'f' || c == 'F' || c == 't' || c == 'T') {
      return token;
    }
    if (c == '"' || c == '\'') {
      break;
    }
  }
  return "\"\"";
}

void MakeShape(llvm::StringRef text, ShapeText &shape, std::vector<TokenPlace> &tokens) {
  shape.clear();
  tokens.clear();
  uint32_t depth = 0;
  for (Token token = NextToken(text, 0); token.kind != TokenKind::End;
       token = NextToken(text, token.end)) {
    if (token.on_new_line && depth == 0) { // behind a decorator or a prefix
      shape.push_back('\n');
      if (text[token.begin - 1] == ' ') {
        shape.push_back(' ');
      }
    } else if (token.spaced && !shape.empty()) {
      shape.push_back(' ');
    }
    switch (token.kind) {
    case TokenKind::Word:
      shape += ShapeOfWord(text, token);
      break;
    case TokenKind::String:
      shape += ShapeOfString(text.slice(token.begin, token.end));
      break;
    case TokenKind::Open:
      ++depth;
      shape.push_back(text[token.begin]);
      break;
    case TokenKind::Close:
      depth -= depth > 0 ? 1 : 0;
      shape.push_back(text[token.begin]);
      break;
    case TokenKind::Operator:
    case TokenKind::End:
      shape.push_back(text[token.begin]);
      break;
    }
    tokens.push_back({.begin = token.begin, .end = token.end});
  }
}

ShapeTree::ShapeTree(llvm::ArrayRef<Node> nodes, uint32_t begin,
                     llvm::ArrayRef<TokenPlace> tokens) {
  nodes_.reserve(nodes.size());
  places_.reserve(nodes.size());
  const uint32_t first = nodes.front().subtree_end - static_cast<uint32_t>(nodes.size());
  for (const Node &node : nodes) {
    const uint32_t node_begin = node.begin - begin;
    const uint32_t node_end = node.end - begin;
    // The first token that ends behind the node's begin, the last that begins before its end.
    const auto *from = std::partition_point(
        tokens.begin(), tokens.end(), [&](TokenPlace token) { return token.end <= node_begin; });
    const auto *to = std::partition_point(tokens.begin(), tokens.end(),
                                          [&](TokenPlace token) { return token.begin < node_end; });
    from = from == tokens.end() ? from - 1 : from;
    to = to == tokens.begin() ? to : to - 1;
    places_.push_back({.begin_token = static_cast<uint32_t>(from - tokens.begin()),
                       .begin_delta = node_begin > from->begin ? node_begin - from->begin : 0,
                       .end_token = static_cast<uint32_t>(to - tokens.begin()),
                       .end_delta = node_end < to->end ? to->end - node_end : 0});
    Node moved = node;
    moved.subtree_end = node.subtree_end - first + 1;
    nodes_.push_back(moved);
  }
}

void ShapeTree::Place(llvm::ArrayRef<TokenPlace> tokens, FlatTree &tree) const {
  tree.has_error = false;
  tree.nodes.resize(nodes_.size() + 1);
  for (size_t i = 0; i < nodes_.size(); ++i) {
    const PlacedNode &place = places_[i];
    Node &node = tree.nodes[i + 1];
    node = nodes_[i];
    node.begin = tokens[place.begin_token].begin + place.begin_delta;
    node.end = tokens[place.end_token].end - place.end_delta;
  }
  tree.nodes[0] = {.begin = 0,
                   .end = tree.nodes[1].end,
                   .subtree_end = static_cast<uint32_t>(tree.nodes.size()),
                   .kind = NodeKind::Module};
}

} // namespace pydefrag
