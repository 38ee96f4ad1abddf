// See shape_pieces.h. One pass finds which brackets belong together and what stands in them, a
// second one cuts. O(tokens).
#include "scan/shapes/shape_pieces.h"

#include "scan/lines/bytes.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace pydefrag {

namespace {

class ShapeCutter {
public:
  ShapeCutter(llvm::StringRef shape, llvm::ArrayRef<TokenPlace> tokens,
              llvm::function_ref<uint32_t(llvm::StringRef text)> number, ShapePieces &out)
      : shape_(shape), tokens_(tokens), number_(number), out_(out) {}

  bool Run() {
    if (tokens_.empty() || MayBeStatementByName() || !MatchBrackets()) {
      return false;
    }
    Piece piece(PieceKind::Statement);
    if (!Cut(piece, 0, static_cast<uint32_t>(tokens_.size()), true) || piece.groups.empty()) {
      return false;
    }
    Finish(piece);
    return true;
  }

private:
  // What is known of a bracket, by the token that opens it.
  struct Bracket {
    uint32_t close = 0;
    bool apart = true;  // its elements do not depend on each other
    bool colon = false; // directly in it
    bool comma = false;
  };

  // A piece in work.
  struct Piece {
    explicit Piece(PieceKind piece_kind) : kind(piece_kind) {}
    PieceKind kind;
    llvm::SmallString<128> text;
    llvm::SmallVector<uint32_t, 32> tokens;
    llvm::SmallVector<ShapePieces::Group, 4> groups;
  };

  llvm::StringRef Text(uint32_t token) const {
    return shape_.slice(tokens_[token].begin, tokens_[token].end);
  }
  char First(uint32_t token) const { return shape_[tokens_[token].begin]; }
  char Last(uint32_t token) const { return shape_[tokens_[token].end - 1]; }
  static bool Opens(char c) { return c == '(' || c == '[' || c == '{'; }
  static bool Closes(char c) { return c == ')' || c == ']' || c == '}'; }

  // `print`, `match` and the like: the grammar looks far ahead to tell what they are.
  bool MayBeStatementByName() const {
    const llvm::StringRef first = Text(0);
    return first == "print" || first == "exec" || first == "match" || first == "type";
  }

  bool MatchBrackets() {
    brackets_.resize(tokens_.size());
    llvm::SmallVector<uint32_t, 16> open;
    for (uint32_t i = 0; i < tokens_.size(); ++i) {
      const char c = First(i);
      if (Opens(c)) {
        open.push_back(i);
      } else if (Closes(c)) {
        if (open.empty()) {
          return false;
        }
        brackets_[open.pop_back_val()].close = i;
      } else if (!open.empty()) {
        Note(brackets_[open.back()], i, First(i - 1));
      }
    }
    return open.empty();
  }

  // What the token says of the bracket that it stands in directly.
  void Note(Bracket &bracket, uint32_t token, char before) const {
    const llvm::StringRef text = Text(token);
    bracket.colon |= text == ":";
    bracket.comma |= text == ",";
    if (text == "for" || text == "lambda" || text == "yield" || text == "async") {
      bracket.apart = false;
    } else if (text == "*" && (Opens(before) || before == ',')) {
      bracket.apart = bracket.apart && token + 1 < tokens_.size() && First(token + 1) == '*';
    }
  }

  // Whether something that can be called ends with the token.
  bool EndsValue(uint32_t token) const {
    const llvm::StringRef text = Text(token);
    return text == "a" || text == "_" || text == "print" || text == "type" || text == "match" ||
           Closes(text.back()) || text.back() == '"' || text.back() == '\'';
  }

  // The kind of what stands in the bracket, if it can be cut out; `apart`: so is the bracket
  // around it.
  std::optional<PieceKind> KindOf(uint32_t open, bool apart, bool outermost) const {
    const Bracket &bracket = brackets_[open];
    if (!bracket.apart || bracket.close == open + 1) {
      return std::nullopt;
    }
    const bool behind_value = open > 0 && EndsValue(open - 1);
    // A list of targets has `=` behind it, or a comma.
    const bool is_value =
        outermost ? open > 0 && First(open - 1) == '=' && bracket.close + 1 == tokens_.size()
                  : apart;
    switch (First(open)) {
    case '(':
      if (behind_value) {
        const bool parameters = open > 1 && Text(open - 2) == "def";
        return parameters ? std::nullopt : std::optional(PieceKind::Argument);
      }
      return is_value && bracket.comma ? std::optional(PieceKind::Item) : std::nullopt;
    case '[':
      return is_value && !behind_value ? std::optional(PieceKind::Element) : std::nullopt;
    default:
      return bracket.colon || shape_.substr(tokens_[open].end).starts_with("**")
                 ? std::optional(PieceKind::Entry)
                 : std::nullopt;
    }
  }

