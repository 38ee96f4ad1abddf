// How a module is spelled in a relative import.
#pragma once

#include "link/project.h"

#include "llvm/ADT/StringRef.h"

#include <string>

namespace pydefrag {

// `module` (absolute, dotted) as seen from `importer`: ".cart", "..goods.cart". Absolute when the
// two share no package.
std::string SpellRelative(const Project &project, ModuleId importer, llvm::StringRef module);

} // namespace pydefrag
