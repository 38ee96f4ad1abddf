#include "report/report.h"

#include "llvm/ADT/STLExtras.h"

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

std::string OnDisk(const Project &project, llvm::StringRef path) {
  if (project.root.empty() || path.starts_with("/")) {
    return path.str(); // installed files have paths of their own
  }
  const llvm::StringRef slash = llvm::StringRef(project.root).ends_with("/") ? "" : "/";
  return (project.root + slash + path).str();
}

const SourceText *SourceCache::Get(FileId file) {
  if (!file.valid()) {
    return nullptr;
  }
  auto [place, added] = texts_.try_emplace(file);
  if (added) {
    std::optional<SourceText> text = LoadSource(disk_, OnDisk(project_, project_.PathOf(file)));
    if (text) {
      place->second = std::make_unique<SourceText>(std::move(*text));
    }
  }
  return place->second.get();
}

} // namespace pydefrag
