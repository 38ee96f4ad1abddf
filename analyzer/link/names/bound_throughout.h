// Bound throughout: whether a module that was imported surely has a name, whichever of its
// statements has bound it:
//
//     try: from _thread import allocate_lock
//     except ImportError: from _dummy_thread import allocate_lock
#pragma once

#include "link/names/namespaces.h"
#include "link/syntax_view.h"

namespace pydefrag {

bool IsBoundThroughout(const SyntaxView &view, llvm::ArrayRef<PlacedStatement> statements,
                       const NamespaceLog &log, NameId name);

} // namespace pydefrag
