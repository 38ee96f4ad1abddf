// OutsideTwins: classes and functions of the project that give way to an object of the standard
// library, of an installed package, or of a compiled module, under their own name. The first place
// of such a pair stands for the object.
//
//     if sys.version_info >= (3, 8): from typing import Final
//     else: class Final: ...
#pragma once

#include "link/resolve/resolve.h"

#include <utility>

namespace pydefrag {

class OutsideTwins {
public:
  explicit OutsideTwins(Resolver &resolver) : resolver_(resolver), view_(resolver.view()) {}

  void NoteIn(ModuleId module);
  bool empty() const { return places_.empty(); }
  // Where the pair stands that `found` is of: a module and an event of it; null: of none.
  using Place = std::pair<ModuleId, uint32_t>;
  const Place *Find(const Found &found);
  // The same for what `module` has by the name, which `found` tells: of others, or taken from such
  // a place by from-imports, whatever that makes of it.
  const Place *FindBehind(ModuleId module, NameId name, Found found);

private:
  using Outside = std::pair<ModuleId, NameId>; // `typing.Final`; invalid: it is the project's
  Outside OutsideOf(Found found);
  // The module and name that a from-import asks for; invalid: another event.
  Outside AskedOf(ModuleId module, uint32_t event, NameId name) const;
  bool IsOfProject(ModuleId module) const; // and has a source
  bool IsCompiled(ModuleId module) const;

  Resolver &resolver_;
  const SyntaxView &view_;
  llvm::DenseMap<Outside, Place> twins_;
  llvm::DenseMap<std::pair<ModuleId, NameId>, Place> places_; // by the names bound there
};

} // namespace pydefrag
