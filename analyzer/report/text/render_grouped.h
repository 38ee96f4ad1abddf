// Findings below the file they stand in: `line:col severity[CODE] message`, for reading file by
// file.
#pragma once

#include "report/text/render_concise.h"

namespace pydefrag {

void RenderGrouped(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                   const ConciseOptions &options);

} // namespace pydefrag
