// See statement_template.h.
#include "scan/shapes/statement_template.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <limits>

namespace pydefrag {

// Longer statements are rare, and their tokens' numbers would need more digits.
static constexpr size_t kMaxTokens = 10000;

// Makes the statement to learn from and reads its facts. Its tokens are those of the shape, but
// `a0012`, `"0012"` or `10012` for the twelfth, and a blank between any two.
class StatementTemplate::Learner {
public:
  Learner(llvm::StringRef shape, llvm::ArrayRef<Fold> folds, const NameTable &names)
      : names_(names) {
    const std::vector<llvm::StringRef> tokens = Unfolded(shape, folds);
    usable_ = tokens.size() < kMaxTokens;
    for (size_t i = 0; i < tokens.size() && usable_; ++i) {
      // The texts of f-strings lie within a token.
      usable_ = tokens[i] == kString || !llvm::StringRef("\"'").contains(tokens[i].back());
      AppendToken(i, tokens[i]);
    }
  }

  bool usable() const { return usable_; }
  llvm::StringRef text() const { return text_; }
  llvm::ArrayRef<TokenPlace> tokens() const { return tokens_; }

  // False when something does not come from tokens.
  bool Read(const Example &example, uint32_t head, StatementTemplate &result) {
    const Statement &statement = example.statement;
    head_ = head;
    shift_ = example.exprs_begin.index;
    result.statement_ = statement;
    if (statement.kind == StatementKind::Error || statement.kind == StatementKind::Docstring ||
        !ReadPlace(result.statement_.text_begin) || !ReadPlace(result.statement_.text_end) ||
        !ReadName(statement.text, result.hole_)) {
      return false;
    }
    Shift(result.statement_.first);
    Shift(result.statement_.bases);
    for (const Expr &expr : example.exprs) {
      HoledExpr &holed = result.exprs_.emplace_back();
      holed.expr = expr;
      if (!ReadPlace(holed.expr.begin) || !ReadPlace(holed.expr.end) || !ReadText(expr, holed)) {
        return false;
      }
      Shift(holed.expr.child);
      Shift(holed.expr.next);
    }
    return true;
  }

private:
  static constexpr llvm::StringLiteral kString = "\"\"";

  // The shape's tokens, with those that its folds leave out.
  static std::vector<llvm::StringRef> Unfolded(llvm::StringRef shape, llvm::ArrayRef<Fold> folds) {
    std::vector<TokenPlace> places;
    FindTokens(shape, places);
    std::vector<llvm::StringRef> tokens;
    size_t next = 0;
    const auto append_until = [&](size_t count) {
      for (; tokens.size() < count && next < places.size(); ++next) {
        tokens.push_back(shape.slice(places[next].begin, places[next].end));
      }
    };
    for (const Fold &fold : folds) {
      append_until(fold.first);
      for (size_t left_out = size_t{fold.length} * fold.count; left_out > 0; --left_out) {
        tokens.push_back(tokens[tokens.size() - fold.length]);
      }
    }
    append_until(std::numeric_limits<size_t>::max());
    return tokens;
  }

  void AppendToken(size_t number, llvm::StringRef token) {
    TokenPlace place;
    place.begin = static_cast<uint32_t>(text_.size());
    if (token == "a") {
      text_ += 'a';
      AppendDigits(number);
    } else if (token == kString) {
      text_ += '"';
      AppendDigits(number);
      text_ += '"';
    } else if (token == "0") {
      text_ += '1'; // not a 0, which would make it a number of Python 2
      AppendDigits(number);
    } else {
      text_ += token;
    }
    place.end = static_cast<uint32_t>(text_.size());
    text_ += ' ';
    tokens_.push_back(place);
  }

  void AppendDigits(size_t number) {
    for (size_t unit = kMaxTokens / 10; unit > 0; unit /= 10) {
      text_ += static_cast<char>('0' + number / unit % 10);
    }
  }

  void Shift(ExprId &id) const { id = id.valid() ? ExprId(id.index - shift_) : id; }

  llvm::StringRef TextOf(size_t token) const {
    return llvm::StringRef(text_).slice(tokens_[token].begin, tokens_[token].end);
  }

  // Makes the place, relative to the head, that of a token.
  bool ReadPlace(uint32_t &place) const {
    if (place == kNoPosition) {
      return true;
    }
    const uint32_t at = place + head_;
    const auto token =
        llvm::partition_point(tokens_, [at](TokenPlace other) { return other.end < at; });
    if (token == tokens_.end() || (token->begin != at && token->end != at)) {
      return false;
    }
    place = static_cast<uint32_t>(token - tokens_.begin()) * 2 + (token->end == at ? 1 : 0);
    return true;
  }

  // `holed` has its places already.
  bool ReadText(const Expr &expr, HoledExpr &holed) const {
    const bool placed = holed.expr.begin != kNoPosition;
    const Hole own = {.first = holed.expr.begin / 2, .last = holed.expr.end / 2};
    switch (expr.kind) {
    case ExprKind::FString:
    case ExprKind::Bytes:
      return false;
    case ExprKind::Number:
      holed.hole = own;
      holed.hole.kind = TextKind::Number;
      return placed;
    case ExprKind::String: {
      holed.hole = own;
      holed.hole.kind = TextKind::Strings;
      std::string value;
      for (uint32_t i = own.first; placed && i <= own.last; ++i) {
        value += TextOf(i).trim('"');
      }
      return placed && names_.Text(expr.text) == value;
    }
    default:
      return ReadName(expr.text, holed.hole);
    }
  }

