// Instance hooks: what `getattr(owner, name)` of a module's hook may give, where `owner` is an
// instance that one call makes:
//
//     class Errors:
//         def __getattr__(self, name):
//             number = getattr(errno, name)
//             ...
//     _errors = Errors()
//     def __getattr__(name): return getattr(_errors, name)
//
// Entry point: ReadInstanceHook.
#pragma once

#include "link/flow/possible_strings.h"
#include "link/names/lazy_names.h"
#include "link/project.h"

#include <optional>
#include <utility>
#include <vector>

namespace pydefrag {

class Resolver;
class SourceTrees;

struct InstanceHook {
  PossibleStrings keys; // names of the instance, and those that the hook of its class lists
  std::vector<std::pair<ModuleId, LazyDelegate>> delegates; // whom that hook asks, and where it is
};

// Of the instance that `call`, in a statement of `maker`, makes; nothing: it may have any name.
std::optional<InstanceHook> ReadInstanceHook(const Project &project, Resolver &resolver,
                                             SourceTrees &trees, ModuleId maker, uint32_t statement,
                                             ExprId call);

} // namespace pydefrag
