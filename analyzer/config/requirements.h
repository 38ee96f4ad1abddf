// Requirement strings (PEP 508) and Python version ranges, as far as names and lowest versions go.
#pragma once

#include "config/config.h"

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

// A distribution's name as PEP 503 compares it: lower case, runs of `-_.` are one `-`.
std::string NormalizeDistribution(llvm::StringRef name);

// The name in `Requests[socks] >= 2; python_version < "3"`, normalised; empty when there is none.
// A URL counts when it says `#egg=name` or is written `name @ url`.
std::string RequirementName(llvm::StringRef requirement);

// The lowest version that ">=3.8,<4", "~=3.9", "^3.8 || ^3.10" or "==3.11.*" allows; nothing when
// it has no lower end. Python 2 counts as 3.0.
std::optional<PythonVersion> LowestPython(llvm::StringRef specifiers);

struct RequirementLines {
  std::vector<std::string> names;    // normalised
  std::vector<std::string> included; // files named by -r and -c, as written
};
// The text of a requirements.txt.
RequirementLines ReadRequirementLines(llvm::StringRef text);

} // namespace pydefrag
