// See shape.h.
#include "scan/shapes/shape.h"

#include "scan/lines/bytes.h"
#include "scan/reduce/reduce_tokens.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <algorithm>
#include <array>
#include <cstring>
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

// Digits alone: an integer, or a piece of a number such as `1.5`. A hexadecimal number only where
// no point follows, which `0` would take for its own.
static bool IsPlainNumber(llvm::StringRef text, const Token &token) {
  const llvm::StringRef word = text.slice(token.begin, token.end);
  if (llvm::all_of(word, [](char c) { return IsDigit(c); })) {
    return true;
  }
  const bool hexadecimal = word.size() > 2 && (word[1] == 'x' || word[1] == 'X') &&
                           llvm::all_of(word.drop_front(2), llvm::isHexDigit);
  return hexadecimal && !text.substr(token.end).starts_with(".");
}

// The `e8` of `1.e8`; not the attribute of `1.5.real`, of `0x1F.real` or of `y1.e8`.
static bool EndsNumber(llvm::StringRef text, const Token &token) {
  if (token.begin < 2 || text[token.begin - 1] != '.') {
    return false;
  }
  const size_t end = token.begin - 1;
  size_t begin = end;
  while (begin > 0 && (IsDigit(text[begin - 1]) || text[begin - 1] == '_')) {
    --begin;
  }
  const bool within = begin > 0 && (IsWordByte(text[begin - 1]) || text[begin - 1] == '.');
  return begin < end && IsDigit(text[begin]) && !within;
}

// `ascii`: all of the text is.
static llvm::StringRef ShapeOfWord(llvm::StringRef text, const Token &token, bool ascii) {
  const llvm::StringRef word = text.slice(token.begin, token.end);
  if (IsDigit(word[0])) {
    return IsPlainNumber(text, token) ? "0" : word;
  }
  return !IsGrammarWord(word) && (ascii || llvm::isASCII(word)) && !EndsNumber(text, token) ? "a"
                                                                                            : word;
}

