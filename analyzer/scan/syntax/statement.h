// Statements: reduced texts (scan/reduce/reduce.h) -> Statement and Expr nodes of facts/syntax.h.
// Entry points: StatementParser::Parse; or Collect, then ParsePieces for several parsers together,
// then Make. Knows one statement at a time, not where it stands. Their trees come from their shapes
// (scan/shapes/shape.h).
#pragma once

#include "facts/syntax.h"
#include "scan/reduce/reduced_statement.h"
#include "scan/shapes/shape_trees.h"
#include "scan/shapes/statement_template.h"
#include "scan/syntax/expression.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace pydefrag {

// A statement with its shape. What it points to belongs to whoever made it.
struct ShapedStatement {
  ReducedStatement reduced;
  llvm::StringRef shape;
  llvm::ArrayRef<TokenPlace> tokens;
  llvm::ArrayRef<Fold> folds;
};

enum class StatementOutcome : uint8_t {
  Parsed,
  NotUnderstood, // an ERROR or MISSING node: the statement's kind is Error
  Python2,       // parsed, but Python 3 rejects it: print, exec, `<>`, `10L`...
  // An import that every Python rejects (scan/syntax/import_grammar.h).
  ImportComma,   // ends with a comma
  ImportNothing, // ends before its names
  ImportBad,
};

struct ParsedStatement {
  StatementId statement;
  StatementOutcome outcome = StatementOutcome::Parsed;
  ExprId exprs_begin; // its expressions are consecutive
  ExprId exprs_end;
};

class StatementParser {
public:
  // Adds to the two tables, which must outlive the parser.
  StatementParser(SyntaxTable &syntax, NameTable &names)
      : syntax_(syntax), names_(names), expressions_(syntax.exprs, names) {}

  // Appends one result for each of `units`, in order.
  void Parse(llvm::ArrayRef<const ShapedStatement *> units, std::vector<ParsedStatement> &results);

  // The same in three steps, of which the one in between is ParsePieces for `shapes`.
  void Collect(llvm::ArrayRef<const ShapedStatement *> units);
  ShapeTrees &shapes() { return shapes_; }
  void Make(llvm::ArrayRef<const ShapedStatement *> units, std::vector<ParsedStatement> &results);

private:
  // What is known of the statements that share a shape and its folds.
  struct Use {
    uint32_t shape = 0; // in `shapes_`
    llvm::ArrayRef<Fold> folds;
    uint32_t count = 0;                        // how many units they are
    StatementKind kind = StatementKind::Error; // of the statements `pattern` is for; Error: not
                                               // yet learned
    std::optional<StatementTemplate> pattern;
  };

  uint32_t UseOf(const ShapedStatement &unit);
  uint32_t ShapeOf(llvm::StringRef shape);
  ParsedStatement ParseOne(const ShapedStatement &unit, Use &use);
  std::optional<StatementTemplate> Learn(const ShapedStatement &unit, const ShapeTree &tree);
  ParsedStatement Fill(const ShapedStatement &unit, const StatementTemplate &pattern);
  ParsedStatement Convert(const ReducedStatement &unit);
  ParsedStatement NotUnderstood(const ReducedStatement &unit);

  void Fill(Statement &statement, uint32_t node);
  void FillSimple(Statement &statement, uint32_t node);
  void FillHeader(Statement &statement, uint32_t node);
  void FillImport(Statement &statement, uint32_t node);
  void FillRelativeModule(Statement &statement, uint32_t node);
  void FillAlias(uint32_t node);
  void FillExpressionStatement(Statement &statement, uint32_t node);
  void FillAssignment(Statement &statement, uint32_t node);
  void FillDefinition(Statement &statement, uint32_t node);
  void FillExcept(Statement &statement, uint32_t node);
  void FillWith(uint32_t node);
  void FillCase(uint32_t node);
  void Operands(llvm::ArrayRef<uint32_t> nodes);
  void OneOperand(uint32_t node);
  void SetText(Statement &statement, uint32_t node);
  // Without the blocks that only make the text complete.
  llvm::SmallVector<uint32_t, 8> Parts(uint32_t node) const;

  SyntaxTable &syntax_;
  NameTable &names_;
  ExpressionBuilder expressions_;
  ShapeTrees shapes_;
  std::vector<Use> uses_;                           // of the units at work
  std::vector<uint32_t> use_of_;                    // each unit's, in `uses_`
  llvm::DenseMap<const char *, uint32_t> shape_at_; // by where a unit has it: most share one
  llvm::DenseMap<uint64_t, uint32_t> use_at_;       // by shape and hash of the folds
  FlatTree tree_;                                   // of the statement at work; its root is node 1
  llvm::StringRef text_;                            // of the statement at work
  bool python2_ = false;
};

} // namespace pydefrag
