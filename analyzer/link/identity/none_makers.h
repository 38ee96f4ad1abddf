// None makers: decorators of the project that return nothing, so that the name of what they
// decorate holds None, and no path leads to it:
//
//     def register(cls):
//         def keep(function): cls.hook = function
//         return keep
//     @register(Shape)
//     def grow(shape): ...          -> `grow` is None
#pragma once

#include "link/flow/source_trees.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/DenseMap.h"

#include <utility>

namespace pydefrag {

class NoneMakers {
public:
  NoneMakers(const Project &project, Resolver &resolver) : project_(project), resolver_(resolver) {}

  // Whether the outermost decorator of the class or function that `event` of `module` makes surely
  // gives None. Reads sources; remembers its answers.
  bool MakesNone(ModuleId module, uint32_t event);

private:
  struct Function { // none: `node` is 0
    const SourceTree *tree = nullptr;
    uint32_t node = 0;
  };
  bool FindOut(ModuleId module, uint32_t event);
  bool SurelyGives(ModuleId module, ExprId callee, uint32_t limit, bool made_by_call);
  Function FunctionCalled(ModuleId module, ExprId callee, uint32_t limit);
  // The node of what a name or attribute surely stands for: a definition of this kind.
  Function DefinitionOf(ModuleId module, ExprId expr, uint32_t limit, NodeKind kind);

  const Project &project_;
  Resolver &resolver_;
  llvm::DenseMap<std::pair<ModuleId, uint32_t>, bool> known_;
};

} // namespace pydefrag
