// Hands the reports and the plan of the command line to join/. Entry point: JoinTests.
#pragma once

#include "driver/pipeline.h"

namespace pydefrag {

// Fills report.joined and what findings say of tests. Fails on a report that does not exist and on
// a plan that cannot be read.
llvm::Error JoinTests(const Analysis &analysis, const CommandLine &line, const Environment &env,
                      Report &report);

} // namespace pydefrag
