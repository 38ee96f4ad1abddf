// What rules ask of a project in more than one place: where a row's words stand in its file, who
// imports, and what surrounds the statement. Look-ups only; no rule's own logic.
#pragma once

#include "check/reporter.h"
#include "link/project.h"

#include "llvm/ADT/ArrayRef.h"

#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

const Module &ImporterOf(const Project &project, const ImportRow &row);
llvm::StringRef ImporterName(const Project &project, const ImportRow &row); // dotted

// Whether findings are wanted for the module the row stands in.
bool IsReported(const Project &project, const ImportRow &row);

// Whether `row` may speak of something missing: it is executed, no handler catches the failure, and
// it is an import statement (strings have a rule of their own). Rows that never run (type checking,
// a test that would be skipped) count only below a first-party name.
bool MayReportMissing(const Project &project, const ImportRow &row);

// Whether the first component of a dotted name is the project's own.
bool IsOwned(const Project &project, llvm::StringRef dotted);

// The (dotted) name as written in the alias, without `as ...`.
Span NameSpan(const Project &project, const ImportRow &row);

// The module as written after `from`, dots included, or the dotted name of `import M`. Nothing for
// a string.
std::optional<Span> ModuleSpan(const Project &project, const ImportRow &row);

// ModuleSpan, or the whole statement.
Location ModuleLocation(const Project &project, const ImportRow &row);

// How many names the row's statement imports.
size_t AliasCount(const Project &project, const ImportRow &row);

// The module path as the source spells it: "..cart", "shop.cart".
std::string SpelledModule(const Project &project, const ImportRow &row);

// A dotted module as the row's statement would spell it: `lib.cart` for `shop.lib.cart` where the
// row says `lib.till` for `shop.lib.till`, since a folder of the package is on the path.
std::string SpelledLike(const Project &project, const ImportRow &row, llvm::StringRef module);

// The id of a row of the project, by its address.
RowId IdOf(const Project &project, const ImportRow &row);

// All rows of the row's statement, in order.
std::vector<RowId> RowsOfStatement(const Project &project, RowId row);

// Whether the statement stands in a block that expects or silences warnings (`pytest.warns`,
// `deprecated_call`, `assertWarns`, `catch_warnings`).
bool ExpectsWarning(const Project &project, const ImportRow &row);

// Fills in what every finding about a row says of its place: module, scope, spelled path.
FindingBuilder AtRow(Reporter &report, const Project &project, const ImportRow &row, Location where,
                     const llvm::Twine &message);

// Ranges of rows that share one statement, in order. Rows are sorted by file and offset.
struct RowRange {
  RowId first, end; // half open
};
// Found on the way, so that every row is looked at once.
class StatementRanges {
public:
  explicit StatementRanges(const Project &project) : rows_(project.rows.raw()) {}

  class Iterator {
  public:
    Iterator(llvm::ArrayRef<ImportRow> rows, size_t begin) : rows_(rows) { Find(begin); }
    const RowRange &operator*() const { return range_; }
    Iterator &operator++() {
      Find(static_cast<size_t>(range_.end.index));
      return *this;
    }
    bool operator!=(const Iterator &other) const { return range_.first != other.range_.first; }

  private:
    void Find(size_t begin) {
      size_t end = begin;
      while (end < rows_.size() && rows_[end].file == rows_[begin].file &&
             rows_[end].statement == rows_[begin].statement) {
        ++end;
      }
      range_ = {RowId(begin), RowId(end)};
    }

    llvm::ArrayRef<ImportRow> rows_;
    RowRange range_;
  };
  Iterator begin() const { return {rows_, 0}; }
  Iterator end() const { return {rows_, rows_.size()}; }

private:
  llvm::ArrayRef<ImportRow> rows_;
};

} // namespace pydefrag
