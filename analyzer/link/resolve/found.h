// Found: what a name turns out to be. Three-valued. No: CPython would raise. Maybe: some path binds
// it. `unknown`: the answer hangs on something that is not analysed, and `reason` says what.
#pragma once

#include "link/project.h"

#include "llvm/ADT/DenseSet.h"

#include <cstdint>
#include <vector>

namespace pydefrag {

enum class Answer : uint8_t { No, Maybe, Yes };

inline constexpr uint32_t kNoEvent = 0xffffffff;
inline constexpr uint32_t kNoStatement = 0xffffffff;

struct Found {
  Answer answer = Answer::No;
  bool unknown = false;  // hangs on something not analysed; see `reason`
  bool broken = false;   // bound by an import that itself fails
  bool lazy = false;     // served by a module `__getattr__`
  bool fallback = false; // bound by a handler that may not run, and by nothing else
  bool bound = false;    // something surely binds it; nobody knows to what, or to which of several
  bool on_linux = false; // Maybe: on Linux it is bound
  bool absent = false;   // with `unknown`: a third-party module that the environment lacks has it
  bool by_platform = false;           // other platforms have something else, or nothing
  TargetKind kind = TargetKind::None; // Definition: the object that `event` of `module` makes
  ModuleId module;
  uint32_t event = kNoEvent;
  uint32_t via = kNoEvent; // event of the module asked that gave the answer
  const char *reason = ""; // with `unknown`
  NameId outside;          // Opaque, of `module` that has no source: its name there

  bool IsModule() const { return kind == TargetKind::Module; }
  bool IsObject() const { return kind == TargetKind::Definition; }
};

enum class ImportFailure : uint8_t { None, NoModule, NoName, BeyondTop };

struct AllNames { // a module's __all__
  bool present = false;
  bool known = true;          // every operation was understood
  bool filtered = false;      // what was not is a choice among the module's own names
  std::vector<NameId> names;  // in order, each once
  llvm::DenseSet<NameId> set; // the same

  bool Lists(NameId name) const { return set.contains(name); }
};

struct Guard {
  bool guarded = false; // a handler catches this failure and goes on
  bool masked = false;  // it skips the test
};

// Names that `from module import *` binds, in order of first appearance; `open` tells that there
// may be more.
struct StarNames {
  std::vector<NameId> names;
  bool open = false;
};

} // namespace pydefrag
