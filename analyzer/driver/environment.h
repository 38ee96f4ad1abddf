// Everything outside the process that the driver may touch, handed in so that tests run in memory.
#pragma once

#include "source/disk.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

#include <functional>
#include <optional>
#include <string>
#include <system_error>

namespace pydefrag {

struct Environment {
  const Disk *disk = nullptr;
  llvm::raw_ostream *out = nullptr;
  llvm::raw_ostream *err = nullptr;
  std::string cwd; // absolute, with `/`
  std::function<std::optional<std::string>(llvm::StringRef name)> variable;
  std::function<double()> seconds; // from a clock that only goes forward
  std::function<std::string()> read_stdin;
  // Writes a file whole or not at all.
  std::function<std::error_code(llvm::StringRef path, llvm::StringRef content)> write_file;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
};

// The machine's. `disk` must outlive the result.
Environment MakeRealEnvironment(const Disk &disk);

} // namespace pydefrag
