#include "stdlib/frozen.h"

#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

// Python/frozen.c, in every version since 3.3.
llvm::StringRef FrozenSourceOf(llvm::StringRef module) {
  return llvm::StringSwitch<llvm::StringRef>(module)
      .Case("_frozen_importlib", "importlib._bootstrap")
      .Case("_frozen_importlib_external", "importlib._bootstrap_external")
      .Default("");
}

} // namespace pydefrag
