// Everything outside the process that the driver may touch, handed in so that tests run in memory.
#pragma once

#include "source/disk.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <functional>
#include <optional>
#include <string>
#include <system_error>

namespace pydefrag {

struct ProcessResult {
  int status = 0;
  std::string out, err;
};

struct Environment {
  const Disk *disk = nullptr;
  llvm::raw_ostream *out = nullptr;
  llvm::raw_ostream *err = nullptr;
  std::string cwd; // absolute, with `/`
  std::function<std::optional<std::string>(llvm::StringRef name)> variable;
  std::function<double()> seconds;    // from a clock that only goes forward
  std::function<std::string()> today; // "2026-11-28", in UTC; none: plans never expire
  std::function<size_t()> memory{};   // bytes that the process holds; empty: nobody knows
  std::function<std::string()> read_stdin;
  // Bytes of standard input as soon as there are any: "" when `milliseconds` (-1: for ever) have
  // passed without one, nothing at its end.
  std::function<std::optional<std::string>(int milliseconds)> read_bytes;
  // Writes a file whole or not at all.
  std::function<std::error_code(llvm::StringRef path, llvm::StringRef content)> write_file;
  // The same for what `write` puts into the stream, without holding it all. Where it is empty,
  // write_file does.
  std::function<std::error_code(llvm::StringRef path,
                                llvm::function_ref<void(llvm::raw_ostream &)> write)>
      stream_file;
  // Changes when the file or folder does; 0 when there is none.
  std::function<uint64_t(llvm::StringRef path)> stamp;
  // Waits. False: it is time to end.
  std::function<bool(double seconds)> sleep;
  // Runs a program that is found on PATH, and waits for it. Fails when it cannot be started. Empty
  // where there are no programs to run.
  std::function<llvm::Expected<ProcessResult>(llvm::ArrayRef<std::string> command,
                                              llvm::StringRef input)>
      run;
  uint32_t columns = 0; // of the terminal that standard output is; 0: not known
  // The process ends with the command: what it analysed may stay in memory, since giving it back
  // piece by piece takes longer than ending.
  bool ends_with_command = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
};

// Environment::run on this machine. Input and output go through temporary files.
llvm::Expected<ProcessResult> RunProcess(llvm::ArrayRef<std::string> command,
                                         llvm::StringRef input);

// The machine's. `disk` must outlive the result.
Environment MakeRealEnvironment(const Disk &disk);

} // namespace pydefrag
