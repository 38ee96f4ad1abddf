// Colours of the renderings for people. Colour is decided by the driver and handed in;
// it never carries meaning that the text does not.
#pragma once

#include "base/counted.h"
#include "config/config.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace pydefrag {

enum class ColorUse : uint8_t { Off, On };

enum class Ink : uint8_t { Error, Warning, Info, Note, Help, Gutter, Strong, Faint };

class Palette {
public:
  explicit Palette(ColorUse use) : use_(use) {}
  // `text` in a colour, or as it is.
  std::string Paint(Ink ink, llvm::StringRef text) const;

private:
  ColorUse use_;
};

Ink InkOf(Severity severity);

} // namespace pydefrag
