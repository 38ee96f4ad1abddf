// Runs a program. Through temporary files, as LLVM offers it: a program that writes while it is
// still being written to cannot block us.
#include "driver/environment.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

#include <array>

namespace pydefrag {

static std::error_code WriteTo(llvm::StringRef path, llvm::StringRef text) {
  std::error_code error;
  llvm::raw_fd_ostream stream(path, error);
  if (!error) {
    stream << text;
    stream.close();
    error = stream.error();
    stream.clear_error();
  }
  return error;
}

static std::string ContentOf(llvm::StringRef path) {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = llvm::MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().str() : "";
}

llvm::Expected<ProcessResult> RunProcess(llvm::ArrayRef<std::string> command,
                                         llvm::StringRef input) {
  llvm::ErrorOr<std::string> program = llvm::sys::findProgramByName(command.front());
  if (!program) {
    return llvm::createStringError("cannot run `" + command.front() +
                                   "`: " + program.getError().message());
  }
  std::array<llvm::SmallString<128>, 3> files; // standard input, output and error
  auto remove_them = llvm::make_scope_exit([&] {
    for (const llvm::SmallString<128> &file : files) {
      llvm::consumeError(llvm::errorCodeToError(llvm::sys::fs::remove(file))); // of no consequence
    }
  });
  for (llvm::SmallString<128> &file : files) {
    if (std::error_code error = llvm::sys::fs::createTemporaryFile("pydefrag", "", file)) {
      return llvm::createStringError("no temporary file: " + error.message());
    }
  }
  if (std::error_code error = WriteTo(files[0], input)) {
    return llvm::createStringError("no temporary file: " + error.message());
  }
  const llvm::SmallVector<llvm::StringRef, 16> words(command.begin(), command.end());
  const std::optional<llvm::StringRef> redirects[] = {files[0], files[1], files[2]};
  std::string message;
  ProcessResult result;
  result.status =
      llvm::sys::ExecuteAndWait(*program, words, std::nullopt, redirects, 0, 0, &message);
  if (result.status < 0) {
    return llvm::createStringError("cannot run `" + command.front() + "`: " + message);
  }
  result.out = ContentOf(files[1]);
  result.err = ContentOf(files[2]);
  return result;
}

} // namespace pydefrag
