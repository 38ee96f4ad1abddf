// Namespaces: what one module binds at its top level, as an ordered log of events. Symbolic:
// nothing is looked up in other modules here, so modules are read in parallel;
// link/resolve/resolve.h walks a log from its end to answer "what is `name` in the end".
//
//     from .a import X        -> From X (seq 0)
//     try: import json        -> Import json (seq 1, in a try)
//     except ImportError: json = None   -> Value json (seq 2, in its handler)
//     from .b import *        -> Star (seq 3)
//     del X                   -> Unbind X (seq 4)
//
// Function bodies bind nothing, except names declared `global`; class bodies only those too.
#pragma once

#include "link/names/namespace_copies.h"
#include "link/project.h"
#include "link/syntax_view.h"

#include <string>
#include <vector>

namespace pydefrag {

enum class EventKind : uint8_t {
  Define, // class or def
  Value,  // assignment, loop target, with target, match capture...: `value` if it is one expression
  Import, // `import a.b` binds a, `import a.b as c` binds c; `value` is the Alias
  From,   // `from M import n`; `value` is the Alias
  Star,   // `from M import *`: binds many; `name` invalid
  Copy,   // `globals().update(vars(m))`: binds many; `name` invalid, `value` has the names, or what
          // the same statement defines; `target` lists them
  Submodule, // an import in a package's __init__ that first loads one of its own submodules
  Unbind,    // del, and the end of `except ... as e`
};

struct Event {
  NameId name{};
  EventKind kind = EventKind::Value;
  bool maybe = false; // may not happen even when its statement is reached (loop, global in a call)
  bool weak = false;  // `global` in a function that this module does not call: others may
  CopyOf copy = CopyOf::All; // Copy: which names
  uint32_t statement = 0;    // index into the file's facts
  ExprId value{};            // see EventKind
  ExprId target{};           // the Name or Alias that is bound, for positions; may be invalid
};

enum class OpenedBy : uint8_t {
  OwnDict, // the module's code writes into its own dict, or puts an instance in its own place
  Others,
};

struct NamespaceLog {
  static constexpr uint32_t kNotReplaced = 0xffffffff;
  std::vector<Event> events; // in execution order
  // Indices into `events`, sorted by (name, index): Of(name) is a range of it. `names` are the
  // names of these events: the search for one looks at nothing else.
  std::vector<uint32_t> by_name;
  std::vector<NameId> names;
  std::vector<uint32_t> stars;   // indices of Star and Copy events, ascending
  std::vector<uint32_t> exits;   // statements that end the module when reached (raise, sys.exit)
  std::vector<uint32_t> all_ops; // statements that touch __all__, ascending
  // {header, the arm before it}: for elif, else, except, finally. Sorted.
  std::vector<std::pair<uint32_t, uint32_t>> previous_arms;
  std::string open_reason; // names may exist that no event shows
  // Some of them come from what is no write of the module's own code into its own dict:
  // possible_names.h knows nothing of those.
  bool opened_otherwise = false;
  // Names that code binds which no statement spells, and that nothing else had spelled when it was
  // read: events have no id for them.
  std::vector<std::string> unspelled;
  // Functions that it calls or decorates by, and that write into the dict of their caller's frame:
  // by their bare names. Of these, too, possible_names.h tells the keys.
  std::vector<NameId> frame_writers;
  // Modules whose code calls `setattr` on this one, under names that it computes: the same.
  std::vector<ModuleId> attribute_writers;
  // Statements in arms of conditions that open it when they run, and what opens it anyway.
  static constexpr uint32_t kAlways = 0xffffffff;
  std::vector<uint32_t> opened_within;
  std::string always_open_reason;
  bool always_opened_otherwise = false;
  // `sys.modules[__name__] = value`: the statement, and the value.
  uint32_t replaced_at = kNotReplaced;
  ExprId replaced_by;
  bool lazy = false;                    // has a module __getattr__ or another lazy mechanism
  bool all_written_in_function = false; // a function that is called adds to __all__

  bool replaced() const { return replaced_at != kNotReplaced; }
  // The first reason is kept. `within`: a statement that does it when it runs.
  void Open(const llvm::Twine &reason, OpenedBy by, uint32_t within = kAlways);
  // None of the statements that open the module only when they run does.
  void CloseWithin();
  llvm::ArrayRef<uint32_t> Of(NameId name) const;
  void IndexEvents(); // fills `by_name`, `names` and `stars`
  // The arm before an elif, else, except or finally; the header itself when there is none.
  uint32_t PreviousArm(uint32_t header) const;
  // The `if`, `try` or loop that the chain of arms begins with.
  uint32_t FirstArm(uint32_t header) const;
};

// Puts events where their statements stand, behind what these bind themselves.
void InsertEvents(NamespaceLog &log, llvm::ArrayRef<Event> added);

NamespaceLog ReadNamespace(const Scanned &scanned, FileId file, bool is_package,
                           llvm::StringRef module_name);

// Of all modules that have a file.
IdVector<ModuleId, NamespaceLog> ReadNamespaces(const Project &project, unsigned jobs);

} // namespace pydefrag
