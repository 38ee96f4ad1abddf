// FindingIndex: findings by where they stand and by what they say would be raised. Entry point:
// the class. Holds indices into the findings that it was made from.
#pragma once

#include "check/finding.h"
#include "join/places.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"

#include <optional>
#include <vector>

namespace pydefrag {

class FindingIndex {
public:
  // The findings, in order of place, and `places` must outlive it.
  FindingIndex(llvm::ArrayRef<Finding *> findings, PlaceTable &places);

  llvm::ArrayRef<Finding *> findings() const { return findings_; }
  const Finding &At(size_t i) const { return *findings_[i]; }

  // Of the findings in the statement at a place, the one that tells best why it fails.
  std::optional<size_t> InStatement(Location where) const;
  // All findings on lines that hold `line`: those whose statement covers it.
  std::vector<size_t> OnLine(llvm::StringRef path, uint32_t line) const;
  // All findings whose cause is `CODE:key`, for one of `codes`.
  std::vector<size_t> WithKey(llvm::ArrayRef<llvm::StringRef> codes, llvm::StringRef key) const;
  // All findings of a code, in order.
  llvm::ArrayRef<size_t> WithCode(llvm::StringRef code) const;

private:
  std::vector<size_t> InFile(FileId file) const;

  std::vector<Finding *> findings_;
  PlaceTable &places_;
  llvm::StringMap<std::vector<size_t>> by_cause_;
  llvm::StringMap<std::vector<size_t>> by_code_;
};

// Whether a finding of this code says that an import fails when it is executed.
bool IsImportFailure(llvm::StringRef code);

} // namespace pydefrag
