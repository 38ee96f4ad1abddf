// The report for programs: schema pydefrag/report/1, one document (RenderJson), or one finding a
// line in the same shape (RenderJsonLines).
#pragma once

#include "report/report.h"

#include "llvm/Support/raw_ostream.h"

namespace pydefrag {

void RenderJson(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                SuppressedFindings suppressed);
void RenderJsonLines(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                     SuppressedFindings suppressed);

// Name of the tool's version, from the build.
llvm::StringRef ToolVersion();

} // namespace pydefrag
