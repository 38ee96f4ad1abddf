// Project: the linked model, const after Link. *Definition* = an object that one file's statement
// makes; *path* = a `module:name` that reaches it; *row* = one imported name of one import
// statement. Entry point: Link (link/link.h). Everything here is plain data plus look-ups.
#pragma once

#include "base/names.h"
#include "base/problem.h"
#include "config/config.h"
#include "facts/facts.h"
#include "link/defects/defects.h"
#include "link/reasons.h"
#include "scan/scan.h"
#include "source/span.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace pydefrag {

enum class ModuleKind : uint8_t {
  Module,    // x.py
  Package,   // x/__init__.py
  Namespace, // a folder without __init__.py (PEP 420), or several merged
  Stub,      // only x.pyi exists
  Extension, // x.so, or evidence that a build makes one
  Generated, // evidence that a build writes it
  Stdlib,    // the target version's standard library
  External,  // a third-party module that is not analysed
};

struct Module {
  NameId name;   // the primary dotted name
  FileId file{}; // none for namespaces, stdlib, extensions
  ModuleKind kind = ModuleKind::Module;
  ModuleId parent;
  std::vector<NameId> also_named{}; // other names under which this very file can be imported
  bool first_party = false;
  bool reported = true; // false: excluded or git-ignored
  bool test = false;    // a test module, a conftest, or below a tests folder
  bool script =
      false; // has a main guard or shebang, or nothing imports it and it is no package member
  // Why names may exist that no analysis sees: "dynamic `__getattr__`", "star import of external
  // module `x`"... Empty: the module is closed, a name that is not bound is missing.
  std::string open_reason{};
};

enum class DefinitionKind : uint8_t { Class, Function, Constant };

struct DeprecationInfo {
  bool deprecated = false;
  bool doc_only = false;       // only the docstring says so
  bool other_category = false; // warns, with a class that is no DeprecationWarning
  std::string message;         // as written, one line
  std::string replacement; // path or name that the message names, e.g. "shop.cart"; may be empty
  Location where;          // the evidence
};

struct PathInfo {
  ModuleId module;
  NameId name;
  bool in_use = false;        // at least one use goes through it
  uint32_t uses = 0;          // rows and attribute uses outside the plumbing
  uint32_t in_tests = 0;      // of these, in test modules
  uint32_t type_checking = 0; // of these, under TYPE_CHECKING
  uint32_t guarded = 0;       // of these, in guards
  std::vector<Location> via;  // the bindings that make the hop, from the path to the definition
  bool deprecated = false;    // reaching it this way warns
  bool accepted = false;      // another way than the canonical one, and no mistake
  bool arguable = false;      // some who keep such a project would rather keep it; not if accepted
  std::vector<RowId> rows;    // the from-import rows that use it
  std::vector<Location> attribute_uses; // where a file first says `mod.X`; one a file
};

struct Definition {
  ModuleId module;
  NameId name;
  DefinitionKind kind = DefinitionKind::Constant;
  Location where;     // of the name
  Location statement; // of the whole header
  uint32_t uses = 0;  // rows and attribute uses outside the plumbing
  // Its own first, the others sorted by module name and name. A check lists those of definitions
  // that are used through several modules; `trace` and `graph` list all.
  std::vector<PathInfo> paths;
  int canonical = 0;                  // index into paths
  const char *because = "definition"; // configured | public-api | definition | public-alias
  bool decided = true; // false: private, and its public paths are imports for a module's own use
  DeprecationInfo deprecation;
};

enum class RowStatus : uint8_t { Resolved, External, MissingModule, MissingName, Unknown };

struct RowContext {
  bool type_checking = false;
  bool deferred = false;    // in a function body
  bool guarded = false;     // a handler catches what fails
  bool masked = false;      // the handler skips the test
  bool conditional = false; // under an `if`, loop or case that is not decided
  bool star = false;
  bool string = false;      // a string that is imported (import_module, mock.patch...)
  bool unreachable = false; // never executed in any supported version
  bool plumbing = false;    // module-level import in a module that re-exports from below it
  bool internal = false; // imports from the defining module inside the package that re-exports it
};

enum class TargetKind : uint8_t { None, Module, Definition, Opaque };

struct Target {
  TargetKind kind = TargetKind::None;
  ModuleId module; // Module: the module; Definition, Opaque: where the name is bound at last
  NameId name;     // Opaque: the name there
  DefinitionId definition;
};

struct ImportRow {
  FileId file;
  ModuleId importer;
  uint32_t statement = 0; // index into the file's facts
  ExprId alias;           // the Alias or Star operand
  NameId module;          // absolute dotted name; with too many dots, as written
  NameId name;            // invalid for `import M`; for star the name "*"
  NameId as;              // invalid without `as`
  Span where;             // of the alias in the file
  Span statement_span;    // begin of the statement .. end of its last operand
  RowContext context;
  RowStatus status = RowStatus::Unknown;
  const char *reason = "";    // Unknown: what stopped; Missing: where was looked
  NameId missing_part;        // MissingModule: the first dotted ancestor that does not exist
  bool beyond_top = false;    // MissingModule: more dots than packages
  bool not_installed = false; // MissingModule: third-party, and not in the environment
  ModuleId source;            // the module imported from, when it resolves
  Target target;
  // Importing this name this way warns (symbol or path); null: it does not. The project owns it.
  const DeprecationInfo *deprecation = nullptr;
  ModuleId deprecated_module; // importing `module` runs a module that warns of its own deprecation
};

