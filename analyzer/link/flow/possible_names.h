// Possible names: which names a module may get while it runs, beyond those that its log shows. A
// module that writes into its own dict under computed names is open; but where all the keys come
// from literals, arguments of calls, local names and attributes that can be told, a name outside of
// these is surely missing.
//
//     globals().update((key, getattr(manager, key)) for key in dir(manager))
//     for key in ("a", "b"): setattr(this_module, key, 1)
//
// The file is read again for it (source_trees.h), so it is asked only where a name is looked for in
// vain. Entry point: FindPossibleNames.
#pragma once

#include "link/flow/possible_strings.h"
#include "link/names/lazy_names.h"
#include "link/project.h"

namespace pydefrag {

class Resolver;
class SourceTrees;

// Of a module that only its own code opens (NamespaceLog::open_reason). Where an instance of a
// class stands in for the module (NamespaceLog::replaced_at), the names of that.
PossibleStrings FindPossibleNames(const Project &project, Resolver &resolver, SourceTrees &trees,
                                  ModuleId module);

// ReadLazyNames, where tables that the hook asks are put together by code:
//
//     gone = {name: f"use new.{name}" for name in ("a", "b")}
//     def __getattr__(name): return warn(gone[name]) ...
//
// `keys`: of these tables; the hook may serve them, too.
LazyNames ReadHookAndTables(const Project &project, Resolver &resolver, SourceTrees &trees,
                            ModuleId module, uint32_t hook, PossibleStrings &keys);

} // namespace pydefrag
