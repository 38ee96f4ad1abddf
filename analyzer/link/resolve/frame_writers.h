// Frame writers: functions that write into the globals of whoever calls them, through the caller's
// frame.
//
//     def relocated(name, target):
//         names = inspect.currentframe().f_back.f_globals
//         names[name] = target
#pragma once

#include "link/names/statement_signs.h"
#include "link/resolve/resolve.h"

namespace pydefrag {

// Opens every module that calls such a function as it is imported. Functions go by their bare name.
void OpenCallersOfFrameWriters(const Project &project, const StatementSigns &signs,
                               Resolver &resolver);

} // namespace pydefrag
