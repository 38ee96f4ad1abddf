// Hook forms: a `__getattr__` that is understood at sight, line by line. Stricter than
// lazy_names.h, which counts on a hook that a module writes for itself: this one may stand
// anywhere.
//
//     def __getattr__(self, name):
//         found = getattr(self._module, name)
//         ...
//     def __getattr__(name):
//         if name in table:
//             ...
//         raise AttributeError(name)
#pragma once

#include "link/flow/source_trees.h"

#include "llvm/ADT/SmallVector.h"

namespace pydefrag {

struct HookForm {
  // It raises AttributeError for every name but those in `tables`, `names`, and those that `asks`
  // has.
  bool understood = false;
  llvm::SmallVector<uint32_t, 2> tables;       // expressions: a name, or `self.name`
  llvm::SmallVector<llvm::StringRef, 2> names; // it compares with
  uint32_t asks = 0; // `self.name`, the object that is asked for what it is asked itself; 0: none
};

// `self`, `asked`: its parameters; no `self`: a function.
HookForm ReadHookForm(const SourceTree &tree, uint32_t function, llvm::StringRef self,
                      llvm::StringRef asked);

// `getattr(self.name, asked)`: `self.name`; 0: something else.
uint32_t OwnerAsked(const SourceTree &tree, uint32_t call, llvm::StringRef self,
                    llvm::StringRef asked);

// `self.name`
bool IsAttributeOf(const SourceTree &tree, uint32_t node, llvm::StringRef self);

} // namespace pydefrag
