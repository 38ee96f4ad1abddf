// Module classes: a class that serves what a module has and little else, whose instance is put into
// the module's place, or whose instance the module is made:
//
//     class Proxy(ModuleType):
//         def __init__(self, module):
//             super().__init__(module.__name__)
//             self.__dict__["_module"] = module
//         def __getattr__(self, name): return getattr(self._module, name)
//         def __setattr__(self, name, value): setattr(self._module, name, value)
//
// Every line of it has to be of a known form.
#pragma once

#include "link/flow/source_trees.h"
#include "link/project.h"

#include "llvm/ADT/SmallVector.h"

namespace pydefrag {

struct ModuleClass {
  static constexpr unsigned kNone = 0xffffffff;
  struct Kept { // an attribute of an instance
    llvm::StringRef name;
    unsigned argument = kNone; // of `__init__`, without `self`, that it is; else a constant
    uint32_t value = 0;        // that constant
  };
  bool understood = false;
  bool made_of_module = false; // its base is the type of modules
  bool shows_name = false;     // it hands texts about the module's name to other functions
  bool has_hook = false;       // a method `__getattr__`
  bool keeps = false;          // it has methods that make an instance, or set its attributes
  llvm::SmallVector<TreeParameter, 4> arguments; // of `__init__`, without `self`
  llvm::SmallVector<Kept, 2> kept;
  llvm::SmallVector<llvm::StringRef, 2> names;  // it serves, beyond its tables
  llvm::SmallVector<llvm::StringRef, 2> tables; // attributes of itself whose keys it serves
  unsigned module = kNone; // the argument that is asked for everything else; kNone: nobody is

  const Kept *FindKept(llvm::StringRef name) const;
};

ModuleClass ReadModuleClass(const Project &project, const SourceTree &tree, uint32_t node);

} // namespace pydefrag
