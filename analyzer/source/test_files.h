// Files that pytest loads by itself, by its default patterns (python_files; conftest.py always).
#pragma once

#include "source/paths.h"

#include "llvm/ADT/StringRef.h"

namespace pydefrag {

// `path`: a path or a bare file name.
inline bool IsTestFileName(llvm::StringRef path) {
  const llvm::StringRef name = FileNameOf(path);
  return name == "conftest.py" || name.starts_with("test_") || name.ends_with("_test.py");
}

} // namespace pydefrag
