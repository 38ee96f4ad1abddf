// OtherWorlds: whether a dotted name may mean another module when the program is started in another
// folder: its first part also stands beside the file, or in a folder above it. Nothing is claimed
// missing then (semantics.md G4).
#pragma once

#include "link/resolve/resolve.h"

namespace pydefrag {

bool MeansOtherElsewhere(const Project &project, Resolver &resolver, FileId file,
                         llvm::StringRef dotted);

} // namespace pydefrag
