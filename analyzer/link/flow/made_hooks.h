// Made hooks: a `__getattr__` that a function makes of what it is given. Its tables are parameters
// of that function, or made of them: StringFlow tells what the call hands over.
//
//     __getattr__, __dir__, __all__ = lazy.attach(__name__, submod_attrs={"cart": ["Cart"]})
//
// Entry point: ReadMadeHook.
#pragma once

#include "link/flow/string_flow.h"
#include "link/names/lazy_names.h"

#include <optional>

namespace pydefrag {

// What a hook serves; keys of tables that its reader cannot tell go to `flow`. `frame`: the call of
// the function around it.
LazyNames ReadHookWith(const Project &project, const SourceTree &tree, uint32_t statement,
                       StringFlow &flow, HookIs hook = HookIs::Defined,
                       const StringFlow::Frame *frame = nullptr);

// What the `__getattr__` of a class serves; its entries go to `flow` as well. Nothing where the
// method is no function that the facts keep.
std::optional<LazyNames> ReadMethodHook(const Project &project, const StringFlow::Method &hook,
                                        StringFlow &flow);

// The node of `kind` that begins where the statement does, or `begin` bytes behind; 0: none.
uint32_t NodeIn(const Project &project, const SourceTree &tree, uint32_t statement, uint32_t begin,
                NodeKind kind);

// The only call whose value, or a part of it, the file binds to `__getattr__`; 0: none, or several.
uint32_t CallThatMakesHook(const SourceTree &tree);

struct HookCall {
  ModuleId caller;
  uint32_t statement; // of the caller, with the call
  ExprId call;
  ModuleId home;
  uint32_t maker; // the function's statement in `home`
};

// Whether what the call makes, and the caller binds to `__getattr__`, is surely the one function of
// that name which the maker defines: it returns nothing else there.
bool MakesItsHook(const Project &project, SourceTrees &trees, const HookCall &made);

// Whether the hook that the call makes seems to take the last word of a dotted text from the module
// that stands before it, as it is, and gives back nothing else but modules:
//
//     parts = CLASSES[name].split(".")
//     return getattr(import_module(".".join(parts[:-1]), package), name)
bool TakesLastWord(const Project &project, SourceTrees &trees, const HookCall &made);

// What the `__getattr__` serves that the call makes. `keys`: of tables; it may serve them, too.
LazyNames ReadMadeHook(const Project &project, Resolver &resolver, SourceTrees &trees,
                       const HookCall &made, PossibleStrings &keys);

} // namespace pydefrag
