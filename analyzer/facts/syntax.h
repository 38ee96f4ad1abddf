// Compact syntax of the statements that say something about imports. The scanner turns each
// distinct statement text into one Statement with a small expression tree, once; files refer to it
// by id. The linker interprets these trees (link/), so a new idiom needs no change to the scanner.
//
// Positions are bytes relative to the statement's *head*: the first byte of its leading keyword or
// expression; for a decorated definition that is `def`, `async` or `class`. Texts are reduced
// before they are parsed (scan/reduce/reduce.h), so a position is exact only where nothing before
// it was reduced: always for imports, for names of definitions and for assignment targets, and for
// whole statements whose `reduced` is false. Decorators have no positions (kNoPosition).
#pragma once

#include "base/id.h"
#include "base/names.h"

#include <cstdint>

namespace pydefrag {

inline constexpr uint32_t kNoPosition = 0xffffffff;

enum class ExprKind : uint8_t {
  Name,      // text
  Attribute, // child 0 . text
  Subscript, // child 0 [ child 1... ]
  Call,      // child 0 ( the rest: arguments, Keyword, Splat, DoubleSplat )
  Keyword,   // text = child 0, in a call or class header
  String,    // text = its value, implicit concatenation joined; escapes decoded
  Bytes,     // text = its value
  FString, // text = the constant prefix; children: interpolated expressions; before them, when the
           // constant parts may be parts of a path, an Opaque with the text from the first
           // interpolation on, `{}` for each
  Number,  // text = spelling without `_`
  True,
  False,
  None,
  Ellipsis,
  Tuple,
  List,
  Set,
  Dict,        // children: Pair or DoubleSplat
  Pair,        // child 0 : child 1
  Splat,       // * child 0
  DoubleSplat, // ** child 0
  Not,
  Unary,   // op; child 0 (- + ~)
  Binary,  // op; child 0, child 1
  Compare, // op; child 0, child 1. A chain a < b < c is And(Compare, Compare)
  And,     // children: two or more operands
  Or,
  Conditional,   // child 0 if child 1 else child 2
  Lambda,        // child 0: its body
  Comprehension, // op tells which; child 0 element (or Pair), then ForIn, conditions, ForIn...
  ForIn,         // child 0 target, child 1 iterable
  Walrus,        // child 0 (Name) := child 1
  Await,         // child 0
  Yield,         // child 0, if any
  Slice,         // children: the parts that are there
  Alias,         // import: text = (dotted) name as written; child 0 (Name) the `as` name, if any
  Star,          // import *
  Capture,       // match pattern that binds text
  Opaque,        // anything else; children kept for walrus and calls inside; reduced parts
};

enum class Op : uint8_t {
  None,
  Add,
  Sub,
  Mul,
  Div,
  FloorDiv,
  Mod,
  Pow,
  MatMul,
  BitAnd,
  BitOr,
  BitXor,
  ShiftLeft,
  ShiftRight,
  Negative,
  Positive,
  Invert,
  Less,
  LessEqual,
  Equal,
  NotEqual,
  Greater,
  GreaterEqual,
  In,
  NotIn,
  Is,
  IsNot,
  ListComp,
  SetComp,
  DictComp,
  Generator,
};

struct Expr {
  ExprKind kind = ExprKind::Opaque;
  Op op = Op::None;
  NameId text;
  uint32_t begin = kNoPosition; // relative to the head
  uint32_t end = kNoPosition;
  ExprId child; // the first one
  ExprId next;  // the next sibling
};

enum class StatementKind : uint8_t {
  Import,     // operands: Alias...
  FromImport, // text = module as written without leading dots (may be empty), level; operands:
              // Alias... or Star
  Assign,     // operands: targets..., then the value (last)
  AnnAssign,  // operands: target, and the value if there is one. The annotation is not kept
  AugAssign,  // operands: target, value; op in the value's parent is lost: `op` below
  TypeAlias,  // type text = ...
  Function,   // text = name; operands: decorators... (nested parameters' walrus kept as Opaque)
  Class,      // text = name; operands: decorators..., bases and keywords; `bases` = first of them
  Delete,     // operands: targets
  Global,     // operands: Name...
  Nonlocal,   // operands: Name...
  Expression, // operand: the expression
  Docstring,  // kept only when it speaks of deprecation; operand: String
  Raise,      // operands: exception, cause, as far as given
  Assert,     // operands: test, message
  Return,     // operand, if any
  Pass,       // pass, break, continue (level 0, 1, 2): where a handler's or loop's shape matters
  // Compound headers: what they hold follows them, see PlacedStatement::end.
  If,   // operand: condition
  Elif, // operand: condition
  Else, // of if, for, while or try: the sibling before tells
  Try,
  Except, // operands: exception expression if any; text = the `as` name
  ExceptStar,
  Finally,
  For,   // operands: target, iterable
  While, // operand: condition
  With,  // operands: one per item: the expression, or Walrus(target, expression) for `as`
  Match, // operand: subject
  Case,  // operand: the pattern, then the guard if any. `_` is Opaque, `p as x` Walrus(x, p)
  Error, // did not parse (only inside an uncertain file)
};

struct Statement {
  StatementKind kind = StatementKind::Error;
  Op op = Op::None;                  // AugAssign
  uint8_t level = 0;                 // FromImport: number of leading dots. Pass
  bool reduced = false;              // something was replaced before parsing
  bool async = false;                // async def / for / with
  NameId text;                       // see StatementKind
  uint32_t text_begin = kNoPosition; // of `text` (of a module: with its dots), relative to the head
  uint32_t text_end = kNoPosition;
  ExprId first; // operands, linked by Expr::next
  ExprId bases; // Class: the first operand that is not a decorator
};

// All distinct statements of a scan. Grows only while scanning.
struct SyntaxTable {
  IdVector<StatementId, Statement> statements;
  IdVector<ExprId, Expr> exprs;
};

} // namespace pydefrag
