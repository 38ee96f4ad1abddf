#include "driver/run.h"

#include "llvm/Support/raw_ostream.h"

#include <system_error>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

// A run takes memory and ends: what glibc gives back in between, it has to ask for again, and each
// page anew costs more than all that is done with it.
static void KeepMemory() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 1 << 20);
#endif
}

int main(int argc, char **argv) {
  KeepMemory();
  const std::unique_ptr<pydefrag::Disk> disk = pydefrag::MakeRealDisk();
  const pydefrag::Environment env = pydefrag::MakeRealEnvironment(*disk);
  const llvm::SmallVector<const char *, 16> args(argv + 1, argv + argc);
  const int status = pydefrag::RunMain(args, env);
  llvm::outs().flush();
  const std::error_code error = llvm::outs().error();
  llvm::outs().clear_error();
  // A reader that has seen enough (`| head`) is no error of ours; a full disk is.
  if (error && error != std::errc::broken_pipe) {
    llvm::errs() << "error: cannot write standard output: " << error.message() << '\n';
    return 2;
  }
  return status;
}