  void Append(Piece &piece, uint32_t token, bool first) const {
    if (!first) { // with the blank before it
      piece.text += shape_.slice(tokens_[token - 1].end, tokens_[token].begin);
    }
    piece.text += Text(token);
    piece.tokens.push_back(token);
  }

  // Appends the tokens [begin, end) to the piece, without what is cut out of them. `apart`: they
  // stand for themselves within their bracket.
  bool Cut(Piece &piece, uint32_t begin, uint32_t end, bool outermost) {
    llvm::SmallVector<uint32_t, 8> closes; // of the brackets that stay, innermost last
    for (uint32_t i = begin; i < end; ++i) {
      Append(piece, i, i == begin);
      if (!closes.empty() && closes.back() == i) {
        closes.pop_back();
      }
      if (!Opens(First(i))) {
        continue;
      }
      const bool directly = closes.empty();
      const std::optional<PieceKind> kind =
          KindOf(i, directly && !outermost, directly && outermost);
      if (!kind) {
        closes.push_back(brackets_[i].close);
        continue;
      }
      if (!CutBracket(piece, i, *kind)) {
        return false;
      }
      i = brackets_[i].close;
      piece.text += Text(i);
      piece.tokens.push_back(i);
    }
    return true;
  }

  bool CutBracket(Piece &piece, uint32_t open, PieceKind kind) {
    if (++depth_ > kMaxDepth) {
      return false;
    }
    llvm::SmallVector<uint32_t, 16> members;
    ShapePieces::Group group;
    group.kind = kind;
    group.token = static_cast<uint32_t>(piece.tokens.size()) - 1;
    const uint32_t close = brackets_[open].close;
    for (uint32_t begin = open + 1; begin < close;) {
      uint32_t end = begin;
      while (end < close && First(end) != ',') {
        end = Opens(First(end)) ? brackets_[end].close + 1 : end + 1;
      }
      Piece member(kind);
      if (end == begin || !CutMember(member, begin, end)) {
        return false;
      }
      members.push_back(Finish(member));
      group.comma |= end < close;
      begin = end + 1;
    }
    group.begin = static_cast<uint32_t>(out_.members.size());
    out_.members.insert(out_.members.end(), members.begin(), members.end());
    group.end = static_cast<uint32_t>(out_.members.size());
    piece.groups.push_back(group);
    --depth_;
    return true;
  }

  static llvm::StringRef Before(PieceKind kind) {
    switch (kind) {
    case PieceKind::Statement:
      return "";
    case PieceKind::Argument:
      return "a(";
    case PieceKind::Element:
      return "[";
    case PieceKind::Item:
      return "(";
    case PieceKind::Entry:
      return "{";
    }
    return "";
  }

  static llvm::StringRef Behind(PieceKind kind) {
    switch (kind) {
    case PieceKind::Statement:
      return "";
    case PieceKind::Argument:
      return ")";
    case PieceKind::Element:
      return "]";
    case PieceKind::Item:
      return ",)";
    case PieceKind::Entry:
      return "}";
    }
    return "";
  }

  // The brackets, of bytes that are tokens each, are the piece's, though not the shape's.
  bool CutMember(Piece &member, uint32_t begin, uint32_t end) {
    member.text = Before(member.kind);
    member.tokens.append(member.text.size(), begin);
    if (!Cut(member, begin, end, false)) {
      return false;
    }
    member.text += Behind(member.kind);
    member.tokens.append(Behind(member.kind).size(), end - 1);
    return true;
  }

  uint32_t Finish(const Piece &piece) {
    ShapePieces::Piece done;
    done.kind = piece.kind;
    done.text = number_(piece.text);
    done.tokens_begin = static_cast<uint32_t>(out_.tokens.size());
    out_.tokens.insert(out_.tokens.end(), piece.tokens.begin(), piece.tokens.end());
    done.groups_begin = static_cast<uint32_t>(out_.groups.size());
    out_.groups.insert(out_.groups.end(), piece.groups.begin(), piece.groups.end());
    done.groups_end = static_cast<uint32_t>(out_.groups.size());
    out_.pieces.push_back(done);
    return static_cast<uint32_t>(out_.pieces.size()) - 1;
  }

  static constexpr unsigned kMaxDepth = 100;

  llvm::StringRef shape_;
  llvm::ArrayRef<TokenPlace> tokens_;
  llvm::function_ref<uint32_t(llvm::StringRef text)> number_;
  ShapePieces &out_;
  std::vector<Bracket> brackets_;
  unsigned depth_ = 0;
};

} // namespace

bool CutShape(llvm::StringRef shape, llvm::ArrayRef<TokenPlace> tokens,
              llvm::function_ref<uint32_t(llvm::StringRef text)> number, ShapePieces &pieces) {
  return ShapeCutter(shape, tokens, number, pieces).Run();
}

} // namespace pydefrag
