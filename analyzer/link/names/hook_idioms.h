// Ways of writing a `__getattr__` that are told at sight, without executing it on paper.
#pragma once

#include "link/names/lazy_names.h"

#include <vector>

namespace pydefrag {

constexpr uint32_t kNoHook = 0xffffffff;

// The `__getattr__` that a maker of hooks defines, itself a function; kNoHook: none.
uint32_t FindHookIn(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                    uint32_t maker);

// Whether all statements of the function are among the facts, as they are of one whose name is
// `__getattr__` and of one that its own file assigns to it.
bool IsKeptWhole(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                 uint32_t function);

// Whether nothing but decorators that are known to keep what a function does stands above it.
bool IsLeftAsItIs(const SyntaxView &view, const Statement &function);

// Whether the hook asks for the dict of the module that its file makes: `globals()`.
bool AsksOwnDict(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                 uint32_t hook);

// `with contextlib.suppress(AttributeError):`
bool Swallows(const SyntaxView &view, const Statement &with);

// Whether a statement outside of functions seems to bind the name.
bool IsOfModule(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                NameId name);

// Whether the only statement of the module that binds the root of the name or attribute imports it
// from this standard module: `types.SimpleNamespace`.
bool IsOfStandardModule(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                        ExprId id, llvm::StringRef module);

// Whether the hook has a value for every public name: comparisons of the name and then a constant.
//
//     if name.startswith("__"): raise AttributeError(name)
//     return None
bool ServesAllPublic(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                     uint32_t hook);

// Whether the first thing that the hook does is to raise for this name:
//
//     if name.startswith("__"): raise AttributeError(name)
bool RefusesAtOnce(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                   uint32_t hook, llvm::StringRef name);

// A class that decorators turn into the hook: what its body binds is served. Exact unless it has
// methods that may serve anything.
LazyNames ReadClassHook(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                        uint32_t header);

// `ModuleType.__getattribute__(self, name)`: in vain, else nobody had asked this method.
bool AsksAgain(const SyntaxView &view, ExprId value);

// `globals()`, `globals().keys()`: the hook is asked for what is not there.
bool IsDictOfModule(const SyntaxView &view, ExprId id);

} // namespace pydefrag
