// The paths that a git index holds: what git tracks, it does not ignore. Entry point: ReadGitIndex.
// Formats: gitformat-index(5), versions 2 to 4 with SHA-1 names. No split or sparse index.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace pydefrag {

// Sorted; empty when the bytes are no index that we understand.
std::vector<std::string> ReadGitIndex(llvm::StringRef bytes);

} // namespace pydefrag
