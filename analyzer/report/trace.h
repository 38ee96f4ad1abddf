// One class or function: its definition, every path that reaches it and the hops that make it, who
// uses which, the canonical path and why. FindSymbols looks a symbol up; RenderTrace and
// RenderTraceJson show it.
#pragma once

#include "base/path_prefix.h"
#include "report/report.h"
#include "report/text/style.h"

#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace pydefrag {

struct SymbolMatches {
  std::vector<DefinitionId> definitions; // in order of definition; empty: not found
  std::vector<std::string> similar;      // when nothing was found: what was probably meant
};

// `query` is `pkg.mod:Name` (any path that reaches it), `pkg.mod.Name` or just `Name`.
SymbolMatches FindSymbols(const Project &project, llvm::StringRef query);

struct TraceOptions {
  ColorUse color = ColorUse::Off;
  PathPrefix path_prefix;
  size_t max_users = 10; // places shown per path; 0: all
};

void RenderTrace(llvm::raw_ostream &os, const Project &project, SourceCache &sources,
                 llvm::ArrayRef<DefinitionId> definitions, const TraceOptions &options);

void RenderTraceJson(llvm::raw_ostream &os, const Project &project, SourceCache &sources,
                     llvm::ArrayRef<DefinitionId> definitions);

} // namespace pydefrag
