// Lazy names: what a module serves through `__getattr__` or a lazy loader it knows (PEP 562 and the
// loaders of semantics B21-B22), as far as its code tells exactly.
#pragma once

#include "link/syntax_view.h"

#include <string>
#include <vector>

namespace pydefrag {

struct LazyEntry {
  NameId name;
  NameId source_name;            // imported by `source_statement` under this name; may be invalid
  uint32_t source_statement = 0; // the from-import in the branch; meaningful with `source_name`
  uint32_t statement = 0;        // the branch that serves it
  bool warns = false;            // its branch warns of deprecation
  std::string message;           // of that warning, as far as it is literal
};

struct LazyNames {
  bool present = false; // there is such a mechanism
  bool exact = false;   // `entries` are all names it serves
  std::vector<LazyEntry> entries;
  // Decorators that make the hook of a class: exact only if each MakesHookOfTable.
  std::vector<ExprId> makers;
};

LazyNames ReadLazyNames(const Scanned &scanned, FileId file);

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
