// Attribute chains: where a text says `name.attr.attr` for names of interest, outside strings and
// comments. A second look at a file, for the rules that ask how imported modules are used.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace pydefrag {

struct AttributeChain {
  uint32_t begin = 0;         // byte offset of the name
  llvm::StringRef name;       // the first name
  llvm::StringRef attributes; // "b.c" of a.b.c
};

// Calls `visit` for each chain whose first name `wanted` accepts, in order. The texts point into
// `text`. What stands in the braces of f-strings is not looked at.
void FindAttributeChains(llvm::StringRef text, llvm::function_ref<bool(llvm::StringRef)> wanted,
                         llvm::function_ref<void(const AttributeChain &)> visit);

} // namespace pydefrag
