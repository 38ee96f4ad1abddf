// How code spells the dict and the object of the module that it stands in, and what it may do to
// them by call. Syntax only.
#pragma once

#include "link/syntax_view.h"

namespace pydefrag {

// globals(), vars(), locals(), sys.modules[__name__].__dict__, sys._getframe().f_globals
bool IsOwnDict(const SyntaxView &view, ExprId id);
// Whether it spells `sys.modules`, or `_sys.modules`, or what people call it that import it by
// name.
bool SpellsModules(llvm::StringRef text);
// sys.modules[__name__], _sys.modules[__name__], modules[__name__], sys.modules.get(__name__)
bool IsOwnModule(const SyntaxView &view, ExprId id);
// The same dict in a function: locals() and vars() are another there.
bool IsGlobals(const SyntaxView &view, ExprId id);
// Whether a method of the dict leaves it as it is.
bool OnlyReads(llvm::StringRef method);
// Whether what is called by this name, of whatever it is an attribute, only looks at a dict or
// module that it gets: `eval`, `dict`, `other.update`, `inspect.getmembers`.
bool LooksOnly(llvm::StringRef called);

// `exec`, `builtins.exec`, `getattr(builtins, "exec")`.
bool IsExec(const SyntaxView &view, ExprId value);
// A function that ends the module's code.
bool IsExit(llvm::StringRef callee);

} // namespace pydefrag
