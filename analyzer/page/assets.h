// The page's styles and script, compiled in from assets/ (CMakeLists.txt of this folder).
#pragma once

#include "llvm/ADT/StringRef.h"

namespace pydefrag {

llvm::StringRef PageStyle();
llvm::StringRef PageScript();

} // namespace pydefrag
