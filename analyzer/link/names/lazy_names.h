// Lazy names: what a module serves through `__getattr__` (PEP 562), as far as its code tells. The
// hook is executed on paper for a name that it never asks for: when that surely ends in an
// exception, the names that it asks for are all there are.
#pragma once

#include "link/project.h"
#include "link/syntax_view.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <string>
#include <vector>

namespace pydefrag {

struct LazyEntry {
  NameId name;
  ModuleId home;                 // whose file the hook stands in; set by the resolver
  NameId source_name;            // imported by `source_statement` under this name; may be invalid
  uint32_t source_statement = 0; // the from-import in the branch; meaningful with `source_name`
  bool in_module = false;        // `source_name` is a module, which has the name
  bool imports_first = false;    // `source_statement` runs whenever the name is asked for
  ExprId value;                  // else the name or attribute that the branch returns
  ExprId table_value;            // else what a table of imports says of the name
  NameId table_variable;         // what stands for the name in that; may be invalid
  uint32_t statement = 0;        // the branch that serves it
  NameId imported_from;          // the branch imports the submodule of the name from the package
                                 // that these words stand for: ".", "pkg." or "__name__"
  bool warns = false;            // its branch warns of deprecation
  std::string message;           // of that warning, as far as it is literal
};

// `getattr(owner, asked)`, which raises for what `owner` does not have.
struct LazyDelegate {
  ExprId owner;       // a name or attribute
  NameId asked;       // the variable that is taken for the name that is asked for
  ExprId alias;       // of an import in the hook that binds `owner`; may be invalid
  uint32_t statement; // that import
};

struct LazyNames {
  bool present = false;    // there is such a mechanism
  bool exact = false;      // `entries` are all names it serves, but for those that stand below
  bool all_public = false; // it serves every name that has no underscore in front
  std::vector<LazyEntry> entries;
  std::vector<NameId> refused;         // it raises for these, unless they are entries
  std::vector<NameId> prefixes;        // what begins with one of these may be served as well
  std::vector<LazyDelegate> delegates; // and what these have
  std::vector<ModuleId> modules;       // that these are; set by the resolver
  std::vector<ModuleId> asked_first;   // or something for names of these; set by the resolver
  std::vector<NameId> packages;        // and submodules of these: "__name__" is its own, "pkg."
  std::vector<ModuleId> folders;       // that these are; set by the resolver
  std::vector<NameId> behind; // `globals().get(f"_OLD_{name}")`: and what the module has with this
                              // in front
  // Decorators that make the hook of a class: exact only if each MakesHookOfTable.
  std::vector<ExprId> makers;

  // Whether there is nothing that is served but `entries`.
  bool IsList() const {
    return exact && prefixes.empty() && delegates.empty() && packages.empty() && behind.empty();
  }
};

// Tables that the hook asks for and that it cannot read: given the table and the statement that
// asks, whether somebody else knows all that is in it.
using OtherTables = llvm::function_ref<bool(ExprId table, uint32_t statement)>;

enum class HookIs : uint8_t {
  Defined, // a function or method, whatever its name, or a class that decorators make a function of
  Made,    // the function `__getattr__` that this function defines and returns
};

// What the hook whose definition stands at `statement` serves.
LazyNames ReadLazyNames(const Scanned &scanned, FileId file, uint32_t statement,
                        HookIs hook = HookIs::Defined, OtherTables others = nullptr);

// Whether the function at `statement` turns a class into a hook that serves what the class binds,
// and nothing else:
//
//     def hook_of(cls):
//         props = {name: prop for name, prop in vars(cls).items() if ...}
//         def __getattr__(name):
//             if name in props: ...
//             raise AttributeError(...)
bool MakesHookOfTable(const Scanned &scanned, FileId file, uint32_t statement);

} // namespace pydefrag
