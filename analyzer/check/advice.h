// What to do about an import that reaches nothing: turns the project's suggestions into a fix (one
// candidate) or a help line (several). Shared by the rules about missing modules and symbols.
#pragma once

#include "check/reporter.h"
#include "link/project.h"

namespace pydefrag {

void Advise(FindingBuilder &builder, const Project &project, const ImportRow &row);

// "a", "a or b", "a, b or c".
std::string Alternatives(llvm::ArrayRef<std::string> items);

} // namespace pydefrag
