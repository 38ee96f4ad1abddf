// The machine's streams, clock, variables and files.
#include "driver/environment.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Process.h"

#include <cerrno>
#include <chrono>
#include <ctime>
#include <poll.h>
#include <thread>
#include <unistd.h>

namespace pydefrag {

static double Seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

// What is in memory of the process, where the system tells it as Linux does.
static size_t Memory() {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> text =
      llvm::MemoryBuffer::getFileAsStream("/proc/self/statm");
  size_t pages = 0;
  if (!text || (*text)->getBuffer().split(' ').second.split(' ').first.getAsInteger(10, pages)) {
    return 0;
  }
  return pages * llvm::sys::Process::getPageSizeEstimate();
}

static std::optional<std::string> Variable(llvm::StringRef name) {
  return llvm::sys::Process::GetEnv(name);
}

static std::string ReadStdin() {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = llvm::MemoryBuffer::getSTDIN();
  return buffer ? (*buffer)->getBuffer().str() : "";
}

static std::optional<std::string> ReadBytes(int milliseconds) {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  const int ready = ::poll(&input, 1, milliseconds);
  if (ready == 0 || (ready < 0 && errno == EINTR)) {
    return "";
  }
  std::string bytes(size_t{1} << 16, '\0');
  const ssize_t count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  if (count <= 0) {
    return std::nullopt;
  }
  bytes.resize(static_cast<size_t>(count));
  return bytes;
}

// Where to write, and with which mode: of a file that exists, through links, its own; one that may
// not be written is not replaced either.
static std::error_code FindTarget(llvm::StringRef path, llvm::SmallVectorImpl<char> &target,
                                  std::optional<llvm::sys::fs::perms> &mode) {
  namespace fs = llvm::sys::fs;
  fs::file_status status;
  if (fs::status(path, status)) {
    target.assign(path.begin(), path.end());
    return {}; // a new file
  }
  mode = status.permissions();
  if (std::error_code error = fs::access(path, fs::AccessMode::Write)) {
    return error;
  }
  return fs::real_path(path, target);
}

// A device or a pipe: written to, never replaced by a file (`-o /dev/null`).
static bool IsNoPlainFile(llvm::StringRef path) {
  llvm::sys::fs::file_status status;
  return !llvm::sys::fs::status(path, status) &&
         status.type() != llvm::sys::fs::file_type::regular_file &&
         status.type() != llvm::sys::fs::file_type::directory_file;
}

// Into a temporary file beside `path`, which then takes its name.
static std::error_code StreamFile(llvm::StringRef where,
                                  llvm::function_ref<void(llvm::raw_ostream &)> write) {
  llvm::SmallString<256> path;
  std::optional<llvm::sys::fs::perms> mode;
  if (std::error_code error = FindTarget(where, path, mode)) {
    return error;
  }
  if (IsNoPlainFile(path)) {
    std::error_code error;
    llvm::raw_fd_ostream stream(path, error);
    if (!error) {
      write(stream);
      stream.close();
      error = stream.error();
      stream.clear_error();
    }
    return error;
  }
  int descriptor = -1;
  llvm::SmallString<256> temporary;
  if (std::error_code error = llvm::sys::fs::createUniqueFile(
          llvm::Twine(path) + ".%%%%%%.tmp", descriptor, temporary, llvm::sys::fs::OF_None,
          llvm::sys::fs::all_read | llvm::sys::fs::owner_write)) {
    return error;
  }
  llvm::raw_fd_ostream stream(descriptor, true);
  write(stream);
  stream.close();
  std::error_code error = stream.error();
  stream.clear_error();
  if (!error && mode) {
    error = llvm::sys::fs::setPermissions(temporary, *mode);
  }
  if (!error) {
    error = llvm::sys::fs::rename(temporary, path);
  }
  if (error) { // it is the one to tell, whatever removing says
    llvm::consumeError(llvm::errorCodeToError(llvm::sys::fs::remove(temporary)));
  }
  return error;
}

static std::error_code WriteFile(llvm::StringRef where, llvm::StringRef content) {
  return StreamFile(where, [&](llvm::raw_ostream &stream) { stream << content; });
}

static uint64_t Stamp(llvm::StringRef path) {
  llvm::sys::fs::file_status status;
  if (llvm::sys::fs::status(path, status)) {
    return 0;
  }
  const auto time = status.getLastModificationTime().time_since_epoch();
  return static_cast<uint64_t>(time.count()) * 31 + status.getSize() + 1;
}

static bool Sleep(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  return true;
}

static std::string Today() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

Environment MakeRealEnvironment(const Disk &disk) {
  llvm::SmallString<256> cwd;
  if (llvm::sys::fs::current_path(cwd)) {
    cwd.clear(); // the folder is gone: nothing is found in it
  }
  return {.disk = &disk,
          .out = &llvm::outs(),
          .err = &llvm::errs(),
          .cwd = cwd.str().str(),
          .variable = Variable,
          .seconds = Seconds,
          .today = Today,
          .memory = Memory,
          .read_stdin = ReadStdin,
          .read_bytes = ReadBytes,
          .write_file = WriteFile,
          .stream_file = StreamFile,
          .stamp = Stamp,
          .sleep = Sleep,
          .run = RunProcess,
          .columns = llvm::sys::Process::StandardOutColumns(),
          .ends_with_command = true,
          .out_is_terminal = llvm::sys::Process::StandardOutIsDisplayed(),
          .err_is_terminal = llvm::sys::Process::StandardErrIsDisplayed()};
}

} // namespace pydefrag
