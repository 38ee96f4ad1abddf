// The code quality report of GitLab: a JSON array. An entry's fingerprint is the finding's id, so
// that a merge request shows what it adds and ends even when lines move.
#pragma once

#include "report/report.h"

#include "llvm/Support/raw_ostream.h"

namespace pydefrag {

// `path_prefix` leads from the repository's folder to the project's.
void RenderGitlab(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                  llvm::StringRef path_prefix);

} // namespace pydefrag
