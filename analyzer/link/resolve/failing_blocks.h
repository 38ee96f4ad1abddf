// Failing blocks: statements with a body that fail whenever they are reached, since an import in
// them does:
//
//     try:
//         class Reader:
//             from missing import read
//         fast = True                     -> never runs
//     except ImportError: ...
#pragma once

#include "link/resolve/resolve.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace pydefrag {

// The import that surely fails when the statement is reached: itself, or one in its body. kNoEvent:
// none.
uint32_t FailingImport(Resolver &resolver, ModuleId module, uint32_t statement);

// Whether it is an import statement, and what one of its modules is found to be matches.
bool ImportsAny(const Resolver &resolver, ModuleId module, uint32_t statement,
                llvm::function_ref<bool(const ImportTarget &)> matches);

// Whether the statement stands in a handler that runs in the environment looked into, which lacks
// what the body of the `try` imports first:
//
//     try:
//         import cffi
//     except ImportError:
//         from .errors import Deferred
bool HandlesAbsence(const Resolver &resolver, ModuleId module, uint32_t statement);

} // namespace pydefrag
