// See shape.h.
#include "scan/shape.h"

#include "scan/bytes.h"
#include "scan/reduce_tokens.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <algorithm>
#include <array>
#include <string>

namespace pydefrag {

// Lengths of the grammar's words by first letter, as bits: most names are told apart by them.
static constexpr std::array<uint16_t, 256> kWordLengths = [] {
  std::array<uint16_t, 256> lengths{};
  for (const char *word :
       {"as",     "if",     "in",    "is",      "or",       "and",      "def",
        "del",    "for",    "not",   "try",     "case",     "elif",     "else",
        "exec",   "from",   "None",  "pass",    "True",     "type",     "with",
        "async",  "await",  "break", "class",   "False",    "match",    "print",
        "raise",  "while",  "yield", "assert",  "except",   "global",   "import",
        "lambda", "return", "_",     "finally", "continue", "nonlocal", "__future__"}) {
    const size_t length = std::char_traits<char>::length(word);
    lengths[static_cast<unsigned char>(word[0])] |= static_cast<uint16_t>(1u << length);
  }
  return lengths;
}();

static bool IsGrammarWord(llvm::StringRef word) {
  if (word.size() > 10 ||
      (kWordLengths[static_cast<unsigned char>(word[0])] >> word.size() & 1) == 0) {
    return false;
  }
  return llvm::StringSwitch<bool>(word)
      .Cases("as", "if", "in", "is", "or", "_", "__future__", true)
      .Cases("and", "def", "del", "for", "not", "try", true)
      .Cases("case", "elif", "else", "exec", "from", "None", "pass", "True", "type", "with", true)
      .Cases("async", "await", "break", "class", "False", "match", "print", "raise", "while", true)
      .Cases("yield", "assert", "except", "global", "import", "lambda", "return", true)
      .Cases("finally", "continue", "nonlocal", true)
      .Default(false);
}

// An integer that is no piece of another number, as in `1.5` or `1e-5`.
static bool IsInteger(llvm::StringRef text, const Token &token) {
  const llvm::StringRef word = text.slice(token.begin, token.end);
  const bool point_before = token.begin > 0 && text[token.begin - 1] == '.';
  const bool point_behind = token.end < text.size() && text[token.end] == '.';
  const bool hexadecimal = word.size() > 2 && (word[1] == 'x' || word[1] == 'X') &&
                           llvm::all_of(word.drop_front(2), llvm::isHexDigit);
  return !point_before && !point_behind &&
         (hexadecimal || llvm::all_of(word, [](char c) { return IsDigit(c); }));
}

static llvm::StringRef ShapeOfWord(llvm::StringRef text, const Token &token) {
  const llvm::StringRef word = text.slice(token.begin, token.end);
  if (IsDigit(word[0])) {
    return IsInteger(text, token) ? "0" : word;
  }
  return !IsGrammarWord(word) && llvm::isASCII(word) ? "a" : word;
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

// Blanks matter between two words and between two operators; a digit before a `.` is a number, and
// two empty strings without one look like the begin of a third.
static bool NeedsBlank(const ShapeText &shape, llvm::StringRef text, const Token &token) {
  const char before = shape.empty() ? '(' : shape.back();
  const bool word_before = IsWordByte(before);
  switch (token.kind) {
  case TokenKind::Word:
    return word_before && token.spaced;
  case TokenKind::String:
    return (word_before && token.spaced) || before == '"' || before == '\'';
  case TokenKind::Operator:
    return token.spaced && (!word_before || IsDigit(before) || text[token.begin] == '.');
  default:
    return false;
  }
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
    } else if (NeedsBlank(shape, text, token)) {
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