// Eight bytes at a time: asking each word by itself takes longer.
static bool IsAsciiText(llvm::StringRef text) {
  uint64_t all = 0;
  const char *at = text.begin();
  for (; text.end() - at >= 8; at += 8) {
    uint64_t bytes;
    std::memcpy(&bytes, at, 8);
    all |= bytes;
  }
  for (; at != text.end(); ++at) {
    all |= static_cast<unsigned char>(*at);
  }
  return (all & 0x8080808080808080u) == 0;
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

namespace {

// Makes a shape token by token. For each open bracket it remembers where its last elements begin,
// so that one that is like the two before it can be taken back as soon as its comma is there.
class ShapeMaker {
public:
  ShapeMaker(llvm::StringRef text, StatementShape &shape)
      : text_(text), ascii_(IsAsciiText(text)), shape_(shape) {
    lists_.push_back({});
  }

  void Run() {
    for (Token token = NextToken(text_, 0); token.kind != TokenKind::End;
         token = NextToken(text_, token.end)) {
      Append(token);
    }
  }

private:
  // The elements of one bracket.
  struct List {
    uint32_t begin = 0;        // in the shape's text, of the element in work
    uint32_t begin_token = 0;  // its first token
    uint32_t begin_folds = 0;  // the folds before it
    uint32_t before = 0;       // the length of the element before it, with its comma
    uint32_t equal_before = 0; // how many elements there are in a row that are like that one
  };

  // Behind a decorator or a prefix.
  void AppendBreak(const Token &token) {
    shape_.text.push_back('\n');
    if (text_[token.begin - 1] == ' ') {
      shape_.text.push_back(' ');
    }
  }

  // Blanks matter between two words and between two operators; a digit before a `.` is a number,
  // and two empty strings without one look like the begin of a third.
  void AppendBlank(bool needed) {
    if (needed) {
      shape_.text.push_back(' ');
    }
  }

  void Append(const Token &token) {
    shape_.tokens.push_back({.begin = token.begin, .end = token.end});
    const char before = shape_.text.empty() ? '(' : shape_.text.back();
    const bool word_before = IsWordByte(before);
    const bool breaks = token.on_new_line && lists_.size() == 1;
    if (breaks) [[unlikely]] {
      AppendBreak(token);
    }
    const char first = text_[token.begin];
    switch (token.kind) {
    case TokenKind::Word:
      AppendBlank(!breaks && word_before && token.spaced);
      AppendWord(token);
      return;
    case TokenKind::String:
      AppendBlank(!breaks && ((word_before && token.spaced) || before == '"' || before == '\''));
      shape_.text += ShapeOfString(text_.slice(token.begin, token.end));
      return;
    case TokenKind::Open:
      shape_.text.push_back(first);
      lists_.push_back(NewList());
      return;
    case TokenKind::Close:
      if (lists_.size() > 1) {
        lists_.pop_back();
      }
      shape_.text.push_back(first);
      return;
    case TokenKind::Operator:
    case TokenKind::End:
      AppendBlank(!breaks && token.spaced && (!word_before || IsDigit(before) || first == '.'));
      shape_.text.push_back(first);
      if (first == ',') {
        EndElement(lists_.back());
      }
    }
  }

  void AppendWord(const Token &token) {
    const llvm::StringRef word = ShapeOfWord(text_, token, ascii_);
    if (word.size() == 1) {
      shape_.text.push_back(word[0]);
    } else {
      shape_.text += word;
    }
  }

  List NewList() const {
    List list;
    list.begin = static_cast<uint32_t>(shape_.text.size());
    list.begin_token = static_cast<uint32_t>(shape_.tokens.size());
    list.begin_folds = static_cast<uint32_t>(shape_.folds.size());
    return list;
  }

  // A comma has just been appended. Elements with folds in them differ in their tokens, though not
  // in their text, and are left as they are.
  void EndElement(List &list) {
    const llvm::StringRef text = shape_.text;
    const auto length = static_cast<uint32_t>(text.size()) - list.begin;
    const bool equal = length == list.before &&
                       text.substr(list.begin) == text.substr(list.begin - length, length) &&
                       CanFold(list);
    if (equal && list.equal_before >= 2) {
      AddFold(list);
      shape_.text.truncate(list.begin);
    } else {
      list.equal_before = equal ? list.equal_before + 1 : 1;
      list.before = shape_.folds.size() == list.begin_folds ? length : 0;
      list.begin += length;
    }
    list.begin_token = static_cast<uint32_t>(shape_.tokens.size());
    list.begin_folds = static_cast<uint32_t>(shape_.folds.size());
  }

  bool CanFold(const List &list) const { return shape_.folds.size() == list.begin_folds; }

  void AddFold(const List &list) {
    const auto length = static_cast<uint32_t>(shape_.tokens.size()) - list.begin_token;
    if (!shape_.folds.empty()) {
      Fold &last = shape_.folds.back();
      if (last.first + last.length * last.count == list.begin_token) {
        ++last.count;
        return;
      }
    }
    shape_.folds.push_back({.first = list.begin_token, .length = length, .count = 1});
  }

  llvm::StringRef text_;
  bool ascii_;
  StatementShape &shape_;
  llvm::SmallVector<List, 16> lists_; // the open brackets' last; the statement's own first
};

} // namespace

void MakeShape(llvm::StringRef text, StatementShape &shape) {
  shape.text.clear();
  shape.tokens.clear();
  shape.folds.clear();
  ShapeMaker(text, shape).Run();
}

void FindTokens(llvm::StringRef text, std::vector<TokenPlace> &tokens) {
  tokens.clear();
  for (Token token = NextToken(text, 0); token.kind != TokenKind::End;
       token = NextToken(text, token.end)) {
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

void ShapeTree::AppendNode(const ShapeTree &other, size_t index, llvm::ArrayRef<uint32_t> tokens) {
  nodes_.push_back(other.nodes_[index]);
  PlacedNode place = other.places_[index];
  place.begin_token = tokens[place.begin_token];
  place.end_token = tokens[place.end_token];
  places_.push_back(place);
}

// The node with its places; its subtree_end is still that of this tree.
Node ShapeTree::At(size_t index, llvm::ArrayRef<TokenPlace> tokens, uint32_t begin_shift,
                   uint32_t end_shift) const {
  const PlacedNode &place = places_[index];
  Node node = nodes_[index];
  node.begin = tokens[place.begin_token + begin_shift].begin + place.begin_delta;
  node.end = tokens[place.end_token + end_shift].end - place.end_delta;
  return node;
}

void ShapeTree::Place(llvm::ArrayRef<TokenPlace> tokens, llvm::ArrayRef<Fold> folds,
                      FlatTree &tree) const {
  tree.has_error = false;
  tree.nodes.clear();
  tree.nodes.emplace_back();
  if (folds.empty()) {
    tree.nodes.resize(nodes_.size() + 1);
    for (size_t i = 0; i < nodes_.size(); ++i) {
      tree.nodes[i + 1] = At(i, tokens, 0, 0);
    }
  } else {
    PlaceUnfolded(tokens, folds, tree);
  }
  tree.nodes[0] = {.begin = 0,
                   .end = tree.nodes[1].end,
                   .subtree_end = static_cast<uint32_t>(tree.nodes.size()),
                   .kind = NodeKind::Module};
}

// In preorder the nodes of one element stand together, as each begins at or behind its first token.
ShapeTree::FoldPlace ShapeTree::PlaceOf(const Fold &fold, const FoldPlace &before) const {
  FoldPlace place;
  place.token = fold.first - before.left_out;
  place.left_out = before.left_out + fold.length * fold.count;
  const auto first_from = [this](uint32_t token) {
    const auto found =
        std::partition_point(places_.begin(), places_.end(),
                             [token](const PlacedNode &node) { return node.begin_token < token; });
    return static_cast<uint32_t>(found - places_.begin());
  };
  place.begin = first_from(place.token - fold.length);
  place.end = first_from(place.token);
  place.added = before.added + (place.end - place.begin) * fold.count;
  return place;
}

// The copies go behind the element's nodes; what stands behind or above is moved.
void ShapeTree::PlaceUnfolded(llvm::ArrayRef<TokenPlace> tokens, llvm::ArrayRef<Fold> folds,
                              FlatTree &tree) const {
  llvm::SmallVector<FoldPlace, 8> places = {FoldPlace()};
  for (const Fold &fold : folds) {
    places.push_back(PlaceOf(fold, places.back()));
  }
  // The last of the places for which it holds; the first one stands before all.
  const auto last_place = [&](auto holds) -> const FoldPlace & {
    return *(std::partition_point(places.begin() + 1, places.end(), holds) - 1);
  };
  tree.nodes.reserve(nodes_.size() + places.back().added + 1);
  size_t next = 1; // the fold that is to come
  for (uint32_t i = 0; i < nodes_.size(); ++i) {
    const uint32_t begin = places_[i].begin_token;
    const uint32_t end = places_[i].end_token;
    const auto begins_behind = [&](const FoldPlace &place) { return place.token <= begin; };
    // What ends with an element's comma is a list, and goes on behind the fold.
    const auto ends_behind = [&](const FoldPlace &place) { return place.token <= end + 1; };
    Node node = At(i, tokens, last_place(begins_behind).left_out, last_place(ends_behind).left_out);
    const bool in_element = next < places.size() && i >= places[next].begin;
    const uint32_t subtree_end = node.subtree_end - 1;
    node.subtree_end +=
        last_place([&](const FoldPlace &place) {
          return place.end <= subtree_end && !(in_element && place.end >= places[next].end);
        }).added;
    tree.nodes.push_back(node);
    while (next < places.size() && i + 1 == places[next].end) {
      AppendCopies(tokens, folds[next - 1], places[next], tree);
      ++next;
    }
  }
}

// Appends the nodes of the elements that `fold` left out.
void ShapeTree::AppendCopies(llvm::ArrayRef<TokenPlace> tokens, const Fold &fold,
                             const FoldPlace &place, FlatTree &tree) const {
  uint32_t shift = place.left_out - fold.length * fold.count;
  for (uint32_t copy = 0; copy < fold.count; ++copy) {
    shift += fold.length;
    for (uint32_t i = place.begin; i < place.end; ++i) {
      Node node = At(i, tokens, shift, shift);
      const uint32_t below = node.subtree_end - (i + 1); // the root is node 1
      node.subtree_end = static_cast<uint32_t>(tree.nodes.size()) + below;
      tree.nodes.push_back(node);
    }
  }
}

} // namespace pydefrag
