#include "driver/run.h"

#include "llvm/Support/raw_ostream.h"

int main(int argc, char **argv) {
  const std::unique_ptr<pydefrag::Disk> disk = pydefrag::MakeRealDisk();
  const pydefrag::Environment env = pydefrag::MakeRealEnvironment(*disk);
  const llvm::SmallVector<const char *, 16> args(argv + 1, argv + argc);
  const int status = pydefrag::RunMain(args, env);
  llvm::outs().flush();
  llvm::outs().clear_error(); // a reader that has seen enough (`| head`) is no error of ours
  return status;
}
