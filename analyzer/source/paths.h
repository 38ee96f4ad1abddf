// Paths as text, with `/` between the parts: what they are made of and how they are put together.
// Nothing here looks at the disk.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

#include <string>

namespace pydefrag {

// "a/b" of "a/b/c.py"; empty, which is the root itself, when there is no slash.
inline llvm::StringRef FolderOf(llvm::StringRef path) {
  const size_t slash = path.rfind('/');
  return slash == llvm::StringRef::npos ? llvm::StringRef() : path.take_front(slash);
}

// "c.py" of "a/b/c.py".
inline llvm::StringRef FileNameOf(llvm::StringRef path) {
  return path.substr(path.rfind('/') + 1);
}

// Whether the path is the folder or lies in it; all lie in the root, "".
inline bool IsInFolder(llvm::StringRef path, llvm::StringRef folder) {
  return folder.empty() || path == folder || (path.consume_front(folder) && path.starts_with("/"));
}

// "a/b.py" of "a" and "b.py"; `path` alone when the folder is the root, "".
inline std::string JoinPath(llvm::StringRef folder, llvm::StringRef path) {
  return folder.empty() ? path.str() : (folder + "/" + path).str();
}

// `path` below the project's root, as Disk wants it. Files of an environment have whole paths.
inline std::string OnDisk(llvm::StringRef root, llvm::StringRef path) {
  const bool whole = root.empty() || path.starts_with("/");
  return whole ? path.str() : (root.rtrim('/') + "/" + path).str();
}

} // namespace pydefrag
