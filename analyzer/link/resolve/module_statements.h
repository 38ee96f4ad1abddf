// Module statements: those that run when a module is imported, in its classes too, but in none of
// its functions.
#pragma once

#include "link/project.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstdint>
#include <vector>

namespace pydefrag {

// By file, the indices of those for which `wanted` holds, ascending. All threads ask.
std::vector<std::vector<uint32_t>>
FindModuleStatements(const Project &project, unsigned jobs,
                     llvm::function_ref<bool(FileId file, uint32_t statement)> wanted);

} // namespace pydefrag
