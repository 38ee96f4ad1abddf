// CPython's grammar of `import` and `from`, which tree-sitter takes more loosely: it lets `from a
// import b,` and `from a import b.c` pass, and of what it refuses nobody knows whether CPython
// does. Entry point: CheckImport.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace pydefrag {

enum class ImportForm : uint8_t {
  Good, // or nobody knows: a template of some other program
  TrailingComma,
  NoNames,
  Bad,
};

// `text` is one statement, from the keyword to its end.
ImportForm CheckImport(llvm::StringRef text);

} // namespace pydefrag
