// Old builtins: names that Python 2 alone has. Asking for one raises NameError, which is how code
// for both tells them apart:
//
//     try:
//         basestring
//     except NameError: ...               -> this handler runs
#pragma once

#include "link/resolve/resolve.h"

#include <vector>

namespace pydefrag {

// Whether an assignment or expression of a module asks for such a name before anything else that
// may fail, and nothing has bound it there. `log` is that of the module.
bool AsksForOldBuiltin(const SyntaxView &view, const NamespaceLog &log,
                       const std::vector<PlacedStatement> &statements, uint32_t statement);

// The first handler of a `try` that catches the NameError; kNoEvent: none that is surely the first.
uint32_t CatcherOfNameError(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                            uint32_t try_header);

} // namespace pydefrag
