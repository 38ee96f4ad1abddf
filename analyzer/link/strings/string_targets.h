// StringTargets: what the strings that name modules and attributes reach. After the rows are
// resolved: names that an import binds tell which call is a context. Entry point:
// FindStringTargets.
#pragma once

#include "link/modules/roots.h"
#include "link/names/attribute_writes.h"
#include "link/resolve/resolve.h"
#include "source/disk.h"

namespace pydefrag {

// Fills project.string_targets.
void FindStringTargets(Project &project, Resolver &resolver, const Roots &roots, const Disk &disk,
                       AttributeWrites &writes, unsigned jobs);

} // namespace pydefrag
