// `check --watch`: checks again whenever a file of the project changes, until it is interrupted.
#pragma once

#include "driver/cli.h"
#include "driver/environment.h"

namespace pydefrag {

// Returns the last run's status when Environment::sleep says that it is time to end.
int RunWatch(const CommandLine &line, const Environment &env);

} // namespace pydefrag
