// What pytest would collect, and in which order: sessions, conftests, test modules. Follows pytest
// 8 and 9 (_pytest/main.py, config/__init__.py, pathlib.py): rootdir, testpaths, python_files,
// norecursedirs; entries of a folder by name. Entry point: PlanCollection. Runs nothing.
#pragma once

#include "config/project_settings.h"
#include "link/project.h"

#include <string>
#include <vector>

namespace pydefrag {

struct CollectedFile {
  FileId file;
  ModuleId module;
  bool conftest = false;
  bool initial = false; // a conftest that is loaded before anything is collected
  // Under prepend and append: the folder put on sys.path, and the dotted name below it.
  std::string base;
  std::string import_name;
};

// One run of pytest.
struct TestSession {
  std::string rootdir;              // relative to the project root
  bool by_path = false;             // importlib mode: files never meet under one name
  std::vector<std::string> plugins; // modules loaded before all conftests
  std::vector<CollectedFile> files; // in the order in which they are imported
};

// One for each folder with pytest settings that collects something; one for the root at least.
std::vector<TestSession> PlanCollection(const Project &project, const SettingsResult &settings);

} // namespace pydefrag
