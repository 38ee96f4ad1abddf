// PD_CHECK(condition): an invariant of ours that must hold. When it does not, the process prints
// the condition, where it stands and the file in work, and aborts. Never used for bad user input.
#pragma once

#include "llvm/ADT/StringRef.h"

namespace pydefrag {

[[noreturn]] void CheckFailed(const char *condition, const char *file, int line);

// Names the user's file that this thread works on, for CheckFailed. The text must outlive the
// scope.
class WorkingOn {
public:
  explicit WorkingOn(llvm::StringRef path);
  ~WorkingOn();
  WorkingOn(const WorkingOn &) = delete;
  WorkingOn &operator=(const WorkingOn &) = delete;

private:
  llvm::StringRef previous_;
};

} // namespace pydefrag

#define PD_CHECK(condition)                                                                        \
  ((condition) ? static_cast<void>(0) : ::pydefrag::CheckFailed(#condition, __FILE__, __LINE__))
