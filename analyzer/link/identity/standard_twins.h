// StandardTwins: classes and functions of the project that give way to an object of the standard
// library under their own name. The first place of such a pair stands for the object.
//
//     if sys.version_info >= (3, 8): from typing import Final
//     else: class Final: ...
#pragma once

#include "link/resolve/resolve.h"

#include <utility>

namespace pydefrag {

class StandardTwins {
public:
  explicit StandardTwins(Resolver &resolver) : resolver_(resolver), view_(resolver.view()) {}

  void NoteIn(ModuleId module);
  bool empty() const { return twins_.empty(); }
  // Where the pair stands that `found` is of: a module and an event of it; null: of none.
  using Place = std::pair<ModuleId, uint32_t>;
  const Place *Find(const Found &found);

private:
  using Outside = std::pair<ModuleId, NameId>; // `typing.Final`; invalid: it is not from there
  Outside OutsideOf(Found found);

  Resolver &resolver_;
  const SyntaxView &view_;
  llvm::DenseMap<Outside, Place> twins_;
};

} // namespace pydefrag
