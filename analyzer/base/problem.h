// A Problem says that something of the user's could not be taken in as it stands. The run goes on;
// problems are printed and stand in the JSON, so that an incomplete analysis is never silent.
#pragma once

#include <cstdint>
#include <string>

namespace pydefrag {

enum class ProblemKind : uint8_t {
  Unreadable,  // a file or folder that could not be read: the analysis is incomplete (exit 3)
  NoSources,   // a root that does not exist or holds no Python: incomplete (exit 3)
  RuleFailed,  // an internal error in a rule: incomplete (exit 3)
  TooLarge,    // over the size cap, not analysed
  NotAFile,    // a directory called x.py, a socket...
  SymlinkLoop, // a link that leads back above itself
  Uncertain,   // neither route understood the text and CPython may: the module is left open
  Settings,    // a project file (pyproject.toml, setup.cfg...) that could not be read as it should
  Outcomes,    // a test report that is cut off or not understood
};

struct Problem {
  ProblemKind kind = ProblemKind::Unreadable;
  std::string path;    // relative to the root, with `/`
  uint32_t line = 0;   // 1-based; 0 when the problem is about the whole file
  std::string message; // lower case, one line
};

// The word used for `kind` in the JSON.
const char *ProblemKindName(ProblemKind kind);

// Whether a problem of this kind leaves something unseen, so that exit status is 3.
bool MakesIncomplete(ProblemKind kind);

} // namespace pydefrag
