// One line on a terminal that says how far the scan is, written only when it takes long, and taken
// away at the end. Update may be called from several threads.
#pragma once

#include "driver/environment.h"

#include <atomic>

namespace pydefrag {

enum class ProgressUse : uint8_t { Off, On };

class Progress {
public:
  Progress(const Environment &env, ProgressUse use)
      : env_(env), use_(use), next_(use == ProgressUse::On ? env.seconds() + kDelay : 0) {}
  ~Progress();
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;

  void Update(size_t done, size_t total);

private:
  static constexpr double kDelay = 0.5;    // seconds before the first line
  static constexpr double kInterval = 0.1; // and between two

  const Environment &env_;
  ProgressUse use_;
  double next_ = 0;         // when to write next; guarded by busy_
  bool written_ = false;    // guarded by busy_
  std::atomic_flag busy_{}; // a thread is writing: the others go on with their work
};

} // namespace pydefrag
