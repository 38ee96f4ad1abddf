// What the text of a function seems to do with a name. Facts leave out most of what functions do,
// and these questions do not need a tree: to be wrong about a string or comment makes an answer
// unknown.
#pragma once

#include "link/resolve/resolve.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cstddef>

namespace pydefrag {

// From a header to the statement behind its body; empty where no sources are read.
llvm::StringRef TextOfBlock(Resolver &resolver, ModuleId module, uint32_t header);

// Whether the word stands in it by itself.
bool SaysWord(llvm::StringRef text, llvm::StringRef word);

// How often it binds the name: `x = 1`, `x, y = ...`, `for x in`, `as x`, `import x`.
size_t CountBindings(llvm::StringRef text, llvm::StringRef name);

// Whether it says `name[...] = ` or `name.update(`.
bool WritesItems(llvm::StringRef text, llvm::StringRef name);

// Whether it says `setattr(name, `, `name.__setattr__(`, `name.x = `, or writes items of
// `name.__dict__` or `vars(name)`.
bool WritesAttributes(llvm::StringRef text, llvm::StringRef name);

// The keys of `del name[...]` and `name.pop(...)`.
void AddDeletedItems(llvm::StringRef text, llvm::StringRef name,
                     llvm::SmallVectorImpl<llvm::StringRef> &keys);

} // namespace pydefrag
