// Names that the interpreter has built in.
#pragma once

#include "link/names/conditions.h"

#include "llvm/ADT/StringRef.h"

namespace pydefrag {

// Whether every one of the versions has the name in `builtins`, on every platform: naming it never
// raises NameError.
bool IsBuiltInThroughout(llvm::StringRef name, const SupportedVersions &versions);

} // namespace pydefrag
