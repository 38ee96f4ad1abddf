// Identity: every object that a module-level statement makes (a Definition), every `module:name`
// that reaches this very object once all modules are imported, who uses which path, and which path
// is canonical (cli-and-json.md, Words).
#pragma once

#include "config/config.h"
#include "link/attribute_uses.h"
#include "link/resolve.h"

namespace pydefrag {

// Fills project.definitions and the definition ids in the rows' targets.
void CollectDefinitions(Project &project, Resolver &resolver);

// Counts the uses per path, and picks canonical paths. After deprecations are known.
void CountUses(Project &project, Resolver &resolver, llvm::ArrayRef<AttributeUse> attribute_uses);
// The bindings that make the hop of each path. CountUses does it where several paths are in use.
void FillHops(Project &project, Resolver &resolver, Definition &definition);
void ChooseCanonical(Project &project, Resolver &resolver, const Config &config);

} // namespace pydefrag
