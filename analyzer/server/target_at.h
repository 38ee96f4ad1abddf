// TargetAt: what the word under the cursor means, as far as imports tell: a definition of the
// project or a module. Names are followed through the file's imports and re-exports to where they
// are defined; local variables are not known.
#pragma once

#include "server/view.h"

namespace pydefrag {

struct TargetUnderCursor {
  DefinitionId definition; // none: see `module`
  ModuleId module;         // none: nothing is known
  Location word;           // what was under the cursor
};

TargetUnderCursor TargetAt(const View &view, Cursor cursor);

} // namespace pydefrag
