// Whether to use colour, and the small things every command writes to standard error.
#pragma once

#include "driver/cli.h"
#include "driver/environment.h"
#include "driver/pipeline.h"
#include "report/text/style.h"

#include "llvm/Support/Error.h"

namespace pydefrag {

// --color, then NO_COLOR, then FORCE_COLOR and CLICOLOR_FORCE, then TERM=dumb, then whether
// standard output is a terminal and CLICOLOR is not 0.
ColorUse DecideColor(ColorWhen when, const Environment &env);

// Whether places may be links (OSC 8): FORCE_HYPERLINK, then whether colour is on and the terminal
// is one of those that are known to follow them.
bool DecideLinks(ColorUse color, const Environment &env);

// Columns for a source line beside its number: what the terminal has room for.
uint32_t SourceWidth(const Environment &env);

// "error: ..."; the status for a run that could not start.
int PrintError(const Environment &env, llvm::Error error);

// Seconds per phase, for --timing.
void PrintTimes(const Environment &env, const Analysis &analysis);

} // namespace pydefrag
