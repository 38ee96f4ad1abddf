// Lines and columns of many places at once: every row of the graph needs them, and the texts of a
// large project must not all be held. Files are read in parallel, each once, and dropped again.
#pragma once

#include "report/report.h"

#include "llvm/ADT/ArrayRef.h"

#include <vector>

namespace pydefrag {

// In the order of `places`. Line 0 stands for a place whose file can no longer be read.
std::vector<LineColumn> FindPositions(const Project &project, const Disk &disk,
                                      llvm::ArrayRef<Location> places, unsigned jobs);

} // namespace pydefrag
