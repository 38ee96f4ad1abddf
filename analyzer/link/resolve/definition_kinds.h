// DefinitionKinds: whether what an event of a module makes is a class, a function or a constant.
#pragma once

#include "link/resolve/resolve.h"

namespace pydefrag {

class DefinitionKinds {
public:
  DefinitionKinds(const Project &project, const Resolver &resolver);
  DefinitionKind Of(ModuleId module, uint32_t event) const;

private:
  bool IsLiteral(ExprId value) const;
  std::optional<DefinitionKind> KindOfArms(ModuleId module, NameId name) const;

  const Project &project_;
  const Resolver &resolver_;
  const SyntaxView &view_;
  llvm::SmallVector<NameId, 8> factories_; // functions whose results are classes
};

} // namespace pydefrag
