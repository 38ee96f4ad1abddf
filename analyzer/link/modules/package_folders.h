// Package folders: whether what stands in a folder is a part of a package.
#pragma once

#include "link/modules/file_tree.h"

namespace pydefrag {

// The folder, or one around it, has an `__init__`.
inline bool IsInPackage(const FileTree &tree, DirId folder) {
  while (folder.valid() && !tree.IsRegularPackage(folder)) {
    folder = tree.Parent(folder);
  }
  return folder.valid();
}

} // namespace pydefrag
