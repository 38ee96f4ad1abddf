// Entries: the modules that something outside Python code starts: declared entry points.
#pragma once

#include "config/project_settings.h"
#include "link/project.h"

namespace pydefrag {

// The modules that the declared entry points name, in declared order, each once.
std::vector<ModuleId> FindEntryModules(const Project &project, const SettingsResult &settings);

} // namespace pydefrag
