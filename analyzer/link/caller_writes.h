// Caller writes: functions that put names into the module of whoever calls them, or whose class or
// function they decorate, through `sys.modules[...]`.
//
//     def export(cls):
//         for name in ["Canvas", "Manager"]:
//             setattr(sys.modules[cls.__module__], name, getattr(cls, name))
#pragma once

#include "link/namespaces.h"

namespace pydefrag {

// Adds to the log of every module of the project what such functions write there; a module where
// this cannot be told is open. Reads the files of the project only.
void AddWrittenNames(const Project &project, IdVector<ModuleId, NamespaceLog> &logs);

} // namespace pydefrag
