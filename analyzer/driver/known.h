// Takes out of a report what is known: by a baseline, or because it stood there at the commit that
// `--since` names. Entry point: TakeOutKnown.
#pragma once

#include "driver/cli.h"
#include "driver/environment.h"
#include "driver/pipeline.h"
#include "report/report.h"

#include "llvm/Support/Error.h"

namespace pydefrag {

// `report` holds the findings of the whole project. With `--write-baseline`, the baseline is
// written. Fails when a baseline cannot be read or written.
llvm::Error TakeOutKnown(Report &report, const Analysis &analysis, const CommandLine &line,
                         const RulePlan &plan, const Environment &env);

} // namespace pydefrag
