// Numbers as people read them.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace pydefrag {

// "1,234,567".
std::string WithCommas(size_t number);

// "1 file", "2 files"; `plural` only where adding an s is wrong.
std::string Counted(size_t number, llvm::StringRef noun, llvm::StringRef plural = "");

} // namespace pydefrag
