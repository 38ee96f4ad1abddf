#include "base/parallel.h"

#include "llvm/Support/Threading.h"
#include "llvm/Support/thread.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <vector>

namespace pydefrag {

unsigned EffectiveJobs(unsigned jobs) {
  return llvm::hardware_concurrency(jobs).compute_thread_count();
}

void ParallelForWorkers(size_t count, unsigned jobs, size_t grain,
                        llvm::function_ref<void(unsigned worker, size_t index)> work) {
  const unsigned threads =
      static_cast<unsigned>(std::min<size_t>(jobs == 0 ? EffectiveJobs(0) : jobs, count));
  if (threads <= 1) {
    for (size_t i = 0; i < count; ++i) {
      work(0, i);
    }
    return;
  }
  std::atomic<size_t> next{0};
  const size_t chunk = std::max<size_t>(grain, 1);
  auto run = [&](unsigned worker) {
    for (size_t begin = next.fetch_add(chunk); begin < count; begin = next.fetch_add(chunk)) {
      for (size_t i = begin, end = std::min(begin + chunk, count); i < end; ++i) {
        work(worker, i);
      }
    }
  };
  // --jobs 8 means 8 threads even on two processors. No pool: a run has few such loops, and a
  // thread starts in less time than a pool's queue takes.
  std::vector<llvm::thread> helpers;
  for (unsigned worker = 1; worker < threads; ++worker) {
    helpers.emplace_back(run, worker);
  }
  run(0);
  for (llvm::thread &helper : helpers) {
    helper.join();
  }
}

void ParallelFor(size_t count, unsigned jobs, size_t grain,
                 llvm::function_ref<void(size_t index)> work) {
  ParallelForWorkers(count, jobs, grain, [&](unsigned, size_t index) { work(index); });
}

void TouchPages(void *begin, size_t bytes, unsigned jobs) {
  constexpr size_t kPage = 4096;
  constexpr size_t kGrain = 64;
  if (bytes < 4 * kGrain * kPage) {
    return; // a thread takes longer to start
  }
  auto *const at = static_cast<volatile char *>(begin);
  ParallelFor(bytes / kPage, jobs, kGrain, [&](size_t page) { at[page * kPage] = 0; });
}

void RunBeside(unsigned jobs, llvm::function_ref<void()> work, llvm::function_ref<void()> other) {
  if (EffectiveJobs(jobs) == 1) {
    work();
    other();
    return;
  }
  llvm::thread beside([other] { other(); });
  work();
  beside.join();
}

void Background::Start(std::function<void()> work) {
  IsDone(-1);
  work_ = std::async(std::launch::async, std::move(work));
}

bool Background::IsDone(int milliseconds) {
  if (!work_.valid()) {
    return true;
  }
  if (milliseconds < 0) {
    work_.wait();
    return true;
  }
  return work_.wait_for(std::chrono::milliseconds(milliseconds)) == std::future_status::ready;
}

void RunWithStack(unsigned bytes, llvm::function_ref<void()> work) {
  llvm::thread worker(std::optional<unsigned>(bytes), [work] { work(); });
  worker.join();
}

} // namespace pydefrag
