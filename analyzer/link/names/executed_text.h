// Executed text: `exec("def f(x): ...")`, whose text is code of the module like any other.
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <optional>

namespace pydefrag {

// The names that the text binds when a module executes it: definitions, assignments to one name and
// imports of one name at its left margin. Nothing where it may do something else to the module.
std::optional<llvm::SmallVector<llvm::StringRef, 4>> NamesBoundByText(llvm::StringRef source);

// Whether the text may find the way into a module whose dict it is not executed in.
bool ReachesOut(llvm::StringRef source);

} // namespace pydefrag