// A string that names something to import or to patch: the row it would be as an import, and what
// reads it. Not among Project::rows: it says what a program may load, not what loads with a module.
struct StringTarget {
  ImportRow row;            // `alias` invalid; file without a module: a settings file
  const char *context = ""; // what reads the string: "mock.patch", "entry point"
  std::string text;         // the string's value, constants in it folded
  std::string class_name;   // MissingName: the class that lacks the name; empty: the module does
  bool lenient = false;     // `create=True`, `raising=False`: nothing fails when it is missing
  ExprId value;             // the expression that gives the text
  // Offset in the text of the part that is missing; kWhole when it does not stand in the text.
  static constexpr uint32_t kWhole = 0xffffffff;
  uint32_t missing_at = kWhole;
};

// `module.name` in code, where the imported module has no such name. `row` is what `from module
// import name` would be; its `where` is the name in the chain.
struct MissingAttribute {
  ImportRow row;
  std::string spelled; // "cart.Basket"
};

struct SourceRoot {
  std::string path; // relative to the root, "" for the root itself
  std::string because;
};

struct ImportOutcome { // what importing a module in a fresh interpreter does
  enum Status : uint8_t { Ok, Fails, Unknown } status = Ok;
  bool certain = true;         // Fails: for every entry; else only from some entries
  std::string reason;          // Fails: CPython's words
  std::vector<Location> chain; // Fails: from the module to the failing statement
};

struct LinkStats {
  size_t rows = 0, resolved = 0, external = 0, missing = 0, unknown = 0;
  std::vector<std::pair<std::string, size_t>> unknown_reasons; // most frequent first
};

struct LinkState; // link/link_state.h: look-ups that go on after linking

// A name that was probably meant.
struct Suggestion {
  std::string module; // dotted
  std::string name;   // empty: the module itself
  Location where;     // of the definition; no file when it is a module
  const char
      *why; // "a similar name is defined here" | "this module defines it" | "the module moved here"
};

// Lives at one address: its parts refer to each other.
struct Project {
  Project();
  ~Project();
  Project(const Project &) = delete;
  Project &operator=(const Project &) = delete;

  Scanned scanned;
  std::string root;
  size_t file_count = 0; // files of the project: FileId 0..file_count-1; the environment's follow
  IdVector<FileId, ModuleId> module_of_file;
  IdVector<ModuleId, Module> modules;
  IdVector<DefinitionId, Definition> definitions; // sorted by file and offset
  IdVector<RowId, ImportRow> rows;                // sorted by file and offset
  IdVector<ModuleId, ImportOutcome> outcomes;     // of importing each module
  IdVector<ModuleId, DeprecationInfo> module_deprecations;
  std::deque<DeprecationInfo> lazy_deprecations;    // of names that a `__getattr__` serves
  std::vector<ModuleId> entry_modules;              // that declared entry points name
  Defects defects;                                  // what only the resolver can tell
  std::vector<StringTarget> string_targets;         // sorted by file and offset
  std::vector<MissingAttribute> missing_attributes; // sorted by file and offset
  std::vector<SourceRoot> roots;
  std::string environment; // the folder third-party imports are resolved in; empty: none
  PythonVersion target;
  size_t third_party_unchecked = 0; // rows whose third-party module was not looked at
  LinkStats stats;
  ReasonTable reasons; // texts that rows point to
  std::vector<Problem> problems;

  llvm::StringRef Text(NameId id) const { return scanned.names.Text(id); }
  llvm::StringRef PathOf(FileId file) const { return scanned.paths[file]; }
  std::string PathText(ModuleId module, NameId name) const; // "shop.cart:Cart"
  const PlacedStatement &StatementAt(const ImportRow &row) const;
  // Of a module with a file, in source order.
  const std::vector<PlacedStatement> &StatementsOf(ModuleId module) const {
    return scanned.facts[modules[module].file].statements;
  }
  const Statement &Syntax(const PlacedStatement &placed) const;
  // The package or module that its first name names.
  ModuleId TopOf(ModuleId module) const;
  ModuleId FindModule(llvm::StringRef dotted) const; // by any of its names; invalid when none
  // The qualified name of what encloses a statement: "Cart.total", "" at module level.
  std::string ScopeOf(FileId file, uint32_t statement) const;

  // What was probably meant by a missing row, best first, at most five. Deterministic.
  std::vector<Suggestion> Suggest(const ImportRow &row) const;

  llvm::DenseMap<NameId, ModuleId> module_by_name; // primary and other names
  std::unique_ptr<LinkState> state;
};

} // namespace pydefrag
