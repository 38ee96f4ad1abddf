#include "link/resolve/built_in.h"

#include "stdlib/stdlib.h"

namespace pydefrag {

bool IsBuiltInThroughout(llvm::StringRef name, const SupportedVersions &versions) {
  VersionMask all = 0;
  for (int minor = versions.lowest; minor <= versions.highest; ++minor) {
    all |= MaskOf(minor);
  }
  const StdlibName known = FindStdlibName("builtins", name);
  return (known.present & ~known.perhaps & all) == all;
}

} // namespace pydefrag
