// ScopedUses: where a file uses names of interest, and which import binds the name there. A whole
// file is parsed for it, so it is asked only for the few files in which something is about to be
// claimed missing. Entry point: FindScopedUses.
#pragma once

#include "scan/trees/tree.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pydefrag {

struct ScopedUse {
  uint32_t begin = 0; // of the name
  uint32_t end = 0;   // of the last attribute
  std::string name;
  std::string attributes; // "b.c" of a.b.c; empty: the name alone
  // The import statements that bind the name in the scope it is looked up in, by their first byte.
  // Empty when something else binds it there too, or nothing does.
  llvm::SmallVector<uint32_t, 2> imports;
  bool stored = false;     // what is named is assigned or deleted
  bool guarded = false;    // a handler, a `raises` block or a test of the version may keep it back
  bool annotation = false; // in an annotation: perhaps never evaluated
};

// Uses of the names that `wanted` accepts, in order. Nothing when the text does not parse.
std::vector<ScopedUse> FindScopedUses(llvm::StringRef text,
                                      llvm::function_ref<bool(llvm::StringRef)> wanted,
                                      TreeParser &parser);

} // namespace pydefrag
