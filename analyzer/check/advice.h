// What to do about an import that reaches nothing: turns the project's suggestions into a fix (one
// candidate) or a help line (several). Shared by the rules about missing modules and symbols.
#pragma once

#include "check/reporter.h"
#include "link/project.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace pydefrag {

void Advise(FindingBuilder &builder, const Project &project, const ImportRow &row);

// The fix that makes all of `rows`, of one file, import `replacement` instead: a module, "a.b:C",
// "a.b.C", or a bare name of the same module. Nothing when that names no module of the project.
std::optional<Fix> FixByReplacement(const Project &project, llvm::ArrayRef<RowId> rows,
                                    llvm::StringRef replacement);

// "a", "a or b", "a, b or c".
std::string Alternatives(llvm::ArrayRef<std::string> items);

} // namespace pydefrag
