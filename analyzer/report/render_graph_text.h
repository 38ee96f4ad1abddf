// The project's modules and their imports as a picture: Graphviz's dot, or Mermaid, which GitHub
// and GitLab draw. Entry point: RenderGraphText.
#pragma once

#include "report/report.h"

#include "llvm/Support/raw_ostream.h"

namespace pydefrag {

enum class GraphLanguage : uint8_t { Dot, Mermaid };

struct GraphTextOptions {
  GraphLanguage language = GraphLanguage::Dot;
  llvm::ArrayRef<std::string> paths; // modules wanted, relative to the root; empty: all
  ModuleId focus;                    // only what is near this module, if it is valid
  unsigned depth = 1;                // how near: hops against and along the imports
  unsigned collapse = 0;             // parts of a name that are kept; 0: all
};

// Arrows of cycles are red, arrows that do not run at import time dashed. Mermaid gets at most as
// many arrows as the hosts draw; the rest is counted in a comment.
void RenderGraphText(llvm::raw_ostream &os, const Project &project,
                     const GraphTextOptions &options);

} // namespace pydefrag
