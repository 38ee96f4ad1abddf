// What terminals and CI systems put around the lines of a log. Entry point: CleanLogLine.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace pydefrag {

// Without colours, hyperlinks, a CI system's time stamp in front, and what a carriage return hides.
std::string CleanLogLine(llvm::StringRef line);

} // namespace pydefrag
