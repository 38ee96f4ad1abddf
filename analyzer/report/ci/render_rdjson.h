// The Reviewdog Diagnostic Format as one document: columns count UTF-8 bytes, ends are exclusive.
#pragma once

#include "report/report.h"

#include "llvm/Support/raw_ostream.h"

namespace pydefrag {

// `path_prefix` leads from the folder reviewdog runs in to the project's.
void RenderRdjson(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                  llvm::StringRef path_prefix);

} // namespace pydefrag
