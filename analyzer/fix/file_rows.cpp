#include "fix/file_rows.h"

#include "link/link_state.h"

#include <algorithm>

namespace pydefrag {

FileRows::FileRows(const Project &project, FileId file) : project_(project), file_(file) {
  const size_t f = static_cast<size_t>(file.index);
  begin_ = project.state->graph.row_begin[f];
  end_ = project.state->graph.row_begin[f + 1];
  for (uint32_t r = begin_; r < end_; ++r) {
    const ImportRow &row = project.rows[RowId(size_t{r})];
    ++times_bound_[row.as.valid() ? row.as : row.name];
    const bool first = r == begin_ || project.rows[RowId(size_t{r - 1})].statement != row.statement;
    if (first && row.name.valid() && !row.context.star) {
      from_imports_[project.Text(row.module)].push_back(row.statement);
    }
  }
  const std::vector<PlacedStatement> &statements = project.scanned.facts[file].statements;
  imports_end_.resize(statements.size() + 1, static_cast<uint32_t>(statements.size()));
  for (uint32_t i = static_cast<uint32_t>(statements.size()); i-- > 0;) {
    const StatementKind kind = project.Syntax(statements[i]).kind;
    const bool import = kind == StatementKind::Import || kind == StatementKind::FromImport;
    imports_end_[i] = import ? imports_end_[i + 1] : i;
  }
}

std::vector<RowId> FileRows::Of(uint32_t statement) const {
  const std::vector<ImportRow> &all = project_.rows.raw();
  auto row = std::partition_point(all.begin() + begin_, all.begin() + end_,
                                  [&](const ImportRow &r) { return r.statement < statement; });
  std::vector<RowId> rows;
  for (; row != all.begin() + end_ && row->statement == statement; ++row) {
    rows.push_back(RowId(static_cast<size_t>(row - all.begin())));
  }
  return rows;
}

llvm::ArrayRef<uint32_t> FileRows::ImportsFrom(llvm::StringRef module) const {
  const auto it = from_imports_.find(module);
  return it == from_imports_.end() ? llvm::ArrayRef<uint32_t>() : llvm::ArrayRef(it->second);
}

} // namespace pydefrag
