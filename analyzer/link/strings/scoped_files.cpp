#include "link/strings/scoped_files.h"

#include "base/parallel.h"
#include "source/paths.h"
#include "source/source_file.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

std::vector<std::vector<ScopedUse>> ReadScopedUses(const Project &project, const Disk &disk,
                                                   const std::vector<WantedNames> &wanted,
                                                   unsigned jobs) {
  std::vector<std::vector<ScopedUse>> uses(wanted.size());
  ParallelFor(wanted.size(), jobs, 1, [&](size_t i) {
    const std::string &path = project.scanned.paths[wanted[i].file];
    const std::optional<SourceText> source = LoadSource(disk, OnDisk(project.root, path));
    if (source) {
      TreeParser parser;
      uses[i] = FindScopedUses(
          source->text(), [&](llvm::StringRef name) { return wanted[i].names.contains(name); },
          parser);
    }
  });
  return uses;
}

std::vector<const ImportRow *> RowsOf(const Project &project, FileId file, llvm::StringRef local) {
  const std::vector<ImportRow> &rows = project.rows.raw();
  auto row = std::partition_point(rows.begin(), rows.end(),
                                  [&](const ImportRow &each) { return each.file < file; });
  std::vector<const ImportRow *> found;
  for (; row != rows.end() && row->file == file; ++row) {
    const bool whole = !row->name.valid() && !row->as.valid();
    const llvm::StringRef bound = whole ? project.Text(row->module).split('.').first
                                        : project.Text(row->as.valid() ? row->as : row->name);
    if (bound == local) {
      found.push_back(&*row);
    }
  }
  return found;
}

std::vector<const ImportRow *> RowsOf(const Project &project, FileId file, llvm::StringRef local,
                                      llvm::ArrayRef<uint32_t> imports) {
  std::vector<const ImportRow *> found = RowsOf(project, file, local);
  llvm::erase_if(found, [&](const ImportRow *row) {
    return !llvm::is_contained(imports, row->statement_span.begin);
  });
  return found;
}

} // namespace pydefrag
