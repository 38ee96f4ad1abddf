#include "base/check.h"

#include "llvm/Support/raw_ostream.h"

#include <cstdlib>

namespace pydefrag {

static thread_local llvm::StringRef working_on;

WorkingOn::WorkingOn(llvm::StringRef path) : previous_(working_on) {
  working_on = path;
}
WorkingOn::~WorkingOn() {
  working_on = previous_;
}

void CheckFailed(const char *condition, const char *file, int line) {
  llvm::errs() << "pydefrag: internal error: `" << condition << "` does not hold (" << file << ":"
               << line << ")";
  if (!working_on.empty()) {
    llvm::errs() << " while working on " << working_on;
  }
  llvm::errs() << "\nthis is a bug in pydefrag, not in your code\n";
  std::abort();
}

} // namespace pydefrag
