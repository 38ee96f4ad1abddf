// StatementParser: see statement.h. This file gets each statement its tree, or makes it from the
// template that others of its shape share.
#include "scan/syntax/statement.h"

#include "scan/syntax/import_grammar.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// A template is worth its while from here on.
static constexpr uint32_t kManyUses = 4;
// How many units ahead they are fetched into the cache.
static constexpr size_t kFetchAhead = 4;

static void Fetch(llvm::ArrayRef<const ShapedStatement *> units, size_t index) {
  if (index < units.size()) {
    const char *unit = reinterpret_cast<const char *>(units[index]);
    for (size_t i = 0; i < 4; ++i) { // the text and the tokens stand behind it
      __builtin_prefetch(unit + i * 64);
    }
  }
}

void StatementParser::Parse(llvm::ArrayRef<const ShapedStatement *> units,
                            std::vector<ParsedStatement> &results) {
  Collect(units);
  ShapeTrees *all[] = {&shapes_};
  const std::vector<ShapeParser> pieces = ParsePieces(all, 1);
  Make(units, results);
}

void StatementParser::Collect(llvm::ArrayRef<const ShapedStatement *> units) {
  use_of_.clear();
  use_of_.reserve(units.size());
  uses_.clear();
  shape_at_.clear();
  use_at_.clear();
  for (size_t i = 0; i < units.size(); ++i) {
    Fetch(units, i + kFetchAhead);
    use_of_.push_back(UseOf(*units[i]));
    ++uses_[use_of_.back()].count;
  }
}

void StatementParser::Make(llvm::ArrayRef<const ShapedStatement *> units,
                           std::vector<ParsedStatement> &results) {
  shapes_.PutTogether();
  results.reserve(results.size() + units.size());
  for (size_t i = 0; i < units.size(); ++i) {
    Fetch(units, i + kFetchAhead);
    results.push_back(ParseOne(*units[i], uses_[use_of_[i]]));
  }
}

uint32_t StatementParser::UseOf(const ShapedStatement &unit) {
  const uint32_t shape = ShapeOf(unit.shape);
  const llvm::StringRef folds(reinterpret_cast<const char *>(unit.folds.data()),
                              unit.folds.size() * sizeof(Fold));
  const uint32_t folds_hash = unit.folds.empty() ? 0 : NameTable::HashOf(folds);
  const auto [it, inserted] =
      use_at_.try_emplace(uint64_t{folds_hash} << 30 ^ shape, static_cast<uint32_t>(uses_.size()));
  if (!inserted && uses_[it->second].shape == shape && uses_[it->second].folds == unit.folds) {
    return it->second;
  }
  Use &use = uses_.emplace_back();
  use.shape = shape;
  use.folds = unit.folds;
  return static_cast<uint32_t>(uses_.size()) - 1;
}

uint32_t StatementParser::ShapeOf(llvm::StringRef shape) {
  const auto [it, inserted] = shape_at_.try_emplace(shape.data());
  if (inserted) {
    it->second = shapes_.Add(shape);
  }
  return it->second;
}

// What CPython says of the statement where it is an import; Parsed of all others.
static StatementOutcome ImportOutcome(const ReducedStatement &unit) {
  if (unit.kind != StatementKind::Import && unit.kind != StatementKind::FromImport) {
    return StatementOutcome::Parsed;
  }
  switch (CheckImport(unit.text.drop_front(unit.head))) {
  case ImportForm::Good:
    return StatementOutcome::Parsed;
  case ImportForm::TrailingComma:
    return StatementOutcome::ImportComma;
  case ImportForm::NoNames:
    return StatementOutcome::ImportNothing;
  case ImportForm::Bad:
    return StatementOutcome::ImportBad;
  }
  return StatementOutcome::Parsed;
}

ParsedStatement StatementParser::ParseOne(const ShapedStatement &unit, Use &use) {
  if (const StatementOutcome wrong = ImportOutcome(unit.reduced);
      wrong != StatementOutcome::Parsed) {
    ParsedStatement rejected = NotUnderstood(unit.reduced);
    rejected.outcome = wrong;
    return rejected;
  }
  const ShapeTree *tree = shapes_.Tree(use.shape);
  if (tree == nullptr) {
    return NotUnderstood(unit.reduced);
  }
  if (use.count >= kManyUses) {
    if (use.kind == StatementKind::Error) {
      use.kind = unit.reduced.kind;
      use.pattern = Learn(unit, *tree);
    }
    if (use.kind == unit.reduced.kind && use.pattern &&
        use.pattern->Fits(unit.tokens, unit.reduced.head)) {
      return Fill(unit, *use.pattern);
    }
  }
  tree->Place(unit.tokens, unit.folds, tree_);
  return Convert(unit.reduced);
}

std::optional<StatementTemplate> StatementParser::Learn(const ShapedStatement &unit,
                                                        const ShapeTree &tree) {
  const auto *const head = llvm::partition_point(
      unit.tokens, [&](TokenPlace token) { return token.begin < unit.reduced.head; });
  const size_t statements = syntax_.statements.size();
  const size_t exprs = syntax_.exprs.size();
  std::optional<StatementTemplate> pattern = StatementTemplate::Learn(
      unit.shape, unit.folds, static_cast<uint32_t>(head - unit.tokens.begin()), names_,
      [&](llvm::StringRef text, llvm::ArrayRef<TokenPlace> tokens,
          uint32_t head_place) -> std::optional<StatementTemplate::Example> {
        tree.Place(tokens, unit.folds, tree_);
        const ParsedStatement parsed =
            Convert({.text = text, .head = head_place, .kind = unit.reduced.kind});
        if (parsed.outcome != StatementOutcome::Parsed) {
          return std::nullopt;
        }
        return StatementTemplate::Example{
            .statement = syntax_.statements[parsed.statement],
            .exprs_begin = parsed.exprs_begin,
            .exprs = llvm::ArrayRef(syntax_.exprs.raw()).drop_front(exprs)};
      });
  syntax_.statements.resize(statements); // it stands in no file
  syntax_.exprs.resize(exprs);
  return pattern;
}

ParsedStatement StatementParser::Fill(const ShapedStatement &unit,
                                      const StatementTemplate &pattern) {
  ParsedStatement parsed;
  parsed.exprs_begin = ExprId(syntax_.exprs.size());
  bool python2 = false;
  Statement statement =
      pattern.Fill(unit.reduced.text, unit.tokens, names_, syntax_.exprs, python2);
  statement.reduced = unit.reduced.reduced;
  parsed.statement = syntax_.statements.push_back(statement);
  parsed.exprs_end = ExprId(syntax_.exprs.size());
  parsed.outcome = python2 ? StatementOutcome::Python2 : StatementOutcome::Parsed;
  return parsed;
}

ParsedStatement StatementParser::NotUnderstood(const ReducedStatement &unit) {
  Statement statement;
  statement.kind = StatementKind::Error;
  statement.reduced = unit.reduced;
  const ExprId none(syntax_.exprs.size());
  return {.statement = syntax_.statements.push_back(statement),
          .outcome = StatementOutcome::NotUnderstood,
          .exprs_begin = none,
          .exprs_end = none};
}

} // namespace pydefrag
