// Module reads: whether the text of a function looks up a module in `sys.modules` whose name it
// does not say, and may do something to it. Reading is whitelisted, form by form:
//
//     name in sys.modules, for name in sys.modules, list(sys.modules), del sys.modules[name]
//     sys.modules[name].__file__, getattr(sys.modules[name], "x", None)
//     module = sys.modules[name], where the function does nothing else with `module`
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace pydefrag {

// The text without comments, and with strings emptied, but for those that are formatted.
std::string CodeOf(llvm::StringRef text);

// `function`: CodeOf it. `renamed`: `sys` or `sys.modules` may go by any name in the file.
bool LooksUpModules(llvm::StringRef function, bool renamed);

// Whether it puts something into `sys.modules` under a name that is one of its parameters.
bool PutsUnderParameter(llvm::StringRef function);

// Where a text says a word that is not part of another one: calls `visit` with what stands before
// and behind, until that says yes.
bool AnyWord(llvm::StringRef text, llvm::StringRef word,
             llvm::function_ref<bool(llvm::StringRef, llvm::StringRef)> visit);

// What stands before on the same line, without the indentation.
llvm::StringRef LineBefore(llvm::StringRef text);

// From behind an opening bracket: what stands before the closing one; the rest if there is none.
llvm::StringRef UpToClosing(llvm::StringRef text);

} // namespace pydefrag
