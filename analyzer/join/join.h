// Join: findings with what the tests did. Entry point: JoinOutcomes. Without any report it gives
// the forecast alone: which test modules pytest could not collect, and why.
#pragma once

#include "config/config.h"
#include "config/project_settings.h"
#include "join/joined.h"
#include "link/project.h"
#include "source/disk.h"

#include "llvm/ADT/ArrayRef.h"

#include <string>
#include <vector>

namespace pydefrag {

struct JoinInput {
  const Project *project = nullptr;
  const Config *config = nullptr;
  const SettingsResult *settings = nullptr;
  const Disk *disk = nullptr;       // as the analysis read it
  std::vector<std::string> reports; // absolute paths, as given on the command line
  Plan plan;                        // none: an empty path
  std::string today;                // "2026-11-28": for plans that end
};

// Sets test_state, observed_tests and predicted_tests of `findings`, which are all of a run, those
// that are silenced too: a failure does not go away because its cause is silenced.
Joined JoinOutcomes(const JoinInput &input, llvm::MutableArrayRef<Finding *> findings);

} // namespace pydefrag
