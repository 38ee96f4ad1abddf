#include "link/resolve/built_in.h"

namespace pydefrag {

VersionMask MaskOfRange(const SupportedVersions &versions) {
  VersionMask mask = 0;
  for (int minor = versions.lowest; minor <= versions.highest; ++minor) {
    mask |= MaskOf(minor);
  }
  return mask;
}

bool IsBuiltInThroughout(llvm::StringRef name, const SupportedVersions &versions) {
  const VersionMask all = MaskOfRange(versions);
  const StdlibName known = FindStdlibName("builtins", name);
  return (known.present & ~known.perhaps & all) == all;
}

} // namespace pydefrag
