// ParallelFor: the only place where threads start. Work items write to their own slot of a result
// that was sized beforehand, so results do not depend on the number of jobs.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstddef>
#include <functional>
#include <future>
#include <vector>

namespace pydefrag {

// Calls `work(i)` once for each i in [0, count), on at most `jobs` threads (0: one per processor
// that this process may use). Items are handed out in chunks of `grain`, in order. Returns when all
// are done. `work` must not throw.
void ParallelFor(size_t count, unsigned jobs, size_t grain,
                 llvm::function_ref<void(size_t index)> work);

// The same, and tells which of the threads asks: a number below EffectiveJobs(jobs). For buffers
// that a thread keeps from one item to the next.
void ParallelForWorkers(size_t count, unsigned jobs, size_t grain,
                        llvm::function_ref<void(unsigned worker, size_t index)> work);

// Writes to each page of new memory on all threads, so that whoever fills it in turn does not wait
// for the kernel page by page. What it holds is lost.
void TouchPages(void *begin, size_t bytes, unsigned jobs);

// Room for `count` elements of a vector that is empty, with its pages touched.
template <typename T> void ReserveTouched(std::vector<T> &items, size_t count, unsigned jobs) {
  if (items.empty() && items.capacity() < count) {
    items.reserve(count);
    TouchPages(items.data(), count * sizeof(T), jobs);
  }
}

// Runs both and waits: with several jobs the second one on a thread of its own.
void RunBeside(unsigned jobs, llvm::function_ref<void()> work, llvm::function_ref<void()> other);

// Runs `work` on a thread whose stack has `bytes` (only what is used of it takes memory), and
// waits.
void RunWithStack(unsigned bytes, llvm::function_ref<void()> work);

// One piece of work beside the caller, on a thread of its own. The end of its life waits for it.
class Background {
public:
  // Waits for what was started before.
  void Start(std::function<void()> work);
  // Whether nothing is under way any more; waits for that, at most so long (-1: for ever).
  bool IsDone(int milliseconds);

private:
  std::future<void> work_;
};

// The number of threads that `jobs` stands for; at least 1.
unsigned EffectiveJobs(unsigned jobs);

} // namespace pydefrag
