// Link: scanned files -> Project. Deterministic in its input.
// roots -> module_table -> namespaces -> resolve -> identity -> import_time, each a file here.
#pragma once

#include "config/project_settings.h"
#include "link/project.h"
#include "source/discover.h"

namespace pydefrag {

struct LinkInput {
  std::string root;
  Scanned scanned; // files in path order: FileId i is the i-th Source file of `discovery`
  const Discovery *discovery = nullptr;
  const SettingsResult *settings = nullptr;
  const Config *config = nullptr;
  const Disk *disk = nullptr;
  std::string environment; // folder of a Python environment; empty: none known
  PythonVersion target;
  bool all_paths = false; // list the paths of all definitions, and all constants
  unsigned jobs = 0;
};

// Never null.
std::unique_ptr<Project> Link(LinkInput input);

} // namespace pydefrag
