// RunMain: the whole program as a function of its arguments and surroundings.
#pragma once

#include "driver/environment.h"

#include "llvm/ADT/ArrayRef.h"

namespace pydefrag {

// `args` without the program's own name. Returns the exit status.
int RunMain(llvm::ArrayRef<const char *> args, const Environment &env);

} // namespace pydefrag
