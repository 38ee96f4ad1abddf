// ChosenNames: names that stand for one of several objects, and nobody knows for which. Whoever
// imports such a name from there has the same object, whichever it is:
//
//     if os.environ.get("TRACE"): run = run_traced
//     else: run = run_quietly
//
// The statement that binds it stands for the object.
#pragma once

#include "link/execute/graph.h"
#include "link/resolve/definition_kinds.h"
#include "link/resolve/resolve.h"

#include <optional>

namespace pydefrag {

class ChosenNames {
public:
  ChosenNames(const Project &project, Resolver &resolver, const ImportGraph &graph,
              const DefinitionKinds &kinds)
      : project_(project), resolver_(resolver), view_(resolver.view()), graph_(graph),
        kinds_(kinds) {}

  struct Place {
    ModuleId module;
    uint32_t event = kNoEvent;
    DefinitionKind kind = DefinitionKind::Constant; // of what it may stand for
  };
  // Where the object stands that `module` has by the name, which is `found`; nothing when it is no
  // such object, or may have been taken from there before the choice was made.
  std::optional<Place> Find(ModuleId module, NameId name, const Found &found);

private:
  // What hands the name on: the module that a from-import or the only star has it from.
  std::pair<ModuleId, NameId> SourceOf(ModuleId module, NameId name);
  std::optional<Place> PlaceIn(ModuleId module, NameId name);
  std::optional<DefinitionKind> KindOf(ModuleId module, uint32_t event);
  // Whether `taker` may run while `module` is between the first and the last binding of the name.
  bool MayRunBetween(ModuleId taker, ModuleId module, NameId name) const;

  const Project &project_;
  Resolver &resolver_;
  const SyntaxView &view_;
  const ImportGraph &graph_;
  const DefinitionKinds &kinds_;
};

} // namespace pydefrag
