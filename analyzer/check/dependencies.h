// Which third-party modules the project's declared dependencies bring: distribution names against
// import names, by equality of normalised names (PEP 503) and a table of well-known exceptions.
#pragma once

#include "link/project.h"

#include "llvm/ADT/StringRef.h"

namespace pydefrag {

// Whether the project declares dependencies, and nothing but what is read may declare more.
bool DeclaresAllDependencies(const Project &project);

// Whether a distribution of this very name is declared; `-` and `_` are one.
bool DeclaresDistribution(const Project &project, llvm::StringRef name);

// Whether a declared dependency is known, or likely by its name, to bring the module `dotted`.
bool DependsOn(const Project &project, llvm::StringRef dotted);

} // namespace pydefrag
