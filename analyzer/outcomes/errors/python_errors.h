// The grammar of what CPython (3.8 to 3.15) and pytest say when something fails: which rule wrote a
// message and which module, name or argument it speaks of. Entry point: ClassifyError. Tracebacks
// are traceback.h's business.
#pragma once

#include "outcomes/outcome.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>

namespace pydefrag {

enum class ErrorRule : uint8_t {
  None,
  // imports
  ImportName,          // cannot import name 'name' from 'module' (path)
  ImportCycle,         // ... from partially initialized module 'module'
  ImportShadow,        // ... (consider renaming 'path' ...)
  RelativeNoParent,    // attempted relative import with no known parent package
  RelativeBeyondTop,   // attempted relative import beyond top-level package
  ModuleNotFound,      // No module named 'module'(; 'subject' is not a package)
  StdlibModuleMissing, // Standard library module 'module' was not found
  ModuleHalted,        // import of module halted; None in sys.modules
  PluginImport,        // Error importing plugin "name": ... 'module'
  // attributes
  ModuleAttribute,    // module 'module' has no attribute 'name'
  PartialAttribute,   // partially initialized module 'module' has no attribute 'name'
  SubmoduleAttribute, // cannot access submodule 'name' of module 'module'
  ObjectAttribute,    // 'subject' object has no attribute 'name'
  ClassAttribute,     // type object 'subject' has no attribute 'name'
  BareAttribute,      // AttributeError: name
  // calls
  UnexpectedKeyword, // subject() got an unexpected keyword argument 'name'
  MissingArguments,  // subject() missing `count` required ... arguments: names
  TooManyArguments,  // subject() takes ... positional arguments but `count` were given
  RepeatedArgument,  // subject() got multiple values for argument 'name'
  PositionalOnly,    // subject() got some positional-only arguments passed as keyword arguments
  ExactArguments,    // subject() takes exactly one argument (`count` given)
  NoKeywords,        // subject() takes no keyword arguments
  NoArguments,       // subject() takes no arguments
  AbstractClass,     // Can't instantiate abstract class subject ... names
  ModuleCalled,      // 'module' object is not callable
  BadIsinstance,     // isinstance() arg 2 must be a type...
  MetaclassConflict,
  NoMro, // Cannot create a consistent method resolution order
  // other
  UndefinedName,   // name 'name' is not defined
  EnumValue,       // ... is not a valid subject
  Validation,      // `count` validation errors for subject
  NeverAwaited,    // coroutine 'subject' was never awaited
  FixtureNotFound, // fixture 'name' not found
  DidNotRaise,     // DID NOT RAISE subject
  DidNotWarn,      // DID NOT WARN
  StrictXPass,     // [XPASS(strict)] ...
  WorkerCrash,     // worker 'gw0' crashed while running 'subject'
};
constexpr size_t kErrorRules = static_cast<size_t>(ErrorRule::WorkerCrash) + 1;

// Every text points into what ClassifyError was given.
struct PythonError {
  ErrorRule rule = ErrorRule::None;
  llvm::StringRef name;
  llvm::StringRef module;
  llvm::StringRef path;                        // of the module, where the message has it
  llvm::StringRef subject;                     // the class, function or package spoken of
  llvm::StringRef suggestion;                  // "Did you mean"
  llvm::SmallVector<llvm::StringRef, 2> names; // arguments, abstract methods
  uint32_t count = 0;
  bool shadows_stdlib = false; // ImportShadow, ModuleAttribute: of the standard library's module
};

// `type` may be qualified or empty; `message` may have several lines.
PythonError ClassifyError(llvm::StringRef type, llvm::StringRef message);
inline PythonError ClassifyError(const ErrorSegment &segment) {
  return ClassifyError(segment.type, segment.message);
}

// Whether `rule` says that an import, or an attribute that an import should have brought, is
// absent.
bool IsImportRule(ErrorRule rule);
// The first segment, from the root outwards, that an import rule wrote; else null.
const ErrorSegment *FirstImportError(const ErrorChain &chain);

// "ImportError: no" -> {"ImportError", "no"}; "KeyError" -> {"KeyError", ""}; "they differ" ->
// {"", "they differ"}. Only a dotted name in front of the first colon is a type.
struct TypedMessage {
  llvm::StringRef type;
  llvm::StringRef message;
};
TypedMessage SplitTyped(llvm::StringRef text);

// The last part of a qualified type: "pytest.Foo" -> "Foo".
llvm::StringRef BareType(llvm::StringRef type);

// "import-name", "module-not-found"...: used in keys, never changed.
const char *ErrorRuleName(ErrorRule rule);

} // namespace pydefrag
