// Values of what conditions ask about: the interpreter's own constants, and how values compare.
// What a fold does not know is an Unknown value, never a guess.
#pragma once

#include "link/names/conditions.h"

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace pydefrag {

struct Value {
  enum Kind : uint8_t { Unknown, Bool, Int, Text, Tuple, None } kind = Unknown;
  int64_t number = 0;
  llvm::StringRef text;
  std::vector<int64_t> items; // Tuple of integers
};

Value ValueOf(Tri truth);
// Unknown for an empty text, which stands for what is not known.
Value ValueOf(llvm::StringRef text);
// `sys.version_info`, whose last parts nobody knows.
Value VersionInfo(int minor);

Tri TruthOf(const Value &value);

// The truth of `a op b`; in and not in are Unknown.
Tri Compare(Op op, const Value &a, const Value &b);

// What CPython's minor version binds `dotted` to: `sys.hexversion`, `os.name`, `__debug__`; nothing
// for other names.
std::optional<Value> InterpreterConstant(llvm::StringRef dotted, int minor, Platforms platforms);

// Whether CPython on Linux is built with the module (`sys.builtin_module_names`).
Tri IsBuiltInModule(llvm::StringRef module);

} // namespace pydefrag
