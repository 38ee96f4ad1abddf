// What the project's own files say about where its modules live and what runs them: pyproject.toml,
// setup.cfg, literal arguments in setup.py, pytest.ini, tox.ini. Entry point: ReadProjectSettings,
// called for the root and for every folder below it that has such a file (a monorepo's members).
// Sources: semantics.md R02-R14; each backend's documentation is named where its keys are read.
#pragma once

#include "base/problem.h"
#include "config/config.h"
#include "source/discover.h"
#include "source/disk.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pydefrag {

// A folder that stands for a package name: "" is the top (a source root), "pkg" maps that package.
struct PackageDir {
  std::string package; // dotted; "" for a root
  std::string folder;  // relative to the project root, "" for the root itself
  std::string because; // "tool.setuptools.packages.find", "tool.poetry.packages", "src layout"...
};

struct EntryPoint {
  std::string group; // "console_scripts", "gui_scripts", or a plugin group
  std::string name;
  std::string target; // "pkg.mod:attr"
  std::string path;   // file that declares it
  uint32_t line = 0;  // 1-based, 0 when not known
};

struct PytestSettings {
  bool present = false;                // some pytest configuration stands here
  std::string rootdir;                 // relative to the project root
  std::vector<std::string> pythonpath; // folders, relative to the project root
  std::vector<std::string> testpaths;
  std::vector<std::string> python_files;  // patterns; default test_*.py, *_test.py
  std::vector<std::string> norecursedirs; // patterns of folder names; default pytest's own
  std::vector<std::string> ignored;       // by --ignore in addopts, relative to the project root
  std::vector<std::string> plugins;       // -p values and pytest_plugins in ini files
  std::string import_mode = "prepend";    // prepend | append | importlib
};

struct ProjectSettings {
  std::string folder;  // where these files stand, relative to the project root
  bool sample = false; // what tests read (DiscoveredFile::sample)
  std::string name;    // of the distribution, as declared
  std::vector<PackageDir> package_dirs;
  std::vector<EntryPoint> entry_points;
  // Other strings that name modules: `group` says what reads them ("DJANGO_SETTINGS_MODULE").
  std::vector<EntryPoint> named_modules;
  std::vector<std::string>
      dependencies;               // declared distributions, normalised (PEP 503), optional ones too
  bool more_dependencies = false; // and others, that only the build computes
  std::vector<std::string> generated;    // module files a build writes: "src/pkg/_version.py"
  std::vector<std::string> hinted_roots; // PYTHONPATH-like hints (pyright extraPaths, mypy_path...)
  std::optional<PythonVersion> requires_python; // the lowest version allowed
  PytestSettings pytest;
};

struct SettingsResult {
  std::vector<ProjectSettings> projects; // the root first, then by folder
  std::vector<Problem> problems;
};

SettingsResult ReadProjectSettings(const Disk &disk, llvm::StringRef root,
                                   const Discovery &discovery);

} // namespace pydefrag
