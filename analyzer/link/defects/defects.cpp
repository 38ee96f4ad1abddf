#include "link/defects/defects.h"

#include "link/project.h"

namespace pydefrag {

void FindDefects(Project &project, Resolver &resolver, const Config &config, const Disk &disk,
                 unsigned jobs) {
  project.defects.undefined_exports = FindUndefinedExports(project, resolver);
  project.defects.shim_subclasses = FindShimSubclasses(project, resolver);
  project.defects.binding_conflicts = FindBindingConflicts(project, resolver);
  project.defects.duplicate_classes = FindDuplicateClasses(project, config, disk, jobs);
}

} // namespace pydefrag
