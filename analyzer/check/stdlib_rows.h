// What the standard library of the target version says about an import row: removed, deprecated, or
// nothing. Shared by removed-stdlib, which reports it, and by missing-module and missing-symbol,
// which then leave the row alone.
#pragma once

#include "link/project.h"

#include <string>

namespace pydefrag {

enum class StdlibState : uint8_t { Fine, Removed, Deprecated };

struct StdlibVerdict {
  StdlibState state = StdlibState::Fine;
  std::string module;      // dotted; the part that is gone or goes
  std::string name;        // empty: the module itself
  std::string replacement; // as the tables have it; may be empty
  int since = 0;           // Removed: first minor version without it; 2.7 modules: 0
  int removal = 0;         // Deprecated: minor version without it; 0: none announced
  bool python2 = false;    // a module that only Python 2 had
  bool by_name = false;    // the module is the name that a from-import takes
};

StdlibVerdict StdlibVerdictOf(const Project &project, const ImportRow &row);

// Whether the module or name was part of the standard library once and is gone in the target
// version, and the row is one that would fail for it.
bool IsRemovedStdlib(const Project &project, const ImportRow &row);

// Whether the statement stands under a test of the Python version or of what it offers (a flag like
// PY2, `hasattr`), or in the other arm of one.
bool IsUnderVersionTest(const Project &project, const ImportRow &row);

} // namespace pydefrag
