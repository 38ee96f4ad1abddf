#include "base/parallel.h"

#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/Threading.h"
#include "llvm/Support/thread.h"

#include <algorithm>
#include <atomic>
#include <optional>

namespace pydefrag {

unsigned EffectiveJobs(unsigned jobs) {
  return llvm::hardware_concurrency(jobs).compute_thread_count();
}

void ParallelFor(size_t count, unsigned jobs, size_t grain,
                 llvm::function_ref<void(size_t index)> work) {
  const unsigned threads =
      static_cast<unsigned>(std::min<size_t>(jobs == 0 ? EffectiveJobs(0) : jobs, count));
  if (threads <= 1) {
    for (size_t i = 0; i < count; ++i) {
      work(i);
    }
    return;
  }
  std::atomic<size_t> next{0};
  const size_t chunk = std::max<size_t>(grain, 1);
  auto run = [&] {
    for (size_t begin = next.fetch_add(chunk); begin < count; begin = next.fetch_add(chunk)) {
      for (size_t i = begin, end = std::min(begin + chunk, count); i < end; ++i) {
        work(i);
      }
    }
  };
  // ThreadsRequested is taken as it is: --jobs 8 means 8 threads even on two processors.
  llvm::ThreadPoolStrategy strategy;
  strategy.ThreadsRequested = threads - 1;
  llvm::DefaultThreadPool pool(strategy);
  for (unsigned t = 1; t < threads; ++t) {
    pool.async(run);
  }
  run();
  pool.wait();
}

void RunWithStack(unsigned bytes, llvm::function_ref<void()> work) {
  llvm::thread worker(std::optional<unsigned>(bytes), [work] { work(); });
  worker.join();
}

} // namespace pydefrag
