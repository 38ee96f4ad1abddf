#include "report/report.h"

#include "base/parallel.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

bool IsInPaths(llvm::StringRef path, llvm::ArrayRef<std::string> paths) {
  for (const std::string &wanted : paths) {
    llvm::StringRef rest = path;
    if (wanted.empty() || (rest.consume_front(wanted) && (rest.empty() || rest.front() == '/'))) {
      return true;
    }
  }
  return paths.empty();
}

bool Fails(const Report &report, const Finding &finding) {
  return finding.severity >= report.fail_level && finding.test_state != TestState::Refuted;
}

bool ShownBefore(const Project &project, const Finding &a, const Finding &b) {
  return a.where.file == b.where.file ? FindingBefore(a, b)
                                      : project.PathOf(a.where.file) < project.PathOf(b.where.file);
}

std::vector<const Finding *> ShownFindings(const Report &report, SuppressedFindings suppressed) {
  std::vector<const Finding *> findings;
  for (const Finding &finding : report.findings) {
    findings.push_back(&finding);
  }
  if (suppressed == SuppressedFindings::Shown) {
    for (const Finding &finding : report.suppressed) {
      findings.push_back(&finding);
    }
    llvm::stable_sort(findings, [&](const Finding *a, const Finding *b) {
      return ShownBefore(*report.project, *a, *b);
    });
  }
  return findings;
}

llvm::StringRef DefinitionKindName(DefinitionKind kind) {
  switch (kind) {
  case DefinitionKind::Class:
    return "class";
  case DefinitionKind::Function:
    return "function";
  case DefinitionKind::Constant:
    return "constant";
  }
  return "";
}

const SourceText *SourceCache::Get(FileId file) {
  if (!file.valid()) {
    return nullptr;
  }
  auto [place, added] = texts_.try_emplace(file);
  if (added) {
    place->second = Read(file);
  }
  return place->second.get();
}

std::unique_ptr<SourceText> SourceCache::Read(FileId file) const {
  std::optional<SourceText> text = LoadSource(disk_, OnDisk(project_.root, project_.PathOf(file)));
  return text ? std::make_unique<SourceText>(std::move(*text)) : nullptr;
}

void SourceCache::Load(std::vector<FileId> files, unsigned jobs) {
  llvm::sort(files);
  files.erase(std::unique(files.begin(), files.end()), files.end());
  llvm::erase_if(files, [&](FileId file) { return !file.valid() || texts_.count(file) != 0; });
  std::vector<std::unique_ptr<SourceText>> texts(files.size());
  ParallelFor(files.size(), jobs, 8, [&](size_t i) { texts[i] = Read(files[i]); });
  for (size_t i = 0; i < files.size(); ++i) {
    texts_.emplace(files[i], std::move(texts[i]));
  }
}

} // namespace pydefrag