  // A name or a dotted name of the tokens, or a text that all such statements have.
  bool ReadName(NameId name, Hole &hole) const {
    const llvm::StringRef text = names_.Text(name);
    llvm::SmallVector<llvm::StringRef, 8> parts;
    text.split(parts, '.');
    if (llvm::none_of(parts, IsMadeUp)) {
      return true;
    }
    unsigned first = 0;
    if (!IsMadeUp(parts[0]) || parts[0].drop_front().getAsInteger(10, first)) {
      return false;
    }
    hole = {.kind = parts.size() == 1 ? TextKind::Identifier : TextKind::Dotted,
            .first = first,
            .last = first + static_cast<uint32_t>(parts.size() - 1) * 2};
    for (size_t i = 0; i < parts.size(); ++i) {
      const size_t token = first + i * 2;
      if (token >= tokens_.size() || TextOf(token) != parts[i]) {
        return false;
      }
    }
    return true;
  }

  static bool IsMadeUp(llvm::StringRef word) {
    return word.size() == 5 && word[0] == 'a' &&
           llvm::all_of(word.drop_front(), [](char c) { return llvm::isDigit(c); });
  }

  const NameTable &names_;
  bool usable_ = true;
  std::string text_;
  std::vector<TokenPlace> tokens_;
  uint32_t head_ = 0;
  int32_t shift_ = 0;
};

std::optional<StatementTemplate> StatementTemplate::Learn(llvm::StringRef shape,
                                                          llvm::ArrayRef<Fold> folds,
                                                          uint32_t head_token,
                                                          const NameTable &names, Convert convert) {
  Learner learner(shape, folds, names);
  if (!learner.usable() || head_token >= learner.tokens().size()) {
    return std::nullopt;
  }
  const uint32_t head = learner.tokens()[head_token].begin;
  const std::optional<Example> example = convert(learner.text(), learner.tokens(), head);
  std::optional<StatementTemplate> result(std::in_place);
  result->head_token_ = head_token;
  return example && learner.Read(*example, head, *result) ? std::move(result) : std::nullopt;
}

// Puts the texts of one statement into the holes.
class StatementTemplate::Filler {
public:
  Filler(llvm::StringRef text, llvm::ArrayRef<TokenPlace> tokens, uint32_t head, NameTable &names)
      : text_(text), tokens_(tokens), head_(head), names_(names) {}

  uint32_t Place(uint32_t code) const {
    if (code == kNoPosition) {
      return code;
    }
    const TokenPlace &token = tokens_[code / 2];
    return (code % 2 == 0 ? token.begin : token.end) - head_;
  }

  NameId TextOf(const Hole &hole) {
    const llvm::StringRef spelled = text_.slice(tokens_[hole.first].begin, tokens_[hole.last].end);
    switch (hole.kind) {
    case TextKind::Fixed:
      break;
    case TextKind::Identifier:
      return names_.Intern(spelled);
    case TextKind::Dotted:
      return names_.Intern(Joined(hole, spelled));
    case TextKind::Strings:
      return names_.Intern(ValueOf(hole));
    case TextKind::Number:
      python2_ |= IsPython2Number(spelled);
      return names_.Intern(NumberText(spelled, scratch_));
    }
    return NameId();
  }

  bool bytes() const { return bytes_; } // the last string was one of bytes
  bool python2() const { return python2_; }

private:
  // Without what may stand between its tokens.
  llvm::StringRef Joined(const Hole &hole, llvm::StringRef spelled) {
    size_t length = 0;
    for (uint32_t i = hole.first; i <= hole.last; ++i) {
      length += tokens_[i].end - tokens_[i].begin;
    }
    if (length == spelled.size()) {
      return spelled;
    }
    scratch_.clear();
    for (uint32_t i = hole.first; i <= hole.last; ++i) {
      scratch_ += text_.slice(tokens_[i].begin, tokens_[i].end);
    }
    return scratch_;
  }

  llvm::StringRef ValueOf(const Hole &hole) {
    scratch_.clear();
    bytes_ = false;
    for (uint32_t i = hole.first; i <= hole.last; ++i) {
      const StringLiteral literal = SplitLiteral(text_.slice(tokens_[i].begin, tokens_[i].end));
      bytes_ |= literal.bytes;
      AppendValue(literal, literal.body, scratch_);
    }
    return scratch_;
  }

  llvm::StringRef text_;
  llvm::ArrayRef<TokenPlace> tokens_;
  uint32_t head_;
  NameTable &names_;
  TokenText scratch_;
  bool bytes_ = false;
  bool python2_ = false;
};

Statement StatementTemplate::Fill(llvm::StringRef text, llvm::ArrayRef<TokenPlace> tokens,
                                  NameTable &names, IdVector<ExprId, Expr> &exprs,
                                  bool &python2) const {
  Filler filler(text, tokens, tokens[head_token_].begin, names);
  const auto shift = static_cast<int32_t>(exprs.size());
  const auto moved = [shift](ExprId id) { return id.valid() ? ExprId(id.index + shift) : id; };
  for (const HoledExpr &holed : exprs_) {
    Expr expr = holed.expr;
    expr.begin = filler.Place(expr.begin);
    expr.end = filler.Place(expr.end);
    expr.child = moved(expr.child);
    expr.next = moved(expr.next);
    if (holed.hole.kind != TextKind::Fixed) {
      expr.text = filler.TextOf(holed.hole);
      if (holed.hole.kind == TextKind::Strings && filler.bytes()) {
        expr.kind = ExprKind::Bytes;
      }
    }
    exprs.push_back(expr);
  }
  Statement statement = statement_;
  statement.text_begin = filler.Place(statement.text_begin);
  statement.text_end = filler.Place(statement.text_end);
  statement.first = moved(statement.first);
  statement.bases = moved(statement.bases);
  if (hole_.kind != TextKind::Fixed) {
    statement.text = filler.TextOf(hole_);
  }
  python2 = filler.python2();
  return statement;
}

} // namespace pydefrag
