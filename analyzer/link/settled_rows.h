// Settled rows: imports that nobody could tell while modules were linked, and that surely work when
// the module they ask can be imported. Told last, so that nothing is called missing, dead or
// failing because of it.
//
//     # client.py                      # use.py
//     from vendor import connect       from client import connect
#pragma once

#include "link/resolve/resolve.h"

namespace pydefrag {

// The row of an import by the linked project; guarded ones stay as they are.
void SettleRow(const Project &project, Resolver &resolver, ImportRow &row);
void SettleRows(Project &project, Resolver &resolver);

} // namespace pydefrag
