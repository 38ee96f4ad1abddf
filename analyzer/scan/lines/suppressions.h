// Comments that silence findings: `# pydefrag: ignore[missing-symbol]`, `# pydefrag: ignore`,
// `# pydefrag: ignore-file[...]`, `# noqa: DFG202`. Entry point: FindSuppressions. What a code
// means, and whether a suppression was of use, is report/suppress.
#pragma once

#include "facts/facts.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <vector>

namespace pydefrag {

// Appends the suppressions among `comments` (each from its `#` to the end of its line), in order.
void FindSuppressions(llvm::StringRef text, llvm::ArrayRef<Span> comments,
                      std::vector<Suppression> &suppressions);

// The suppression that the comment is, if it is one; `line` and `own_line` are not set.
std::optional<Suppression> ParseSuppression(llvm::StringRef comment);

} // namespace pydefrag
