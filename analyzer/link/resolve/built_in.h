// What all supported versions of the interpreter have.
#pragma once

#include "link/names/conditions.h"
#include "stdlib/stdlib.h"

#include "llvm/ADT/StringRef.h"

namespace pydefrag {

VersionMask MaskOfRange(const SupportedVersions &versions);

// Whether every one of the versions has the name in `builtins`, on every platform: naming it never
// raises NameError.
bool IsBuiltInThroughout(llvm::StringRef name, const SupportedVersions &versions);

} // namespace pydefrag
