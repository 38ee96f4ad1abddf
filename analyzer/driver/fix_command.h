// `check --fix` and `check --diff`.
#pragma once

#include "driver/cli.h"
#include "driver/environment.h"

namespace pydefrag {

// Writes files (--fix) and reports what is left; or prints a unified diff (--diff) and writes
// nothing. With --stdin-filename the fixed text goes to standard output. Returns the exit status;
// for --diff 1 when there is something to change.
int RunFix(const CommandLine &line, const Environment &env);

} // namespace pydefrag
