// Expressions: nodes of a flat tree -> Expr nodes of facts/syntax.h. Entry point:
// ExpressionBuilder. One per statement table; knows nothing of statements.
//
// Works off a stack of tasks "make node N the next child of P", parents before children, so depth
// costs no call stack. Below kMaxDepth nested expressions it says Opaque: readers may then recurse.
#pragma once

#include "facts/syntax.h"
#include "scan/trees/literals.h"
#include "scan/trees/tree.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace pydefrag {

// What an operator token means between two operands, or in an augmented assignment.
Op OperatorOfToken(NodeKind token);

class ExpressionBuilder {
public:
  ExpressionBuilder(IdVector<ExprId, Expr> &exprs, NameTable &names)
      : exprs_(exprs), names_(names) {}

  // What follows is about `tree`, made from `text`; positions are relative to `head`, a byte offset
  // in `text`. Both must outlive the next Begin. `first` receives the first operand.
  void Begin(const FlatTree &tree, llvm::StringRef text, uint32_t head, ExprId &first);

  // Appends the expression at `node` to the operands. Parentheses vanish.
  ExprId Operand(uint32_t node);
  // The same, for several nodes or one with a comma behind it: a Tuple.
  ExprId TupleOperand(llvm::ArrayRef<uint32_t> nodes);
  // Appends an operand without children, and children to it.
  ExprId Leaf(ExprKind kind, NameId text, uint32_t node);
  ExprId LeafUnder(ExprId parent, ExprKind kind, NameId text, uint32_t node);
  void Under(ExprId parent, uint32_t node);
  // Appends an Opaque operand that holds the walruses below `node`, if there are any.
  void WalrusesOf(uint32_t node);

  // Direct children in the flat tree, operators left out.
  llvm::SmallVector<uint32_t, 8> Children(uint32_t node) const;
  const Node &At(uint32_t node) const { return tree_->nodes[node]; }
  llvm::StringRef Text(uint32_t node) const { return text_.slice(At(node).begin, At(node).end); }
  NameId Intern(llvm::StringRef text) { return names_.Intern(text); }
  NameId InternIdentifier(uint32_t node);
  // "a.b.c" of a dotted_name.
  NameId InternDotted(uint32_t node);
  uint32_t Relative(uint32_t offset) const { return offset < head_ ? kNoPosition : offset - head_; }

  // Something that only Python 2 takes was met since Begin.
  bool python2() const { return python2_; }

private:
  struct Task {
    uint32_t node;
    ExprId parent; // invalid: the operands
    uint16_t depth;
  };

  // Readers of expressions may recurse this deep; what is deeper is Opaque.
  static constexpr uint16_t kMaxDepth = 200;
  static constexpr uint16_t kOpaqueDepth = kMaxDepth + 1;

  ExprId Make(const Task &task, ExprKind kind, Op op = Op::None);
  ExprId Append(ExprId parent, Expr expr);
  void Run();
  void Build(const Task &task);
  bool BuildLeaf(const Task &task, const Node &node);
  bool BuildOperator(const Task &task, const Node &node);
  bool BuildPattern(const Task &task, const Node &node);
  void BuildWithChildren(const Task &task, ExprKind kind, Op op = Op::None);
  void PushChildren(const Task &task, ExprId parent, llvm::ArrayRef<uint32_t> nodes);
  void BuildString(const Task &task);
  void AppendRest(const StringLiteral &literal, uint32_t part, bool constant,
                  TokenText &rest) const;
  void BuildCompare(const Task &task);
  void BuildBoolean(const Task &task);
  void BuildDotted(const Task &task, ExprKind single);
  void BuildDictPattern(const Task &task);
  void BuildAsPattern(const Task &task);
  void BuildForIn(const Task &task);
  uint32_t OperatorOf(uint32_t node) const;

  IdVector<ExprId, Expr> &exprs_;
  NameTable &names_;
  const FlatTree *tree_ = nullptr;
  llvm::StringRef text_;
  uint32_t head_ = 0;
  ExprId *first_ = nullptr;
  size_t base_ = 0;                          // exprs before this statement
  ExprId last_;                              // the last operand
  llvm::SmallVector<ExprId, 64> last_child_; // by index since base_
  llvm::SmallVector<Task, 64> tasks_;
  TokenText scratch_;
  bool python2_ = false;
};

} // namespace pydefrag
