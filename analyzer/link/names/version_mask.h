// The versions that a project supports, as the tables of the standard library count them.
#pragma once

#include "link/names/conditions.h"
#include "stdlib/stdlib.h"

namespace pydefrag {

inline VersionMask MaskOf(const SupportedVersions &versions) {
  VersionMask mask = 0;
  for (int minor = versions.lowest; minor <= versions.highest; ++minor) {
    mask |= MaskOf(minor);
  }
  return mask;
}

} // namespace pydefrag
