// What the configuration names and the project does not have: nothing of it is ignored in silence.
// Entry points: CheckSettings, SettingsPlace.
#pragma once

#include "base/problem.h"
#include "config/config.h"
#include "link/project.h"

#include <string>
#include <vector>

namespace pydefrag {

// `root` is the project's folder, absolute.
std::vector<Problem> CheckSettings(const Config &config, const Project &project, const Disk &disk,
                                   llvm::StringRef root);

// "pydefrag.toml:3: ", where a key or a string of the configuration is `text`; empty when none is.
std::string SettingsPlace(const Config &config, const Disk &disk, llvm::StringRef root,
                          llvm::StringRef text);

} // namespace pydefrag
