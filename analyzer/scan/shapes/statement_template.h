// What all statements of one shape and its folds (shape.h) have in common, made into facts once:
// expressions with places told by tokens, and holes where the tokens' texts go. Entry points:
// Learn, Fill. What Fill gives is what StatementParser makes of the statement's tree, without the
// tree.
//
//   a=a.a("")     Assign: Name <0>, Call(Attribute(Name <2>, <4>), String <6>)
//
// A shape has no template when its facts depend on more than that: f-strings, a string alone, what
// does not parse.
#pragma once

#include "facts/syntax.h"
#include "scan/shapes/shape.h"
#include "scan/trees/literals.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace pydefrag {

class StatementTemplate {
public:
  // The facts of one statement. Its expressions are consecutive.
  struct Example {
    Statement statement;
    ExprId exprs_begin;
    llvm::ArrayRef<Expr> exprs;
  };
  // Gives the facts of a statement with this text, these tokens and this head, which are read
  // before anything else is converted; nothing when they are not understood.
  using Convert = llvm::function_ref<std::optional<Example>(
      llvm::StringRef text, llvm::ArrayRef<TokenPlace> tokens, uint32_t head)>;

  // Learns from a statement that has the shape `shape` and `folds`, made up so that every text and
  // every place tells the token that it comes from. `names` are those of `convert`.
  static std::optional<StatementTemplate> Learn(llvm::StringRef shape, llvm::ArrayRef<Fold> folds,
                                                uint32_t head_token, const NameTable &names,
                                                Convert convert);

  // Whether a statement of this shape and folds has its head where the one learned from had it.
  bool Fits(llvm::ArrayRef<TokenPlace> tokens, uint32_t head) const {
    return tokens[head_token_].begin == head;
  }

  // Appends the statement's expressions and gives the statement. Sets `python2` when a number is
  // one of Python 2.
  Statement Fill(llvm::StringRef text, llvm::ArrayRef<TokenPlace> tokens, NameTable &names,
                 IdVector<ExprId, Expr> &exprs, bool &python2) const;

private:
  enum class TextKind : uint8_t { Fixed, Identifier, Dotted, Strings, Number };

  // The text of the tokens [first, last].
  struct Hole {
    TextKind kind = TextKind::Fixed;
    uint32_t first = 0;
    uint32_t last = 0;
  };
  // A place is twice the token's number for its begin, one more for its end; child and next count
  // from the first expression.
  struct HoledExpr {
    Expr expr;
    Hole hole;
  };

  class Learner;
  class Filler;

  uint32_t head_token_ = 0;

  Statement statement_; // as HoledExpr::expr
  Hole hole_;
  std::vector<HoledExpr> exprs_;
};

} // namespace pydefrag
