// Words in texts that nobody has read as Python.
#pragma once

#include "llvm/ADT/StringRef.h"

namespace pydefrag {

// Whether `word` stands in `text` as a whole word.
bool HasWord(llvm::StringRef text, llvm::StringRef word);

} // namespace pydefrag
