// The readers of project files, one per file or tool; each fills the context with what it finds and
// leaves alone what it does not know. Called by ReadProjectSettings in this order.
#pragma once

#include "config/settings_context.h"

namespace pydefrag {

// pyproject.toml: [project], [dependency-groups], Poetry, PDM, Flit: names, dependencies, entry
// points.
void ReadPyproject(SettingsContext &context);
// pyproject.toml: where each build backend takes packages from, and what it writes.
void ReadBuildBackends(SettingsContext &context);
// setup.cfg as setuptools and pbr read it.
void ReadSetupCfg(SettingsContext &context);
// Literal arguments of setup() in setup.py.
void ReadSetupPy(SettingsContext &context);
// The extension modules of packages, as setup_package.py files say them (extension-helpers).
void ReadSetupPackages(SettingsContext &context, llvm::ArrayRef<std::string> paths);
// requirements*.txt, requirements/*.txt, Pipfile.
void ReadRequirementFiles(SettingsContext &context, llvm::ArrayRef<std::string> names);
// The first of pytest's configuration files that counts.
void ReadPytestSettings(SettingsContext &context);
// Modules that a Meson build makes.
void ReadMesonBuild(SettingsContext &context);
// Folders that other tools are told to look for modules in.
void ReadToolHints(SettingsContext &context);

} // namespace pydefrag
