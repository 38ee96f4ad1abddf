// Findings as a JUnit report, for CI systems that show nothing else: a suite per file, a test case
// per finding. A finding at or above the fail level is a failure; milder ones are skipped tests.
#pragma once

#include "report/report.h"

#include "llvm/Support/raw_ostream.h"

namespace pydefrag {

void RenderJunit(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                 llvm::StringRef path_prefix);

} // namespace pydefrag
