// A .pycase file: one small Python project with what pydefrag should say about it. Entry point:
// ParsePyCase. Running a case is case_runner.h's work.
//
//   # Two modules re-export one class; a third file takes the long way round.
//   # ARGS: check --select DFG101
//   # --- shop/cart.py
//   class Cart: ...
//   # --- till.py
//   from shop.api import Cart
//   #                    ^^^^ expect: DFG101 "canonical path is `shop.cart`"
//
// Expectations are comments and stay in the files, so lines are those one reads.
// docs/adding-a-rule.md describes the whole format.
#pragma once

#include "source/disk.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pydefrag {

struct Columns { // 1-based, in characters, half open
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct CaseExpectation {
  enum Kind : uint8_t { Finding, Label } kind = Finding;
  std::string path;               // in the case's project
  uint32_t line = 0;              // 1-based; 0: anywhere in the file
  std::optional<Columns> columns; // of a caret row
  std::string code;               // Finding
  std::string text;               // a part of the message, help or fix title; may be empty
  uint32_t row = 0;               // 1-based line in the .pycase, for failure messages
};

struct CaseGolden {
  std::string name; // what stands after `EXPECT:`, e.g. "report.txt"
  std::string content;
};

struct PyCase {
  std::string title;
  std::vector<std::string> args; // default: check
  std::optional<int> exit_status;
  std::vector<MemoryFile> files;
  std::vector<CaseExpectation> expectations;
  std::vector<CaseGolden> goldens;
};

llvm::Expected<PyCase> ParsePyCase(llvm::StringRef text);

// `text` with the content of its golden splits replaced; the rest stays byte for byte.
std::string WithGoldens(llvm::StringRef text, llvm::ArrayRef<CaseGolden> goldens);

} // namespace pydefrag
