// The report for a pull request or a job's summary: what was found, a table of causes, worst first,
// the rest folded away. Stays below the megabyte that GitHub takes.
#pragma once

#include "report/report.h"

#include "llvm/Support/raw_ostream.h"

namespace pydefrag {

void RenderMarkdown(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                    llvm::StringRef path_prefix);

} // namespace pydefrag
