#include "driver/progress.h"

namespace pydefrag {

void Progress::Update(size_t done, size_t total) {
  if (use_ == ProgressUse::Off || busy_.test_and_set(std::memory_order_acquire)) {
    return;
  }
  const double now = env_.seconds();
  if (now >= next_) {
    next_ = now + kInterval;
    written_ = true;
    *env_.err << "\rscanning " << done << " of " << total << " files";
    env_.err->flush();
  }
  busy_.clear(std::memory_order_release);
}

Progress::~Progress() {
  if (written_) {
    *env_.err << "\r\x1b[K";
    env_.err->flush();
  }
}

} // namespace pydefrag
