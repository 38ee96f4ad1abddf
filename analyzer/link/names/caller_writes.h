// Caller writes: functions that put names into the module of whoever calls them, or whose class or
// function they decorate, through `sys.modules[...]`.
//
//     def export(cls):
//         for name in ["Canvas", "Manager"]:
//             setattr(sys.modules[cls.__module__], name, getattr(cls, name))
#pragma once

#include "link/names/namespaces.h"
#include "link/names/statement_signs.h"

namespace pydefrag {

// Adds to the log of every module what such functions write there; a module where this cannot be
// told is open.
void AddWrittenNames(const Project &project, const StatementSigns &signs,
                     IdVector<ModuleId, NamespaceLog> &logs);

} // namespace pydefrag
