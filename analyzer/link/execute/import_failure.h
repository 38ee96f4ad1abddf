// Import failure: an exception that a module's code raises while it is executed on paper, and which
// `except` catches it. Entry point: Catches.
#pragma once

#include "link/names/conditions.h"
#include "link/syntax_view.h"
#include "source/span.h"

#include <string>
#include <vector>

namespace pydefrag {

enum class ExceptionKind : uint8_t { NoModule, NoName, BeyondTop, Attribute, Syntax, Raised, Exit };

struct Failure {
  ExceptionKind kind = ExceptionKind::NoModule;
  bool circular = false;
  bool of_run = false;         // hangs on what other modules of the cycle have bound
  std::string name;            // Raised: the exception's name as written, its last part
  std::string reason;          // CPython's words
  std::vector<Location> chain; // innermost first while it is built
  ModuleId needs;              // works once somebody else has imported this submodule
  std::vector<ModuleId> left;  // modules that it loaded on the way: they stay in sys.modules
};

// Whether `except types:` catches the failure; unknown when it names a type nobody knows. An
// invalid `types` is a bare `except:`.
Tri Catches(const SyntaxView &view, ExprId types, const Failure &failure);

// Whether it catches an import that may fail in a way that is not known: only what catches every
// ImportError does.
bool CatchesImportErrors(const SyntaxView &view, ExprId types);

} // namespace pydefrag
