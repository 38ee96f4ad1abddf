// The opening that `check` and `report` share: all passes, up to a report that can be rendered.
#pragma once

#include "driver/pipeline.h"

namespace pydefrag {

// `report` and `sources` refer to the analysis.
struct Examined {
  std::unique_ptr<Analysis> analysis;
  std::unique_ptr<SourceCache> sources;
  Report report;
};

// Fails where Analyze or Check does.
llvm::Expected<Examined> Examine(const CommandLine &line, const Environment &env);

} // namespace pydefrag
