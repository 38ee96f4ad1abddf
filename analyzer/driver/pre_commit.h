// `check --pre-commit`: what a commit hook has to look at. Entry points: PlanHook, MakeStagedTree.
#pragma once

#include "driver/cli.h"
#include "driver/environment.h"
#include "driver/git.h"

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace pydefrag {

struct HookPlan {
  bool nothing_to_do = false; // nothing that imports depend on is part of the commit
  bool of_commit = false;     // what is staged counts, not what else lies in the working tree
  std::string since;          // compare with this commit; empty: check everything
};

// Inside a commit: what it adds to HEAD. For a range of commits (a push): what it adds to its
// start. Else (`pre-commit run --all-files`, in CI above all): everything.
llvm::Expected<HookPlan> PlanHook(const CommandLine &line, const Environment &env);

// The working tree with its sources as they are staged. Settings and compiled modules stay as they
// lie there.
struct StagedTree {
  EarlierDisk disks;
  std::vector<std::string> untracked; // sources left out that git does not know
};
llvm::Expected<StagedTree> MakeStagedTree(const CommandLine &line, const Environment &env);

} // namespace pydefrag
