// Crashes: import cycles that raise when the project is imported, made of the outcomes of importing
// each module in a fresh interpreter (link/execute/import_time.h). Modules that fail in the same
// cycle, or at the same statement, are one crash.
#pragma once

#include "link/project.h"

#include <string>
#include <vector>

namespace pydefrag {

struct Crash {
  ModuleId witness;              // importing this first fails, or makes what comes later fail
  bool has_entry = false;        // some failing module is an entry of the project, and really first
  bool certain = false;          // whichever module of the cycle comes first
  Location where;                // the statement that fails
  std::string reason;            // CPython's words, without the exception's name
  std::vector<Location> cycle;   // the witness's way round, the failing statement last
  std::vector<ModuleId> modules; // that the way goes through, in order, each once
  std::vector<ModuleId> failing; // in module order
};

// Sorted by place.
std::vector<Crash> FindCrashes(const Project &project);

// Whether what the outcome tells of is an import cycle.
bool IsCircular(const ImportOutcome &outcome);

// Whether something outside other modules starts it: a test, a script, an entry point.
bool IsEntry(const Project &project, ModuleId module);

} // namespace pydefrag
