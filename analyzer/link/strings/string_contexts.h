// StringContexts: the calls and the module-level names whose strings name modules, classes or
// attributes. A table: a new context is a line of it. Nothing outside these contexts is ever taken
// for a path (semantics.md section 7, Y11).
#pragma once

#include "link/strings/target_lookup.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace pydefrag {

// Where in a call the string stands.
enum class StringPlace : uint8_t {
  Argument,      // f("a.b")
  Items,         // f(["a.b", "c.d"]), f(("a.b",))
  ObjectAndName, // f(module_or_class, "name")
  Keywords,      // f("a.b", name=..., other=...): the keywords name attributes
  PairWithKey,   // f("KEY", "a.b") for one certain key
};

struct CallContext {
  llvm::StringLiteral callee; // qualified: "unittest.mock.patch"
  llvm::StringLiteral shown;  // in messages: "mock.patch"
  TargetForm form = TargetForm::Module;
  StringPlace place = StringPlace::Argument;
  uint8_t argument = 0;        // position; of the object for ObjectAndName
  llvm::StringLiteral keyword; // the same argument by name; may be empty
  llvm::StringLiteral lenient; // a keyword whose value may lift the demand; may be empty
  llvm::StringLiteral key;     // PairWithKey
  bool lenient_value = false;  // the value of `lenient` that lifts it
};

// By the qualified name of what is called; empty when it is no context.
llvm::ArrayRef<CallContext> CallContextsOf(llvm::StringRef callee);

// Whether some context's callee ends in this name.
bool MayBeStringContext(llvm::StringRef last_name);

} // namespace pydefrag
