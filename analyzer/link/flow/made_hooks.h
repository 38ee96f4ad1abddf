// Made hooks: what a `__getattr__` serves that a function makes and gives back, under any name.
//
//     def make(module):
//         def wrapper(name):
//             key = f"{module}:{name}"
//             if key in MOVED: return load(MOVED[key])
//             raise AttributeError(name)
//         return wrapper
#pragma once

#include "link/flow/string_flow.h"

namespace pydefrag {

// What the hook serves that `__getattr__ = maker(__name__)` makes, in a module of this name;
// `maker` is the function whose definition stands at a statement of `home`. Unknown: it may serve
// any name.
PossibleStrings FindMadeHookNames(const Project &project, Resolver &resolver, ModuleId home,
                                  uint32_t maker, llvm::StringRef module_name);

// Adds the names that `hook(name)` serves where the module has `hook = make(__name__)`; false: it
// may serve any.
bool AddHookCalled(const Project &project, const SourceTree &tree, uint32_t call,
                   SourceTrees &trees, StringFlow &flow);

} // namespace pydefrag
