// Workflow commands of GitHub Actions: each finding becomes an annotation of the run and, when its
// line is part of the diff, of the pull request. GitHub shows ten of each level a step: the worst
// are written, the rest is counted.
#pragma once

#include "report/report.h"

#include "llvm/Support/raw_ostream.h"

#include <string>

namespace pydefrag {

// `path_prefix` leads from the repository's folder to the project's.
void RenderGithub(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                  llvm::StringRef path_prefix);

// As the runner wants the text of a command, and the values of its properties.
std::string EscapeGithubData(llvm::StringRef text);
std::string EscapeGithubProperty(llvm::StringRef text);

} // namespace pydefrag
