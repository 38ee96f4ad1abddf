// FileRows: the import rows of one file, looked up by statement, by the name they bind and by the
// module they import from. Made once for a file; each look-up costs what it finds.
#pragma once

#include "link/project.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include <vector>

namespace pydefrag {

class FileRows {
public:
  FileRows(const Project &project, FileId file);

  FileId file() const { return file_; }

  // The names of an import statement, in order. Nothing for other statements.
  std::vector<RowId> Of(uint32_t statement) const;
  // Whether one row of the file, and no other, binds the name.
  bool BindsOnce(NameId bound) const { return times_bound_.lookup(bound) == 1; }
  // The from-imports of a dotted module, without stars, in order.
  llvm::ArrayRef<uint32_t> ImportsFrom(llvm::StringRef module) const;
  // Whether nothing but imports stands in [first, last), statements of the file.
  bool OnlyImports(uint32_t first, uint32_t last) const { return last <= imports_end_[first]; }

private:
  const Project &project_;
  const FileId file_;
  uint32_t begin_ = 0, end_ = 0; // rows
  llvm::DenseMap<NameId, uint32_t> times_bound_;
  llvm::StringMap<std::vector<uint32_t>> from_imports_;
  std::vector<uint32_t> imports_end_; // by statement: the first one from there that is no import
};

} // namespace pydefrag
