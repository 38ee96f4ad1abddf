// Frame writers: functions that write into the globals of whoever calls them, through the caller's
// frame.
//
//     def relocated(name, target):
//         names = inspect.currentframe().f_back.f_globals
//         names[name] = target
#pragma once

#include "link/names/statement_signs.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/DenseSet.h"

namespace pydefrag {

// Their bare names, of functions at the top level of their modules.
llvm::DenseSet<NameId> FindFrameWriters(const Project &project, const StatementSigns &signs,
                                        Resolver &resolver);

} // namespace pydefrag
