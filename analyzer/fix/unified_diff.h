// Unified diffs of one file, as `patch` and `git apply` take them.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace pydefrag {

// "--- a/PATH", "+++ b/PATH" and the hunks; empty when the texts are equal.
std::string UnifiedDiff(llvm::StringRef path, llvm::StringRef before, llvm::StringRef after);

} // namespace pydefrag
