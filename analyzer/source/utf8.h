// Fast checks over bytes: FindNonAscii, FindInvalidUtf8.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstddef>
#include <cstdint>

namespace pydefrag {

// The offset of the first byte over 0x7f; bytes.size() when there is none.
size_t FindNonAscii(llvm::StringRef bytes);

struct Utf8Error {
  size_t offset = llvm::StringRef::npos; // npos: all is well-formed
  uint8_t length = 0;                    // bytes in error
  const char *reason = "";               // as CPython words it
};
// The first ill-formed sequence at or after `from`, which must not be inside a character.
Utf8Error FindInvalidUtf8(llvm::StringRef bytes, size_t from);

} // namespace pydefrag
