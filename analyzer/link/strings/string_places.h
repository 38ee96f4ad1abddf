// PlaceStrings: where string targets stand. Facts know the places of most strings; those in
// decorators, and the part of a string that is missing, are found in the file's text.
#pragma once

#include "link/project.h"
#include "source/disk.h"

namespace pydefrag {

// Fills in `where` and `statement_span` of the string targets, which are sorted by file, and sorts
// them by offset.
void PlaceStrings(Project &project, const Disk &disk, unsigned jobs);

} // namespace pydefrag
