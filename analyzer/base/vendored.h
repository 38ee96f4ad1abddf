// Folders for copies of what others wrote.
#pragma once

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

// `name` is one component of a path: `_vendor`, `third_party`.
inline bool IsVendorFolder(llvm::StringRef name) {
  return llvm::StringSwitch<bool>(name.trim('_'))
      .Cases("vendor", "vendored", "third_party", "thirdparty", "extern", "externals", true)
      .Default(false);
}

// Whether a file, by its path from the project's root, stands in such a folder. A source root may
// stand there too: the modules' names do not tell.
inline bool IsVendored(llvm::StringRef path) {
  const size_t end = path.rfind('/');
  return end != llvm::StringRef::npos &&
         llvm::any_of(llvm::split(path.take_front(end), '/'), IsVendorFolder);
}

} // namespace pydefrag
