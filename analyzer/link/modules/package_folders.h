// Package folders: whether a file is a part of a package.
#pragma once

#include "link/modules/file_tree.h"
#include "source/paths.h"

namespace pydefrag {

// Its folder, or one around that, has an `__init__`.
inline bool IsInPackage(const FileTree &tree, llvm::StringRef file) {
  DirId folder = tree.FindDirectory(FolderOf(file));
  while (folder.valid() && !tree.IsRegularPackage(folder)) {
    folder = tree.Parent(folder);
  }
  return folder.valid();
}

} // namespace pydefrag
