// Why one module imports another: a shortest chain of imports. FindChain looks for it; RenderChain
// and RenderChainJson show it.
#pragma once

#include "base/path_prefix.h"
#include "report/report.h"
#include "report/text/style.h"

#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace pydefrag {

struct ChainHop {
  ModuleId from, to;
  RowId row;               // the import that leads there
  bool on_the_way = false; // `to` is a package above the module that the row names
};

struct ImportChain {
  bool at_import = true; // importing the first module runs the last; else only when some function
                         // is called, or for type checking
  std::vector<ChainHop> hops; // empty: there is no chain
};

// A shortest chain that runs when `from` is imported; when there is none, a shortest chain at all.
ImportChain FindChain(const Project &project, ModuleId from, ModuleId to);

void RenderChain(llvm::raw_ostream &os, const Project &project, SourceCache &sources,
                 const ImportChain &chain, ColorUse color, const PathPrefix &path_prefix);
void RenderChainJson(llvm::raw_ostream &os, const Project &project, SourceCache &sources,
                     ModuleId from, ModuleId to, const ImportChain &chain);

} // namespace pydefrag
