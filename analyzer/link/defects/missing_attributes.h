// MissingAttributes: `module.name` on an imported module of the project that binds no such name.
// Asked for the names that FindAttributeUses doubts; a claim needs that an import, and nothing
// else, binds the name there (scan/trees/scoped_uses.h). Entry point: FindMissingAttributes.
#pragma once

#include "link/identity/attribute_uses.h"
#include "link/names/attribute_writes.h"

namespace pydefrag {

// Fills project.missing_attributes.
void FindMissingAttributes(Project &project, Resolver &resolver, const Disk &disk,
                           AttributeWrites &writes, const std::vector<DoubtfulName> &doubtful,
                           unsigned jobs);

} // namespace pydefrag
