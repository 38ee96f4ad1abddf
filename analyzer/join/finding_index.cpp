#include "join/finding_index.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

bool IsImportFailure(llvm::StringRef code) {
  for (llvm::StringRef known : {"DFG105", "DFG201", "DFG202", "DFG203", "DFG204", "DFG206",
                                "DFG207", "DFG303", "DFG304", "DFG401", "DFG901"}) {
    if (code == known) {
      return true;
    }
  }
  return false;
}

FindingIndex::FindingIndex(llvm::ArrayRef<Finding *> findings, PlaceTable &places)
    : findings_(findings.begin(), findings.end()), places_(places) {
  llvm::stable_sort(findings_,
                    [](const Finding *a, const Finding *b) { return FindingBefore(*a, *b); });
  for (size_t i = 0; i < findings_.size(); ++i) {
    by_cause_[findings_[i]->cause].push_back(i);
    by_code_[findings_[i]->code].push_back(i);
  }
}

std::vector<size_t> FindingIndex::InFile(FileId file) const {
  std::vector<size_t> found;
  auto at =
      llvm::partition_point(findings_, [&](const Finding *f) { return f->where.file < file; });
  for (; at != findings_.end() && (*at)->where.file == file; ++at) {
    found.push_back(static_cast<size_t>(at - findings_.begin()));
  }
  return found;
}

std::optional<size_t> FindingIndex::InStatement(Location where) const {
  std::optional<size_t> best;
  const LineRange lines = places_.StatementLines(where);
  for (size_t i : InFile(where.file)) {
    const Finding &finding = *findings_[i];
    const LineRange own = places_.StatementLines(finding.where);
    const bool here = finding.code == "DFG901" || (own.first == lines.first && lines.first > 0);
    if (here && IsImportFailure(finding.code) &&
        (!best || finding.severity > findings_[*best]->severity)) {
      best = i;
    }
  }
  return best;
}

std::vector<size_t> FindingIndex::OnLine(llvm::StringRef path, uint32_t line) const {
  std::vector<size_t> found;
  const FileId file = places_.FindFile(path);
  if (!file.valid()) {
    return found;
  }
  for (size_t i : InFile(file)) {
    if (places_.StatementLines(findings_[i]->where).Contains(line)) {
      found.push_back(i);
    }
  }
  return found;
}

std::vector<size_t> FindingIndex::WithKey(llvm::ArrayRef<llvm::StringRef> codes,
                                          llvm::StringRef key) const {
  std::vector<size_t> found;
  for (llvm::StringRef code : codes) {
    auto it = by_cause_.find((code + ":" + key).str());
    if (it != by_cause_.end()) {
      found.insert(found.end(), it->getValue().begin(), it->getValue().end());
    }
  }
  return found;
}

llvm::ArrayRef<size_t> FindingIndex::WithCode(llvm::StringRef code) const {
  auto it = by_code_.find(code);
  return it == by_code_.end() ? llvm::ArrayRef<size_t>() : llvm::ArrayRef(it->getValue());
}

} // namespace pydefrag
