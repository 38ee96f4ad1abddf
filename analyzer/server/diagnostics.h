// Findings as an editor shows them.
#pragma once

#include "server/view.h"

#include <set>

namespace pydefrag {

// One `Diagnostic`. `data` holds the finding's id.
llvm::json::Object DiagnosticOf(const View &view, const Finding &finding);

// All of a file, in order of place.
llvm::json::Array DiagnosticsOf(const View &view, FileId file);

// Files that have findings.
std::set<FileId> FilesWithFindings(const View &view);

} // namespace pydefrag
