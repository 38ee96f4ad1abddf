// Text made fit for XML 1.0, which has no way to spell most control characters.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace pydefrag {

// `text` for an element or a quoted attribute. What XML cannot hold becomes U+FFFD.
std::string EscapeXml(llvm::StringRef text);

} // namespace pydefrag
