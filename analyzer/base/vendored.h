// Folders for copies of what others wrote.
#pragma once

#include "llvm/ADT/StringRef.h"

namespace pydefrag {

// `name` is one component of a path: `_vendor`, `third_party`.
bool IsVendorFolder(llvm::StringRef name);

// Whether a file, by its path from the project's root, stands in such a folder. A source root may
// stand there too: the modules' names do not tell.
bool IsVendored(llvm::StringRef path);

} // namespace pydefrag
