// The outputs of `check`: standard output holds one format; the others go to files, written whole
// or not at all. Entry point: WriteOutputs.
#pragma once

#include "driver/cli.h"
#include "driver/environment.h"
#include "driver/pipeline.h"
#include "report/report.h"

namespace pydefrag {

// The status of the outputs: 0, or 2 when a file could not be written.
int WriteOutputs(const Report &report, SourceCache &sources, const CommandLine &line,
                 const ProjectPlace &place, const Environment &env);

} // namespace pydefrag
