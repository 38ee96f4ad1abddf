// What stood in the project at an earlier commit, for `--since`: the tree of then is analysed with
// the settings of now. Entry point: FindEarlier.
#pragma once

#include "driver/cli.h"
#include "driver/environment.h"
#include "driver/locate.h"
#include "report/baseline.h"

namespace pydefrag {

struct EarlierFindings {
  Baseline baseline;      // the findings of then
  bool unchanged = false; // nothing that imports depend on has changed: what is found now is known
};

// `line.since` names the commit. Costs one more analysis, unless nothing has changed.
llvm::Expected<EarlierFindings> FindEarlier(const CommandLine &line, const Environment &env,
                                            const ProjectPlace &place, const Config &config);

// Whether what is found can depend on the content or existence of this file.
bool MattersToImports(llvm::StringRef path);

} // namespace pydefrag
