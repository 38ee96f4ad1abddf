// Frozen modules: parts of the import system that CPython compiles into the interpreter. Their
// source is in the standard library under another name.
#pragma once

#include "llvm/ADT/StringRef.h"

namespace pydefrag {

// The module whose source the frozen module of this name is made from; empty when it is none.
llvm::StringRef FrozenSourceOf(llvm::StringRef module);

} // namespace pydefrag
