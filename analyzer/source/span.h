// Byte ranges in one file. Lines and columns exist only where text is rendered.
#pragma once

#include "base/id.h"

#include <cstdint>

namespace pydefrag {

struct Span {
  uint32_t begin = 0; // byte offset
  uint32_t end = 0;   // half open
  friend constexpr auto operator<=>(Span, Span) = default;
};

struct Location {
  FileId file;
  Span span;
  friend constexpr auto operator<=>(Location, Location) = default;
};

} // namespace pydefrag
