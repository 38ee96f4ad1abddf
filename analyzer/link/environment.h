// Environment: the third-party modules that the project imports, found in a Python environment and
// scanned by the same code as the project. Only what is asked for is listed and scanned: modules
// named by the project's imports, the packages above them, what those import with a star, and where
// their decorators come from.
#pragma once

#include "link/modules/file_tree.h"
#include "link/project.h"
#include "source/disk.h"

#include <string>
#include <vector>

namespace pydefrag {

// Scans what the project's files import from `sites`. New files follow the project's own; the tree
// knows their folders afterwards.
void LoadEnvironment(Project &project, FileTree &tree, const Disk &disk,
                     const std::vector<std::string> &sites, unsigned jobs);

} // namespace pydefrag
