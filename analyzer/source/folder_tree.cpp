// Level by level: all folders of one depth are listed in parallel, then their own folders are the
// next level. Trees of sources are wide and shallow, so there are few levels to wait for.
#include "source/folder_tree.h"

#include "base/parallel.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <string>

namespace pydefrag {

// Few enough that threads share a level evenly, enough not to meet at the counter.
static constexpr size_t kFoldersAtOnce = 8;

bool PathOrder(const DirectoryEntry &a, const DirectoryEntry &b) {
  const size_t common = std::min(a.name.size(), b.name.size());
  if (const int order = a.name.compare(0, common, b.name, 0, common); order != 0) {
    return order < 0;
  }
  auto next = [common](const DirectoryEntry &entry) -> int {
    if (entry.name.size() > common) {
      return static_cast<unsigned char>(entry.name[common]);
    }
    return entry.kind == EntryKind::Directory ? '/' : -1;
  };
  return next(a) < next(b);
}

ListedFolder ListFolder(const Disk &disk, llvm::StringRef path, const FolderRules &rules) {
  ListedFolder folder;
  folder.error = disk.ListSome(path, rules.keeps_file, folder.entries);
  if (folder.error) {
    folder.entries.clear();
  }
  std::sort(folder.entries.begin(), folder.entries.end(), PathOrder);
  folder.listed.resize(folder.entries.size());
  folder.is_end = llvm::any_of(
      folder.entries, [&](const DirectoryEntry &entry) { return rules.is_end(entry.name); });
  return folder;
}

std::vector<ListedFolder> ListFolders(const Disk &disk, llvm::StringRef root,
                                      const FolderRules &rules, unsigned jobs) {
  std::vector<ListedFolder> folders(1);
  std::vector<std::string> level = {root.str()}; // paths of the last folders
  while (!level.empty()) {
    const size_t begin = folders.size() - level.size();
    ParallelFor(level.size(), jobs, kFoldersAtOnce,
                [&](size_t i) { folders[begin + i] = ListFolder(disk, level[i], rules); });
    std::vector<std::string> next;
    for (size_t i = 0; i < level.size(); ++i) {
      ListedFolder &folder = folders[begin + i];
      for (size_t e = 0; e < folder.entries.size() && !folder.is_end; ++e) {
        const DirectoryEntry &entry = folder.entries[e];
        if (entry.kind == EntryKind::Directory && !entry.is_link && rules.enters(entry.name)) {
          folder.listed[e] = static_cast<uint32_t>(folders.size() + next.size());
          next.push_back(JoinPath(level[i], entry.name));
        }
      }
    }
    level = std::move(next);
    folders.resize(folders.size() + level.size());
  }
  return folders;
}

} // namespace pydefrag
