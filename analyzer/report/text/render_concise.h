// One finding a line: `path:line:col: SEV[CODE] message`, for editors and grep.
#pragma once

#include "base/path_prefix.h"
#include "report/report.h"
#include "report/text/style.h"

#include "llvm/Support/raw_ostream.h"

namespace pydefrag {

struct ConciseOptions {
  ColorUse color = ColorUse::Off;
  PathPrefix path_prefix; // put before the paths shown
};

void RenderConcise(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                   const ConciseOptions &options);

} // namespace pydefrag
