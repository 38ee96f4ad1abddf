// Compiled keys: what the keys of a dict may be that a compiled module hands out.
//
//     for name, kind in _core.types.items(): globals()[name.lower()] = kind
//
// C code names keys by strings of its file, alone or put together; so do calls from Python that
// make it add one. Before a package has been imported only its own code can make such calls: nobody
// else gets at its modules. So where the module that takes the keys is loaded by the import of the
// package, a key is
// - spelled in the file, in any case, alone or at the end of a longer word (the linker merges
// them),
// - or put together of such words of three letters and more, and of digits,
// - or a string in a source of the package.
// What is shorter than four letters is never told: C code makes such codes of single characters.
// Compared with the 2,104 keys of the dicts in 213 compiled modules (CPython 3.11; psycopg2, ssl,
// NumPy 1 and 2, ...): all that the C code made were spelled as they are.
#pragma once

#include "link/resolve/resolve.h"

namespace pydefrag {

// The package at the top whose import surely loads the module; invalid when none does.
ModuleId PackageLoading(const Project &project, Resolver &resolver, ModuleId module);

} // namespace pydefrag
