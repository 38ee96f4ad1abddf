// SARIF 2.1.0, for GitHub code scanning and other viewers, written as a stream. What is beyond the
// limits GitHub documents is left out, mildest first, and counted.
#pragma once

#include "report/json/render_json.h"
#include "report/report.h"

#include "llvm/Support/raw_ostream.h"

namespace pydefrag {

// `path_prefix` leads from the repository's folder to the project's.
void RenderSarif(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                 llvm::StringRef path_prefix, SuppressedFindings suppressed);

} // namespace pydefrag
