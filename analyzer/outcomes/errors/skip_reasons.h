// Why a test was skipped, or passed against its mark, in the words that pytest stores.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace pydefrag {

// The module whose absence made pytest.importorskip skip, when `reason` says so.
std::optional<llvm::StringRef> SkippedForModule(llvm::StringRef reason);

// The reason in what pytest stores for a skip, `('/abs/t.py', 3, "Skipped: why")` as Python's repr
// writes it, or in "Skipped: why".
std::string ReasonOfSkip(llvm::StringRef text);
// The reason in "[XPASS(strict)] why".
std::string ReasonOfStrictXPass(llvm::StringRef message);

} // namespace pydefrag
