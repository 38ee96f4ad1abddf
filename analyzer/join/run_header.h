// The header of a report: what was run on what, as far as a source recorded it. Entry point:
// ReadRunHeader.
#pragma once

#include "join/joined.h"
#include "outcomes/merge.h"
#include "source/disk.h"

namespace pydefrag {

// `root`: of the project, as Disk wants it. Where no report names a revision, the one that is
// checked out is given, with "git" as its source.
RunHeader ReadRunHeader(const MergedRuns &runs, const Disk &disk, llvm::StringRef root);

} // namespace pydefrag
