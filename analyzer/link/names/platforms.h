// Platforms: what `sys.platform`, `os.name` and `platform.system()` say on each.
#pragma once

#include "link/names/conditions.h"

namespace pydefrag {

// `sys.platform`, or `os.name`; empty: one of many words, or not known.
llvm::StringRef PlatformWord(Platforms platform, bool os_name);
Tri IsPlatformWord(Platforms platform, bool os_name, llvm::StringRef text);
// `sys.platform.startswith(text)`
Tri PlatformStartsWith(Platforms platform, llvm::StringRef text);
// `platform.system()`; empty: not known.
llvm::StringRef PlatformSystem(Platforms platform);

} // namespace pydefrag
