// SettingsTargets: strings in the project's settings files that name modules and their attributes:
// entry points, pytest's plugins, DJANGO_SETTINGS_MODULE. Entry point: AddSettingsTargets.
#pragma once

#include "config/project_settings.h"
#include "link/resolve/resolve.h"
#include "source/disk.h"

namespace pydefrag {

// Adds to project.string_targets, behind those of the source files. A settings file that holds one
// is appended to the scanned files, without facts and without a module, so that places in it can be
// shown.
void AddSettingsTargets(Project &project, Resolver &resolver, const SettingsResult &settings,
                        const Disk &disk);

} // namespace pydefrag
