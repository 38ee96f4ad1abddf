// DraftFile: what can be said at once of a file that was edited since the project was linked. What
// its imports reach is resolved against the linked project; what hangs on more stays as it was
// where it surely still stands, and waits for the next link elsewhere.
#pragma once

#include "driver/pipeline.h"
#include "report/live_file.h"

namespace pydefrag {

struct DraftInput {
  Analysis &analysis;
  const Report &report; // of `analysis`
  SourceCache &sources; // of `analysis`
  const CommandLine &line;
};

// `disk` has the file as it is now, `live` what is known of it so far.
LiveFile DraftFile(const DraftInput &input, FileId file, const Disk &disk, LiveFile live);

} // namespace pydefrag
