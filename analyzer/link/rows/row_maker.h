// RowMaker: makes the rows of one file. The first pass reads the logs and tables alone, so files
// are read side by side; rows that need more are made again with a resolver, one after the other.
//
// row_maker.cpp: what the row imports. row_context.cpp: what it stands in.
#pragma once

#include "link/rows/rows.h"

#include <optional>
#include <vector>

namespace pydefrag {

inline constexpr const char *kOpenPath = "`sys.path` changed at run time";

class RowMaker {
public:
  RowMaker(Project &project, const Resolver &tables, const Roots &roots, NameId star, FileId file);

  // Fills the rows from `row` on.
  void ReadFile(uint32_t row, RowNotes &notes);
  // Makes a row again, with all that the resolver knows.
  void Finish(ImportRow &row, Resolver &resolver, const RowNotes &notes);

private:
  void NoteImportOrSkip(uint32_t i, const Statement &statement, RowNotes &notes) const;
  bool IsRenamed(const ImportRow &row) const;
  void Start(ImportRow &row, const Statement &statement);
  bool Make(ImportRow &row, uint32_t number, const RowNotes &notes);
  bool MakeImport(ImportRow &row, const ImportTarget &target, ImportFailure &failure);
  bool MakeFrom(ImportRow &row, const ImportTarget &target, ImportFailure &failure);
  void SetModule(ImportRow &row, ModuleId module) const;
  void CheckAttributePath(ImportRow &row);
  bool Settle(ImportRow &row, const ImportTarget &search) const;
  bool IsOwnPackage(NameId missing_part) const;
  bool IsBesideItsName(const ImportRow &row, ModuleId source) const;
  bool IsNeighbour(const ImportRow &row, ModuleId source) const;
  bool IsTop(NameId missing_part) const;
  std::optional<Found> FindInTables(ModuleId source, NameId name) const;
  std::optional<Found> FindSubmodule(ModuleId package, NameId name) const;
  bool ResolveName(ImportRow &row, ModuleId source, ImportFailure &failure);

  // row_context.cpp
  void Excuse(ImportRow &row);
  bool IsStandard(const ImportRow &row) const;
  bool IsOneOfTwo(const ImportRow &row);
  bool MaySkip(const Statement &header) const;
  bool FillContext(ImportRow &row, ImportFailure failure);
  bool ReadHeader(ImportRow &row, uint32_t header, uint32_t child, const Statement &above);
  bool IsCodeOfPackage(uint32_t statement) const;
  bool AsksForSpec(ExprId condition) const;

  Project &project_;
  const Resolver &tables_;       // asked only for what it holds, not for answers
  Resolver *resolver_ = nullptr; // in the second pass
  const SyntaxView &view_;
  const Roots &roots_;
  const NameId star_;
  const FileId file_;
  const ModuleId module_;
  const std::vector<PlacedStatement> &statements_;
  uint32_t measured_ = kNoEvent; // the statement that `length_` is of
  uint32_t length_ = 0;
  bool open_path_ = false;  // in this very file
  bool open_world_ = false; // in a package or conftest above it
};

} // namespace pydefrag
