// Site directories: where a Python environment keeps third-party modules (CPython Lib/site.py).
#pragma once

#include "config/config.h"
#include "source/disk.h"

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace pydefrag {

// The site directories of the environment in `folder` (a prefix, or a site directory itself), in
// sys.path order, with the folders that their .pth files add. Absolute paths; empty when none.
std::vector<std::string> SiteDirectories(const Disk &disk, llvm::StringRef folder,
                                         PythonVersion target);

} // namespace pydefrag
