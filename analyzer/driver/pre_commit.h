// `check --pre-commit`: what a commit hook has to look at. Entry point: PlanHook.
#pragma once

#include "driver/cli.h"
#include "driver/environment.h"

#include "llvm/Support/Error.h"

#include <string>

namespace pydefrag {

struct HookPlan {
  bool nothing_to_do = false; // nothing that imports depend on is part of the commit
  std::string since;          // compare with this commit; empty: check everything
};

// Inside a commit: what it adds to HEAD. For a range of commits (a push): what it adds to its
// start. Else (`pre-commit run --all-files`, in CI above all): everything.
llvm::Expected<HookPlan> PlanHook(const CommandLine &line, const Environment &env);

} // namespace pydefrag
