// Places: where findings and statements stand, as path and line. Entry point: PlaceTable.
// Statements have their lines in the facts; other offsets are looked up in the text, which is read
// once.
#pragma once

#include "join/joined.h"
#include "link/project.h"
#include "source/disk.h"
#include "source/source_file.h"

#include "llvm/ADT/ArrayRef.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

// Lines, both included.
struct LineRange {
  uint32_t first = 0;
  uint32_t last = 0;
  bool Contains(uint32_t line) const { return first <= line && line <= last; }
};

class PlaceTable {
public:
  // Both must outlive it.
  PlaceTable(const Project &project, const Disk &disk) : project_(project), disk_(disk) {}

  Place Of(Location where);
  // Of hops of a chain: each is the head of a statement.
  std::vector<Place> OfStatements(llvm::ArrayRef<Location> hops) const;
  // Of the statement that a location stands in; empty when none is kept there.
  LineRange StatementLines(Location where) const;
  // The text of a file of the project; null when it cannot be read.
  const SourceText *Text(FileId file);
  // A line of a file of the project, trimmed; "" when it is not there.
  std::string LineText(const Place &place);
  FileId FindFile(llvm::StringRef path) const; // relative to the root; invalid: no source file

  const Project &project() const { return project_; }

private:
  const PlacedStatement *StatementAt(Location where) const;

  const Project &project_;
  const Disk &disk_;
  std::map<FileId, std::unique_ptr<SourceText>> texts_;
};

} // namespace pydefrag
