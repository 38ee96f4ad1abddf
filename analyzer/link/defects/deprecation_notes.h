// Reads `.. deprecated::` in docstrings. Entry point: FindDeprecationNote.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace pydefrag {

// What the docstring of `module:name`, or of `module` where `name` is empty, says of the
// deprecation of that very thing; without words where there is a version only. Nothing where it
// says none, or speaks of an argument, a way to call it, a neighbour.
std::optional<std::string> FindDeprecationNote(llvm::StringRef docstring, llvm::StringRef module,
                                               llvm::StringRef name);

} // namespace pydefrag
