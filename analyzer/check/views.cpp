// Positions come from the syntax table, relative to a statement's head. Imports are never reduced
// before they are parsed (facts/syntax.h), so these positions are exact.
#include "check/views.h"

#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

const Module &ImporterOf(const Project &project, const ImportRow &row) {
  return project.modules[row.importer];
}

llvm::StringRef ImporterName(const Project &project, const ImportRow &row) {
  return project.Text(ImporterOf(project, row).name);
}

bool IsReported(const Project &project, const ImportRow &row) {
  return row.importer.valid() && ImporterOf(project, row).reported;
}

bool IsOwned(const Project &project, llvm::StringRef dotted) {
  const ModuleId top = project.FindModule(dotted.split('.').first);
  return top.valid() && project.modules[top].first_party;
}

bool MayReportMissing(const Project &project, const ImportRow &row) {
  const RowContext &context = row.context;
  if (!IsReported(project, row) || context.unreachable || context.string) {
    return false;
  }
  if (context.guarded && !context.masked) {
    return false;
  }
  return (!context.type_checking && !context.masked) || IsOwned(project, project.Text(row.module));
}

static const Expr &ExprOf(const Project &project, ExprId id) {
  return project.scanned.syntax.exprs[id];
}

Span NameSpan(const Project &project, const ImportRow &row) {
  const Expr &alias = ExprOf(project, row.alias);
  if (alias.kind != ExprKind::Alias || !alias.child.valid()) {
    return row.where;
  }
  const uint32_t size = static_cast<uint32_t>(project.Text(alias.text).size());
  return {row.where.begin, std::min(row.where.begin + size, row.where.end)};
}

std::optional<Span> ModuleSpan(const Project &project, const ImportRow &row) {
  const PlacedStatement &placed = project.StatementAt(row);
  const Statement &statement = project.Syntax(placed);
  if (statement.kind == StatementKind::Import) {
    return NameSpan(project, row);
  }
  if (statement.kind != StatementKind::FromImport || statement.text_begin == kNoPosition ||
      statement.text_end <= statement.text_begin) {
    return std::nullopt;
  }
  return Span{placed.head + statement.text_begin, placed.head + statement.text_end};
}

Location ModuleLocation(const Project &project, const ImportRow &row) {
  const std::optional<Span> span = ModuleSpan(project, row);
  return {row.file, span ? *span : row.statement_span};
}

size_t AliasCount(const Project &project, const ImportRow &row) {
  const Statement &statement = project.Syntax(project.StatementAt(row));
  size_t count = 0;
  for (ExprId id = statement.first; id.valid(); id = ExprOf(project, id).next) {
    ++count;
  }
  return count;
}

std::string SpelledModule(const Project &project, const ImportRow &row) {
  const Statement &statement = project.Syntax(project.StatementAt(row));
  if (statement.kind == StatementKind::FromImport) {
    return std::string(statement.level, '.') + project.Text(statement.text).str();
  }
  return project.Text(row.module).str();
}

std::string SpelledLike(const Project &project, const ImportRow &row, llvm::StringRef module) {
  llvm::StringRef left_out =
      row.source.valid() ? project.Text(project.modules[row.source].name) : "";
  if (left_out.consume_back(project.Text(row.module)) && left_out.ends_with(".")) {
    module.consume_front(left_out);
  }
  return module.str();
}

RowId IdOf(const Project &project, const ImportRow &row) {
  return RowId(static_cast<size_t>(&row - project.rows.raw().data()));
}

std::vector<RowId> RowsOfStatement(const Project &project, RowId row) {
  const auto same = [&](size_t i) {
    const ImportRow &a = project.rows[RowId(i)];
    const ImportRow &b = project.rows[row];
    return a.file == b.file && a.statement == b.statement;
  };
  size_t first = static_cast<size_t>(row.index);
  while (first > 0 && same(first - 1)) {
    --first;
  }
  std::vector<RowId> rows;
  for (size_t i = first; i < project.rows.size() && same(i); ++i) {
    rows.push_back(RowId(i));
  }
  return rows;
}

// The last name of what is called: `pytest.warns(...)` -> "warns".
static llvm::StringRef CalledName(const Project &project, ExprId id) {
  const Expr *expr = &ExprOf(project, id);
  if (expr->kind == ExprKind::Walrus && expr->child.valid()) { // with ... as x
    const ExprId value = ExprOf(project, expr->child).next;
    if (!value.valid()) {
      return "";
    }
    expr = &ExprOf(project, value);
  }
  if (expr->kind != ExprKind::Call || !expr->child.valid()) {
    return "";
  }
  const Expr &callee = ExprOf(project, expr->child);
  const bool named = callee.kind == ExprKind::Name || callee.kind == ExprKind::Attribute;
  return named ? project.Text(callee.text) : "";
}

bool ExpectsWarning(const Project &project, const ImportRow &row) {
  const std::vector<PlacedStatement> &statements = project.scanned.facts[row.file].statements;
  int32_t index = project.StatementAt(row).parent;
  for (; index >= 0; index = statements[static_cast<size_t>(index)].parent) {
    const Statement &header = project.Syntax(statements[static_cast<size_t>(index)]);
    if (header.kind != StatementKind::With) {
      continue;
    }
    for (ExprId id = header.first; id.valid(); id = ExprOf(project, id).next) {
      const bool expects = llvm::StringSwitch<bool>(CalledName(project, id))
                               .Cases("warns", "deprecated_call", "catch_warnings", true)
                               .Cases("assertWarns", "assertWarnsRegex", true)
                               .Default(false);
      if (expects) {
        return true;
      }
    }
  }
  return false;
}

FindingBuilder AtRow(Reporter &report, const Project &project, const ImportRow &row, Location where,
                     const llvm::Twine &message) {
  std::string spelled = SpelledModule(project, row);
  if (row.name.valid()) {
    (spelled += ':') += project.Text(row.name);
  }
  FindingBuilder builder = report.At(where, message);
  builder.Module(project.Text(ImporterOf(project, row).name))
      .Scope(project.ScopeOf(row.file, row.statement))
      .Spelled(spelled);
  return builder;
}

} // namespace pydefrag
