// The folders below a root with what stands in them, listed by several threads at once, so that the
// walk over them (discover.cpp), which decides in order, need not wait for the disk. Entry point:
// ListFolders.
#pragma once

#include "source/disk.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <system_error>
#include <vector>

namespace pydefrag {

// The order of the paths that the entries lead to: a folder sorts as `name/`.
bool PathOrder(const DirectoryEntry &a, const DirectoryEntry &b);

struct ListedFolder {
  std::vector<DirectoryEntry> entries; // in PathOrder
  std::vector<uint32_t> listed;        // for each entry where the tree has it; 0: it was not listed
  bool is_end = false;                 // see FolderRules::is_end
  std::error_code error;               // the folder cannot be listed; no entries
};

// By names alone; asked by several threads at once.
struct FolderRules {
  // Files that are entries; folders always are.
  llvm::function_ref<bool(llvm::StringRef name)> keeps_file;
  // An entry of this name says that the folders beside it are not to be listed.
  llvm::function_ref<bool(llvm::StringRef name)> is_end;
  // Folders that are to be listed. Links to folders never are.
  llvm::function_ref<bool(llvm::StringRef name)> enters;
};

// The first one is `root` itself.
std::vector<ListedFolder> ListFolders(const Disk &disk, llvm::StringRef root,
                                      const FolderRules &rules, unsigned jobs);

// One folder alone.
ListedFolder ListFolder(const Disk &disk, llvm::StringRef path, const FolderRules &rules);

} // namespace pydefrag
